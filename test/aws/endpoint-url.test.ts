import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { checkedEndpoint, withoutPassword } from '../../source/aws/endpoint-url.ts';
import { SettingsError } from '../../source/aws/settings-error.ts';
import { accessKeys, setNetwork } from './network-settings.ts';

for (const [given, used] of [
  ['https://me:s3cret@kms.example.com/path?a=1&b=2', 'https://kms.example.com/path?a=1&b=2'],
  ['http://me@127.0.0.1:4566', 'http://127.0.0.1:4566'],
  ['https://kms.example.com/a@b', 'https://kms.example.com/a@b'],
  ['https://kms.example.com/a//b@c', 'https://kms.example.com/a//b@c'],
  ['http://127.1.2.3:4566', 'http://127.1.2.3:4566'],
] as const)
  test(`${given} is used as ${used}`, () => assert.equal(checkedEndpoint(given), used));

test('the password of an address that cannot be used is not told either', () => {
  assert.equal(withoutPassword('htp://me:s3cret@x'), 'htp://x');
  assert.equal(withoutPassword('//me:s3cret@x'), '//x');
  for (const given of ['htp://me:s3cret@x', '//me:s3cret@x', 'xhttp://me:s3cret@x'])
    assert.throws(
      () => checkedEndpoint(given),
      (error) => error instanceof SettingsError && !/s3cret/.test(error.failure.why),
    );
});

test('plain HTTP goes to this machine alone, and not to a name that begins like its address', () => {
  for (const host of ['127.0.0.1.example.com', '128.0.0.1', 'kms.example.com', '10.0.0.1:4566'])
    assert.throws(
      () => checkedEndpoint(`http://me:s3cret@${host}`),
      (error) =>
        error instanceof SettingsError &&
        error.failure.why.startsWith(`The endpoint http://${host} is plain HTTP to another machine.`),
    );
  for (const host of ['localhost:4566', '[::1]:4566']) checkedEndpoint(`http://${host}`);
});

test('a Region with characters of a shell is refused before anything is sent', async (t) => {
  setNetwork(t, accessKeys);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text for a shell.
  const shell = '$(touch${IFS}x)';
  for (const region of [shell, `${shell}us-east-1`, 'us-east-1/../x', '../us-east-1', 'US-EAST-1', 'us-1', '']) {
    const opening = openClients({ credentials: { from: 'environment' }, region, onCall: () => {} });
    await assert.rejects(opening, SettingsError);
  }
});
