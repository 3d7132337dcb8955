import assert from 'node:assert/strict';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import { test } from 'node:test';
import { openRedaction } from '../../source/commands/open-interface.ts';

test('stand-ins work for an account without a name and without a home folder, as in some containers', async (t) => {
  const { homedir, userInfo } = os;
  const fail = () => assert.fail('uv_os_get_passwd returned ENOENT');
  Object.assign(os, { homedir: fail, userInfo: fail });
  syncBuiltinESMExports();
  t.after(() => {
    Object.assign(os, { homedir, userInfo });
    syncBuiltinESMExports();
  });
  const redact = await openRedaction('/srv/acme');
  assert.doesNotMatch(redact('It is in /srv/acme/keys.'), /acme/);
  assert.doesNotMatch(redact(`Made by uid ${process.getuid?.()}.`), /uid/);
});
