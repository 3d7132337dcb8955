import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { controlFileName } from '../../source/practice/control.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { keyferry, keyferryAlone } from './program.ts';

/*
 * What somebody else has put in the place of a file or a folder: the program ends at once, says what is there, and leaves
 * it as it was.
 */

const isRoot = process.geteuid?.() === 0;
const otherUser = 12345;

type Plant = (path: string) => void;

const pipe: Plant = (path) => void execFileSync('mkfifo', [path]);
const linkTo =
  (target: string): Plant =>
  (path) =>
    symlinkSync(target, path);
const folder: Plant = (path) => void mkdirSync(path);
const text =
  (content: string, mode = 0o600): Plant =>
  (path) => {
    writeFileSync(path, content);
    chmodSync(path, mode);
  };
const foreign: Plant = (path) => {
  writeFileSync(path, '');
  chownSync(path, otherUser, otherUser);
};

/** What stands in the place of a file, what is said, and whether only root can put it there. */
const table: readonly (readonly [what: string, plant: Plant, says: RegExp, onlyRoot?: true])[] = [
  ['a pipe', pipe, /not a regular file but a device, a pipe or a socket/],
  ['a link to a device', linkTo('/dev/zero'), /symbolic link that is not followed/],
  ['a link to nothing', linkTo('/nowhere/x'), /symbolic link to a file that does not exist/],
  ['a folder', folder, /It is a folder/],
  ['of mode 666', text('', 0o666), /Others on this computer may change this file: its permissions are 666/],
  ['of another user', foreign, /belongs to another user \(12345\)/, true],
];

for (const [what, plant, says, onlyRoot] of table) {
  const skip = onlyRoot === true && !isRoot;
  test(`an answers file that is ${what} is not read`, { skip }, async () => {
    const here = newFolder();
    plant(join(here, 'answers.yaml'));
    const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
    assert.equal(status, 2, stderr);
    assert.match(stderr, says);
    assert.equal(existsSync(join(here, 'w')), false);
  });

  test(`a journal that is ${what} is not read`, { skip }, async () => {
    const here = newFolder();
    mkdirSync(join(here, 'w'), { mode: 0o700 });
    plant(join(here, 'w', 'journal.jsonl'));
    writeFileSync(join(here, 'answers.yaml'), 'connect:\n  region: us-east-1\n');
    const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
    assert.equal(status, 3, stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /unforeseen| {4}at /);
    assert.deepEqual(readdirSync(join(here, 'w')), ['journal.jsonl']);
  });
}

/** An upload that S3 has refused, so that the same command goes on with its manifest; and that command. */
async function refusedUpload(t: TestContext) {
  const { server, folder, kms, s3 } = await practise(t, { folder: join(newFolder(), 'state') });
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({}));
  await s3().send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const here = newFolder();
  writeFileSync(join(here, 'a.txt'), 'a');
  const place = ['--endpoint-url', server.endpoint, '--region', 'us-east-1', '--workdir', 'w'];
  const run = (file: string) =>
    keyferry(
      ['encrypt', file, '--to', 's3://a-bucket', '--key', must(KeyMetadata?.Arn), ...place],
      here,
      environmentOf(server.credentials),
    );
  const control = join(folder, controlFileName);
  writeFileSync(control, JSON.stringify({ deny: { SecurityAdmin: ['s3:PutObject'] } }));
  const { status, stderr } = await run('a.txt');
  assert.equal(status, 3, stderr);
  rmSync(control);
  const manifest = readdirSync(join(here, 'w')).find((name) => name.startsWith('manifest-')) ?? '';
  return { here, run, manifest: join(here, 'w', manifest) };
}

for (const [what, plant, says, onlyRoot] of table)
  test(`the manifest of an upload that is ${what} is not read, and nothing is sent`, {
    skip: onlyRoot === true && !isRoot,
  }, async (t) => {
    const { run, manifest } = await refusedUpload(t);
    rmSync(manifest);
    plant(manifest);
    const { status, stderr } = await run('a.txt');
    assert.equal(status, 3, stderr);
    assert.match(stderr, says);
    assert.match(stderr, /Nothing was sent now\. Objects that were uploaded before stay\./);
    assert.doesNotMatch(stderr, /unforeseen| {4}at |holds what was done/);
    rmSync(manifest, { recursive: true });
    assert.equal((await run('a.txt')).status, 0);
  });

for (const [what, line] of [
  ['null', 'null'],
  ['a line whose kind is an object', '{"is":{"toString":1}}'],
  ['a line of another kind', '{"is":"__proto__"}'],
] as const)
  test(`the manifest of an upload with ${what} is told with the line`, async (t) => {
    const { run, manifest } = await refusedUpload(t);
    writeFileSync(manifest, `${line}\n`);
    const { status, stderr } = await run('a.txt');
    assert.equal(status, 3, stderr);
    assert.match(stderr, /line 1 of .*manifest-.* is damaged/);
    assert.match(stderr, /Nothing was sent now\. Objects that were uploaded before stay\./);
    assert.doesNotMatch(stderr, /unforeseen| {4}at /);
  });

for (const [what, plant] of [
  ['a pipe', pipe],
  ['a link to a device', linkTo('/dev/zero')],
  ['a folder', folder],
] as const)
  test(`a list of files that is ${what} is not read`, async (t) => {
    const { here, run } = await refusedUpload(t);
    plant(join(here, 'list'));
    const { status, stderr } = await run('@list');
    assert.notEqual(status, 0);
    assert.match(stderr, /The list .* is not a regular file\./);
  });

test('a device as the answers file is not read', async () => {
  const { status, stderr } = await keyferryAlone(['run', '/dev/zero', '--practice'], newFolder());
  assert.equal(status, 2, stderr);
  assert.match(stderr, /not a regular file/);
});

for (const [what, line] of [
  ['null', 'null'],
  ['a number', '1'],
  ['an object without a kind', '{}'],
  ['a line with wrong types', '{"kind":"begun","ceremony":1,"id":null}'],
] as const)
  test(`a journal with ${what} as its line is told with the line`, async () => {
    const here = newFolder();
    mkdirSync(join(here, 'w'), { mode: 0o700 });
    writeFileSync(join(here, 'w', 'journal.jsonl'), `${line}\n`, { mode: 0o600 });
    writeFileSync(join(here, 'answers.yaml'), 'connect:\n  region: us-east-1\n');
    const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /its journal is damaged at line 1/);
    assert.doesNotMatch(stderr, /unforeseen| {4}at /);
    assert.equal(readFileSync(join(here, 'w', 'journal.jsonl'), 'utf8'), `${line}\n`);
  });

test('a folder of another user is not taken, also where it is empty', { skip: !isRoot }, async () => {
  const here = newFolder();
  mkdirSync(join(here, 'w'), { mode: 0o700 });
  chownSync(join(here, 'w'), otherUser, otherUser);
  const example = await keyferryAlone(['run', '--example'], here);
  writeFileSync(join(here, 'answers.yaml'), example.stdout);
  const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
  assert.equal(status, 3, stderr);
  assert.match(stderr, /belongs to another user \(12345\)/);
  assert.doesNotMatch(stderr, /chmod 700/);
});
