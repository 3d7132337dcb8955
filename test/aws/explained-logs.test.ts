import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explained } from './explained.ts';

/* Logs with several errors: what is explained is the last one, and the others are named. */

const cli = (name: string, operation: string, sentence: string) =>
  `2026-11-26 12:00:00 ERROR An error occurred (${name}) when calling the ${operation} operation: ${sentence}\n`;
const disabled = cli('DisabledException', 'Encrypt', 'arn:aws:kms:us-east-1:111122223333:key/1 is disabled.');
const denied = cli('AccessDenied', 'PutObject', 'Access Denied');
const throttled = cli('ThrottlingException', 'DescribeKey', 'Rate exceeded');
const absent = cli('NoSuchBucket', 'HeadBucket', 'The specified bucket does not exist');
const noise = '2026-11-26 12:00:00 DEBUG retrying\n';

test('the last answer of a service in a log is explained, and those before it are named', async () => {
  const { shown, printed } = await explained(disabled + noise + denied + noise + throttled);
  assert.match(printed, /^ThrottlingException, from DescribeKey\n/);
  assert.match(
    shown,
    /Errors before this one, the last first - AccessDenied, from PutObject: .* - DisabledException, from Encrypt: /,
  );
  assert.match(shown, /give it alone: .*explain NAME $/);
});

test('three errors are named, and the rest are counted', async () => {
  const { printed } = await explained(absent + disabled + denied + throttled);
  assert.match(printed, /^ThrottlingException/);
  assert.equal(printed.match(/^ {2}- \w+, from /gm)?.length, 2);
  assert.match(printed, /and 1 more of other kinds/);
  assert.doesNotMatch(printed, /NoSuchBucket/);
});

test('an error that comes again is one, with the operation of its last time', async () => {
  const again = disabled.replace('Encrypt', 'Decrypt');
  const { printed } = await explained(disabled + throttled.repeat(3) + again);
  assert.match(printed, /^DisabledException, from Decrypt\n/);
  assert.equal(printed.match(/DisabledException/g)?.length, 1);
  assert.match(printed, /- ThrottlingException, from DescribeKey/);
});

test('no operation of another error is named with one that has none', async () => {
  const raw = '<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>\n';
  const { printed } = await explained(disabled + raw);
  assert.match(printed, /^NoSuchKey\n/);
});

test('a single error has no others, in whichever forms a tool repeats it', async () => {
  const terraform =
    'Error: creating KMS Key: operation error KMS: CreateKey, https response error StatusCode: 400, RequestID: 1, api error MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.\n';
  for (const text of [disabled, disabled + disabled, terraform, `${terraform}${noise}${terraform}`])
    assert.doesNotMatch((await explained(text)).printed, /before this one/);
});

test('a log of 3 MB with many different errors is explained at once', async () => {
  const lines = [disabled, denied, throttled, absent].map((line) => line + noise.repeat(5)).join('');
  const log = lines.repeat(Math.ceil(3_000_000 / lines.length));
  const begun = performance.now();
  const { printed } = await explained(log.replaceAll(/key\/1 /g, () => `key/${Math.random()} `));
  const taken = performance.now() - begun;
  assert.match(printed, /^NoSuchBucket, from HeadBucket\n/);
  assert.match(printed, /and 1 more of other kinds/);
  // It takes a fifth of a second. The bound is for a busy machine.
  assert.ok(taken < 5000, `${Math.round(taken)} ms`);
});

test('the words by which an error is found are not cut in the middle of a secret', async () => {
  const key = 'TtcgDLZaT9HNw7iJj4TBLP0mhdDZaPIki9e8CRwYtbHhMfcoURNE';
  const record = '{"eventName":"HeadObject","errorCode":"PermanentRedirect","errorMessage":"null"}';
  const { printed } = await explained(
    `${record} plain text key (${key}) Forbidden (Aws::KMS::Errors::InvalidGrantException)`,
  );
  assert.ok(!printed.includes(key.slice(0, 12)), printed);
});
