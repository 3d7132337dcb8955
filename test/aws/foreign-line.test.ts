import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { foreignLine } from '../../source/aws/foreign-line.ts';
import '../seed.ts';

const property = { numRuns: 2000 };

/** What programs write to standard error when they give no credentials, and what of it is shown. */
const cases: readonly (readonly [written: string, shown: string])[] = [
  ['vault: sealed\n', 'vault: sealed'],
  ['\u001B[1;31merror:\u001B[0m no\tsession\r\n\r\nTry \u202Elogin\n', 'error: no session Try login'],
  ['Error loading SSO Token: Token for corp does not exist', 'Error loading SSO Token: Token for corp does not exist'],
  [
    'user: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b2c3d4e5f6071/me',
    'user: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b2c3d4e5f6071/me',
  ],
  [
    'open /home/me/.config/credential-helper/session.json: no such file',
    'open /home/me/.config/credential-helper/session.json: no such file',
  ],
  [
    'Visit https://device.sso.eu-west-1.amazonaws.com/ and enter ABCD-EFGH',
    'Visit https://device.sso.eu-west-1.amazonaws.com/ and enter ABCD-EFGH',
  ],
  [
    `open /home/${'aB1'.repeat(7)}/credential-helper-of-the-team/token`,
    'open /home/(hidden)/credential-helper-of-the-team/token',
  ],
  [
    `see arn:aws:iam::1:role/${'aB1'.repeat(7)}, not x-arn:${'aB1'.repeat(7)}`,
    `see arn:aws:iam::1:role/${'aB1'.repeat(7)}, not x-arn:(hidden)`,
  ],
  [`"arn:${'aB1'.repeat(7)}"`, `"arn:${'aB1'.repeat(7)}"`],
  // A name in capital letters with digits is no key.
  [`set ${'AB1'.repeat(8)} and ${'ab1'.repeat(8)}`, `set ${'AB1'.repeat(8)} and ${'ab1'.repeat(8)}`],
  ['password=hunter2 is wrong', 'password=(hidden) is wrong'],
  ['{"SecretAccessKey": "short", "Version": 1}', '{"SecretAccessKey": "(hidden)", "Version": 1}'],
  ['called with --token t0ps3cret now', 'called with --token (hidden) now'],
  ['secret=x passphrase=y pwd=z access_key=w', 'secret=(hidden) passphrase=(hidden) pwd=(hidden) access_key=(hidden)'],
  [`digest ${'1'.repeat(32)}, not ${'1'.repeat(31)}`, `digest (hidden), not ${'1'.repeat(31)}`],
  [`digest ${'A1'.repeat(16)}`, 'digest (hidden)'],
  [`letters ${'xY'.repeat(18)}, not ${'xY'.repeat(17)}`, `letters (hidden), not ${'xY'.repeat(17)}`],
  [`key ${'aB1'.repeat(6)}aB, not ${'aB1'.repeat(6)}a`, `key (hidden), not ${'aB1'.repeat(6)}a`],
];

test('what a program wrote is shown in one line without colours, controls and secrets', () => {
  for (const [written, shown] of cases) assert.equal(foreignLine(written), shown);
});

test('keys, tokens and digests are hidden wherever they stand', () => {
  const made = fc
    .tuple(fc.uint8Array({ minLength: 30, maxLength: 120 }), fc.constantFrom('base64', 'base64url', 'hex'))
    .map(([bytes, form]) => Buffer.from(bytes).toString(form as BufferEncoding));
  const before = fc.constantFrom('', 'key ', '"', "'", 'x: ', '(', 'https://example.com/?s=');
  fc.assert(
    fc.property(made, before, (secret, text) => {
      // A run that begins as a path is read as one: its names are judged one by one.
      fc.pre(!secret.startsWith('/'));
      const line = foreignLine(`${text}${secret} end`);
      for (let at = 0; at + 20 <= secret.length; at += 1) assert.ok(!line.includes(secret.slice(at, at + 20)), line);
    }),
    { ...property, unbiased: true },
  );
});

test('no text is shown longer than two hundred characters, and its end is kept', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const line = foreignLine(`${Buffer.from(bytes).toString('latin1')} the end`);
      assert.ok(line.length <= 204);
      assert.ok(line.endsWith('the end'));
      assert.doesNotMatch(line, /\p{Cc}/u);
    }),
    property,
  );
  const longest = `${'not in '.repeat(28)}time`;
  assert.deepEqual([longest, `x${longest}`].map(foreignLine), [longest, `... ${longest}`]);
  assert.match(foreignLine(`${'usage: x '.repeat(100_000)}x: not logged in`), /^\.\.\. .*x: not logged in$/);
});
