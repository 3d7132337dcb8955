import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { checkedEndpoint, withoutPassword } from '../../source/aws/endpoint-url.ts';
import { SettingsError } from '../../source/aws/settings-error.ts';
import { setNetwork } from './network-settings.ts';

for (const [given, used] of [
  ['https://me:s3cret@kms.example.com/path?a=1&b=2', 'https://kms.example.com/path?a=1&b=2'],
  ['http://me@127.0.0.1:4566', 'http://127.0.0.1:4566'],
  ['https://kms.example.com/a@b', 'https://kms.example.com/a@b'],
] as const)
  test(`${given} is used as ${used}`, () => assert.equal(checkedEndpoint(given), used));

test('the password of an address that cannot be used is not told either', () => {
  assert.equal(withoutPassword('htp://me:s3cret@x'), 'htp://x');
  assert.throws(
    () => checkedEndpoint('htp://me:s3cret@x'),
    (error) => error instanceof SettingsError && !/s3cret/.test(error.failure.why),
  );
});

test('a Region with characters of a shell is refused before anything is sent', async (t) => {
  setNetwork(t, { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text for a shell.
  for (const region of ['$(touch${IFS}x)', 'us-east-1/../x', '']) {
    const opening = openClients({ credentials: { from: 'environment' }, region, onCall: () => {} });
    await assert.rejects(opening, SettingsError);
  }
});
