import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../source/ceremony/problem.ts';
import {
  changedAfterLook,
  changedProblem,
  existsProblem,
  goneProblem,
  otherKeyThere,
  replacedProblem,
  unknownObjectProblem,
  unreadableFileProblem,
  unreadableObjectProblem,
  wrongBytesProblem,
  wrongKeyProblem,
} from '../../source/objects/refusals.ts';

/* What a person is told of an object or a file that went wrong: what is in S3 now, and what can be done. */

const target = { bucket: 'b', key: "it's/a.csv", path: '/here/a.csv' };
const look = /aws s3api head-object --bucket b --key 'it'\\''s\/a\.csv'/;
const keyStays = /The key is ready, and files that were uploaded before stay\.$/;

const rows: readonly (readonly [
  when: string,
  problem: Problem,
  what: RegExp,
  why: RegExp,
  state: RegExp,
  next: RegExp[],
])[] = [
  [
    'another object has its name',
    existsProblem(target),
    /\/here\/a\.csv: s3:\/\/b\/it's\/a\.csv exists/,
    /other bytes or another key/,
    /^The object was left as it is\. The key is ready/,
    [look, /Move or delete it, or give the file another name/, /encrypt --replace/],
  ],
  [
    'another object came meanwhile',
    existsProblem(target, changedAfterLook),
    /exists already/,
    /wrote that object after Keyferry had looked/,
    keyStays,
    [look],
  ],
  [
    'nobody may look at its object',
    unreadableObjectProblem(target),
    /exists already/,
    /does not let you look at it \(s3:GetObject, and kms:Decrypt on the key\)/,
    /^The object was left as it is/,
    [look],
  ],
  [
    'its answer was lost',
    unknownObjectProblem(target, 'arn:mine'),
    /whether \/here\/a\.csv is at s3:\/\/b\/it's\/a\.csv/,
    /does not let you look \(s3:GetObject, and kms:Decrypt on the key\)/,
    /^What is there was left as it is\. The key is ready/,
    [
      look,
      /under arn:mine and has its size/,
      /permission to read it, try again/,
      /another name, or move the object away/,
    ],
  ],
  [
    'it changed',
    changedProblem(target),
    /\/here\/a\.csv/,
    /size or its time/,
    /was not made\. The key is ready/,
    [/Wait/],
  ],
  [
    'it cannot be read',
    unreadableFileProblem(target, 'It is gone.'),
    /\/here\/a\.csv/,
    /^It is gone\.$/,
    /^Nothing of it was sent\. The key is ready/,
    [/Remove the cause, then try again/],
  ],
  [
    'it is under another key',
    wrongKeyProblem(target, 'arn:other'),
    /^s3:\/\/b\/it's\/a\.csv is not under your key/,
    /arn:other/,
    /was uploaded, under the wrong key/,
    [/proxy or a bucket policy/, /the new upload replaces this object/],
  ],
  [
    'it has other bytes',
    wrongBytesProblem(target, 'Its size differs'),
    /^s3:\/\/b\/it's\/a\.csv did not come back/,
    /^Its size differs: /,
    /is in the bucket, under your key/,
    [/the new upload replaces this object/],
  ],
  [
    'it is gone',
    goneProblem(target),
    /a\.csv is gone/,
    /removed/,
    /^Your file is unchanged\.$/,
    [/it is uploaded again/],
  ],
  [
    'it was replaced',
    replacedProblem(target),
    /is not the object that was uploaded/,
    /replaced it/,
    /^The object was left as it is\. Your file is unchanged\.$/,
    [/move its object away\. Then try again/],
  ],
];

for (const [when, problem, what, why, state, next] of rows)
  test(`when ${when}, it is told what is there now and what can be done`, () => {
    assert.match(problem.what, what);
    assert.match(problem.why ?? '', why);
    assert.match(problem.state ?? '', state);
    for (const each of next) assert.match(problem.next.join('\n'), each);
    assert.equal(problem.kind, when === 'its answer was lost' ? 'lost' : 'fixable');
  });

test('of an object with the bytes of the file, it is told under which key it is, or that it is under none', () => {
  assert.match(otherKeyThere('none'), /under no KMS key\.$/);
  assert.match(otherKeyThere('arn:other'), /under arn:other, not under your key\.$/);
});
