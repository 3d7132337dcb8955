import assert from 'node:assert/strict';
import { globSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readClaims } from './claims.ts';
import { newFolder } from './new-folder.ts';

/* Practice AWS says the words of AWS itself: `source/practice/unverified.ts` lists those that are not recorded. */
const files = globSync('source/**/*.ts').filter((path) => !path.startsWith('source/practice/'));

/** Sentences that look like claims and are none. `…` stands for a value. */
const noClaims = {
  'what AWS or the person has at this moment': [
    'Users and roles are not listed then, and your permissions not tested.',
    'The ARN that a key policy can name is not known: …',
    'KMS has all of its material',
    'material is gone',
    'KMS has all material.',
    'KMS has what it had before this import.',
    'KMS does not take the token for this key.',
    'Nothing to do: KMS has every material with its expiry.',
    'Nothing to do: KMS has every material with its expiry',
    'KMS has the materials that it had.',
    'KMS does not hold its material any more: it was deleted, or it has expired.',
    "Can't check the backup: KMS does not hold the material now.",
    'Nothing that S3 shows of this bucket keeps uploads under your key out.',
    'IAM has this name as ….',
    'an IAM policy denies it',
    'An IAM policy denies',
    'An object of that name, if there was one, is as it was.',
  ],
  'what Keyferry does': [
    'Let … wrap the key again, and KMS compares it: …',
    'where: existing             # or new: a bucket is made, in the Region of the key',
    'Change when material expires',
    "Can't change when material expires here: none has been imported yet.",
    'The key is Enabled and symmetric; AWS may have made it.',
    'an expiry is due that long before it, such as 30d or 12h',
    'A data key from the first day is opened, and an object is read.',
    'Open the data key of the first proof, and see which material does',
    'Only the backup still holds the secret, so it is opened, and KMS compares it with what you wrapped.',
  ],
  'what an answer was, where another program answers in the place of AWS': [
    'sent more than … MB where AWS sends a short answer',
    'sent more headers than AWS does',
    'LocalStack takes fewer kinds of keys for an import than KMS does.',
    'KMS is not configured',
  ],
  'what any key is, in AWS or not': [
    'An AES-256 key is exactly ….',
    'This file is hex text of … digits; a 32-byte key has 64.',
    'This file is a list of … numbers; a 32-byte key has 32, one for each byte.',
    'an RSA key of … bits',
    'an RSA key of … bits with the exponent …',
  ],
};

test('a sentence that says how AWS is has the page beside it in the code', () => {
  const claims = files.flatMap((path) => readClaims(path).map((claim) => ({ path, ...claim })));
  const withoutPage = claims.filter(({ hasPage }) => !hasPage);
  const excused = Object.values(noClaims).flat();
  assert.deepEqual(
    withoutPage
      .filter(({ sentence }) => !excused.includes(sentence))
      .map(({ path, sentence }) => `${path}: ${sentence}`),
    [],
    'Name the page in a comment of the statement, or after "Pages:" for the whole file. What is no claim goes into noClaims.',
  );
  const unused = excused.filter((sentence) => !withoutPage.some((claim) => claim.sentence === sentence));
  assert.deepEqual(unused, [], 'These are said no more, or have a page now.');
  assert.ok(claims.length > 250, `${claims.length} claims`);
});

test('claims and pages are told apart from other sentences and comments', () => {
  const folder = newFolder();
  const claimsIn = (text: string) => {
    const path = join(folder, 'one.ts');
    writeFileSync(path, text);
    return readClaims(path).map(({ sentence, hasPage }) => `${hasPage ? 'page' : 'none'}: ${sentence}`);
  };
  const claim = 'KMS never gives it back.';
  const statement = `export const step = { why: 'Look. ${claim}' };\n`;
  assert.deepEqual(claimsIn(statement), [`none: ${claim}`]);
  assert.deepEqual(claimsIn(`// KMS developer guide: nothing.\n${statement}`), [`none: ${claim}`]);
  assert.deepEqual(claimsIn(`/** Steps. KMS developer\n * guide, "Key policies". */\n${statement}`), [
    `page: ${claim}`,
  ]);
  assert.deepEqual(claimsIn(`// KMS API reference, CreateKey.\n${statement}${statement.replace('step', 'other')}`), [
    `page: ${claim}`,
    `none: ${claim}`,
  ]);
  assert.deepEqual(
    claimsIn(`${statement.replace('step', 'other')}// Pages: IAM user guide, "Principal".\n${statement}`),
    [`page: ${claim}`, `page: ${claim}`],
  );
  for (const sentence of [
    'A KMS key lives in one Region.',
    'Each replica costs as much.',
    'So only S3 opens it.',
    'The console adds it.',
    'Material that was deleted is gone.',
    'It has 3 tags, and AWS takes 50.',
  ])
    assert.deepEqual(claimsIn(`say('${sentence}');`), [`none: ${sentence}`]);
  for (const sentence of ['The key is Enabled.', 'KMS says that it expires.', 'Ask KMS again.', 'aws kms list-keys'])
    assert.deepEqual(claimsIn(`say('${sentence}');`), []);
});
