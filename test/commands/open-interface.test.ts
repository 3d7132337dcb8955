import assert from 'node:assert/strict';
import os from 'node:os';
import { test } from 'node:test';
import { openRedaction } from '../../source/commands/open-interface.ts';
import { replaceMembers } from '../replace-members.ts';

test('stand-ins work for an account without a name and without a home folder, as in some containers', async (t) => {
  const fail = () => assert.fail('uv_os_get_passwd returned ENOENT');
  replaceMembers(t, os, { homedir: fail, userInfo: fail });
  const redact = await openRedaction('/srv/acme');
  assert.doesNotMatch(redact('It is in /srv/acme/keys.'), /acme/);
  assert.doesNotMatch(redact(`Made by uid ${process.getuid?.()}.`), /uid/);
});
