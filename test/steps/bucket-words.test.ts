import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadDenial } from '../../source/aws/upload-denials.ts';
import { denialWords, mayDenyWords, wayOutWords } from '../../source/steps/bucket-words.ts';

const denial: UploadDenial = { sid: 'OnlyTheirs', isSure: true, wantedKeys: [], wantedEncryption: [] };
const arn = 'arn:aws:kms:us-east-1:000000000000:key/1';

test('a statement that denies uploads is told with its name, with what it wants, and with the way out', () => {
  const told = (more: Partial<UploadDenial>) => denialWords('b', { ...denial, ...more });
  assert.equal(told({}), 'The policy of b denies these uploads (statement "OnlyTheirs").');
  for (const sid of ['', undefined]) assert.match(told({ sid }), /\(a Deny statement without a Sid\)\.$/);
  assert.match(told({ wantedKeys: ['one', 'two'] }), /denies uploads under any other key than one or two \(/);
  assert.match(told({ wantedEncryption: ['AES256'] }), /denies uploads with any other encryption than AES256 \(/);
  // These uploads ask for that encryption: something else of the statement denies them.
  assert.match(told({ wantedEncryption: ['AES256', 'aws:kms'] }), /denies these uploads \(/);
  assert.match(mayDenyWords('b', denial), /may deny these uploads .*cannot judge all .* The upload will tell\.$/);
  assert.match(
    wayOutWords({ ...denial, wantedKeys: ['one'] }, arn),
    new RegExp(`^Have that statement name ${arn} as well`),
  );
  assert.match(
    wayOutWords({ ...denial, wantedKeys: ['one'] }, 'new'),
    /^Have that statement name the ARN of your key as well/,
  );
  assert.match(wayOutWords(denial, arn), /^Have that statement changed, /);
});
