import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { type EncryptOptions, encrypt } from '../../source/commands/encrypt.ts';
import { environmentOf } from '../faults/outside.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { foreverImported, keyOf, wrappedHere } from '../known-facts.ts';
import { must, practise } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { bareAwsEnvironment } from '../ui/fixed-world.ts';
import { atStreams } from './at-streams.ts';
import { connected, done, finished, journal } from './written-journals.ts';

/** Files of a person in the current folder, and the command. */
function filesHere(t: TestContext) {
  keepEnvironment(t);
  const here = workIn(t);
  bareAwsEnvironment(here);
  mkdirSync(join(here, 'tree'));
  for (const name of ['a.txt', '-rf', '~', 'tree/one.txt', 'tree/two.tmp', 'tree/three.csv'])
    writeFileSync(join(here, name), 'some bytes');
  const encrypted = (
    files: readonly string[],
    options: EncryptOptions,
    { signal = new AbortController().signal, lines = [] as readonly string[] } = {},
  ) => atStreams(t, () => encrypt(files, options, signal), { lines });
  /** The folders of encryptions that were begun here. */
  const begun = () => readdirSync(here).filter((name) => name.startsWith('keyferry-encrypt-'));
  return { here, encrypted, begun };
}

/** The same, and an account in the environment with a bucket and a key. */
async function accountHere(t: TestContext) {
  const files = filesHere(t);
  const practice = await practise(t);
  const { endpoint, credentials } = practice.server;
  Object.assign(process.env, environmentOf(credentials));
  const s3 = practice.s3();
  await s3.send(new CreateBucketCommand({ Bucket: 'an-archive' }));
  const key = must((await practice.kms().send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  const place = { endpointUrl: endpoint, region: 'us-east-1', to: 's3://an-archive/in', key };
  const keyOfObject = async (Key: string) =>
    (await s3.send(new HeadObjectCommand({ Bucket: 'an-archive', Key }))).SSEKMSKeyId;
  return { ...files, s3, key, place, keyOfObject };
}

test('without a person the files go under the key with the credentials of the environment, and nothing else is sent', async (t) => {
  const { encrypted, place, keyOfObject, key, begun } = await accountHere(t);
  const chosen = { include: ['*.txt', '*.tmp'], exclude: ['*.tmp'] };
  const { status, out, err } = await encrypted(['tree', 'a.txt'], { ...place, ...chosen, json: true });
  assert.equal(status, 0, err);
  const { ended, ceremony, objects } = JSON.parse(out);
  assert.deepEqual([ended, ceremony], ['finished', 'encrypt']);
  assert.deepEqual(objects.map((object: { key: string }) => object.key).toSorted(), ['in/a.txt', 'in/one.txt']);
  assert.equal(await keyOfObject('in/a.txt'), key);
  assert.match(begun().join(), /^keyferry-encrypt-an-archive-[\da-f]{8}$/);
});

test('an object with other bytes is replaced only with --replace, and read back only with --read-back', async (t) => {
  const { encrypted, place, s3, keyOfObject, key } = await accountHere(t);
  await s3.send(new PutObjectCommand({ Bucket: 'an-archive', Key: 'in/a.txt', Body: 'other' }));
  const kept = await encrypted(['a.txt'], place);
  assert.equal(kept.status, 3, kept.err);
  assert.notEqual(await keyOfObject('in/a.txt'), key);
  const replaced = await encrypted(['a.txt'], { ...place, replace: true, readBack: true, workdir: 'w' });
  assert.equal(replaced.status, 0, replaced.err);
  assert.equal(await keyOfObject('in/a.txt'), key);
  assert.doesNotMatch(replaced.out, /not read back/);
});

test('line by line nothing is asked that the command line says, and the patterns hold', async (t) => {
  const { encrypted, place, keyOfObject, key } = await accountHere(t);
  const options = { ...place, plain: true, include: ['*.txt'] };
  const { status, out } = await encrypted(['tree'], options, { lines: ['', '', ''] });
  assert.equal(status, 0, out);
  assert.doesNotMatch(out, /Where should the objects go\?|Which bucket\?|What should be encrypted\?/);
  assert.equal(await keyOfObject('in/one.txt'), key);
  await assert.rejects(keyOfObject('in/three.csv'), { name: 'NotFound' });
});

test('with stand-ins no line of a run has the name of the bucket or the account', async (t) => {
  const { encrypted, place } = await accountHere(t);
  const { status, out, err } = await encrypted(['a.txt'], { ...place, redact: true });
  assert.equal(status, 0, err);
  assert.doesNotMatch(`${out}${err}`, /an-archive|000000000000/);
  assert.match(out, /They were not read back\./, 'nobody said --read-back');
  const refused = await encrypted(['absent.txt'], { ...place, redact: true });
  assert.equal(refused.status, 2);
  assert.doesNotMatch(`${refused.out}${refused.err}`, /an-archive|000000000000/);
});

test('what is named with a flag is told by the flag when S3 or the disk does not have it', async (t) => {
  const { encrypted, place, begun } = await accountHere(t);
  for (const [files, to, says] of [
    [['a.txt'], 's3://no-such-bucket-here', /^keyferry: --to: There is no bucket no-such-bucket-here\./m],
    [['a.txt'], 's3://an-archive//x', /^keyferry: --to: A prefix does not begin with a slash/m],
    [['absent.txt'], 's3://an-archive', /^keyferry: FILE: absent\.txt does not exist\./m],
  ] as const) {
    const { status, err } = await encrypted(files, { ...place, to });
    assert.equal(status, 2);
    assert.match(err, says);
    assert.deepEqual(begun(), []);
  }
});

test('a profile and the account of a folder come before the credentials of the environment', async (t) => {
  const { here, encrypted, place } = await accountHere(t);
  const ofProfile = await encrypted(['a.txt'], { ...place, profile: 'none', json: true });
  assert.match(ofProfile.err, /There is no profile none/);
  const ofPractice = await encrypted(['a.txt'], { ...place, practice: true, json: true });
  assert.match(ofPractice.err, /Connected to practice AWS: [\s\S]*--to: There is no bucket an-archive\./);
  const w = join(here, 'w');
  const [made] = seedKeys(join(w, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  const known = done('make-key', { key: keyOf(made?.keyId ?? '') });
  const imported = done('import', { imported: foreverImported, wrapped: wrappedHere });
  journal(w, 'journal.jsonl', 'first-import', connected, known, imported, finished);
  const { endpointUrl: _, key: _key, ...others } = place;
  const ofFolder = await encrypted(['a.txt'], { ...others, workdir: 'w', json: true });
  // The account of the folder has no such bucket.
  assert.match(ofFolder.err, /--to: There is no bucket an-archive\./);
});

test('without a person what is missing is told in one line with the ways on, and for programs as one object', async (t) => {
  const { here, encrypted, begun } = filesHere(t);
  for (const [files, options, missing] of [
    [[], {}, 'FILE, --to s3://BUCKET, --key KEY'],
    [['a.txt'], { to: 's3://an-archive' }, '--key KEY'],
    [['a.txt'], { key: 'k' }, '--to s3://BUCKET'],
    [[], { to: 's3://an-archive', key: 'k' }, 'FILE'],
  ] as const) {
    const { status, out, err } = await encrypted(files, { practice: true, ...options });
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, new RegExp(`there is none to ask for ${missing}\\.\\n`));
    assert.match(err, /keyferry encrypt --plain\n/);
  }
  const programs = await encrypted([], { practice: true, plain: true, json: true });
  const { ended, ceremony, problem } = JSON.parse(programs.out);
  assert.deepEqual([programs.status, ended, ceremony, problem.code], [2, 'cannot-start', 'encrypt', 'AnswersMissing']);
  journal(here, 'journal.jsonl', 'first-import', connected);
  assert.match((await encrypted([], { to: 's3://an-archive' })).err, /there is none to ask for FILE\.\n/);
  assert.deepEqual(begun(), []);
});

test('a place that cannot be read, and stand-ins for programs, are refused before anything else', async (t) => {
  const { encrypted } = filesHere(t);
  const place = await encrypted(['a.txt'], { to: 'an-\u202Earchive', key: 'k', json: true });
  assert.equal(place.status, 2);
  assert.match(place.err, /Can't read an-<U\+202E>archive as a place in S3/);
  assert.equal(JSON.parse(place.out).problem.code, 'UsageError');
  const both = await encrypted(['a.txt'], { to: 'an-archive', redact: true, json: true });
  const err = 'keyferry: --json gives what --redact hides; use one of them.\n';
  assert.deepEqual(both, { status: 2, out: '', err });
});

test('a dry run follows the patterns and writes nothing, and without a file it is refused', async (t) => {
  const { here, encrypted, begun } = filesHere(t);
  const options = { practice: true, dryRun: true, to: 's3://an-archive', include: ['*.txt'] };
  const people = await encrypted(['tree'], options);
  assert.deepEqual(people, { status: 0, out: '1 file, 10 bytes, 1 request.\nNothing was sent.\n', err: people.err });
  const programs = await encrypted(['tree'], { ...options, json: true, exclude: ['one*'], include: [] });
  const { dryRun, count } = JSON.parse(programs.out);
  assert.deepEqual([programs.status, dryRun, count], [0, true, 2]);
  const stopped = new Error('stopped');
  const { status } = await encrypted(['tree'], options, { signal: AbortSignal.abort(stopped) });
  assert.equal(status, stopped);
  const none = await encrypted([], { ...options, json: true });
  assert.equal(none.status, 2);
  assert.match(none.err, /--dry-run asks nothing, and no file is named\./);
  assert.equal(JSON.parse(none.out).problem.code, 'AnswersMissing');
  assert.deepEqual([begun(), existsSync(join(here, 'keyferry-practice-aws'))], [[], false]);
});

test('line by line only what the command line lacks is asked, and the whole command that begins again is told', async (t) => {
  const { encrypted, begun } = filesHere(t);
  const files = ['a.txt', '-rf', '~'];
  const chosen = { include: ['*.txt', '*.csv'], exclude: ['*.tmp', 'x y'], replace: true, readBack: true };
  const place = { to: 's3://an-archive/in', key: 'alias/none', acceptObjectLock: 'an-archive' };
  const { status, out } = await encrypted(
    files,
    { ...chosen, ...place, plain: true, practice: true, region: 'eu-west-1' },
    { lines: [''] },
  );
  assert.equal(status, 3);
  assert.match(out, /There is no key alias\/none in this account and Region\./);
  const [, again] = /^To begin again: (.*)$/m.exec(out) ?? [];
  const [folder = ''] = /keyferry-encrypt-an-archive-[\da-f]{8}/.exec(again ?? '') ?? [];
  const words =
    "keyferry encrypt a.txt ./-rf '~' --include '*.txt' --include '*.csv' --exclude '*.tmp' --exclude 'x y' --replace --read-back --accept-object-lock an-archive --to s3://an-archive/in --key alias/none --practice --region eu-west-1 --workdir";
  assert.equal(again, `${words} ${folder}`);
  const bare = await encrypted([], { plain: true, practice: true });
  assert.match(bare.out, /Standard input ended before this was answered: In which Region\?/);
  assert.deepEqual(begun(), [folder]);
  // Under another key it is another encryption.
  await encrypted(files, { ...chosen, ...place, key: 'alias/other', plain: true, practice: true }, { lines: [''] });
  assert.equal(begun().length, 2);
});

test('an alias that two folders know is told as a problem, and a defect is thrown as it is', async (t) => {
  const { here, encrypted } = filesHere(t);
  for (const name of ['one', 'two']) {
    const known = done('make-key', { key: keyOf(name, 'alias/b') });
    journal(join(here, `keyferry-${name}`), 'journal.jsonl', 'first-import', connected, known, finished);
  }
  const options = { to: 's3://an-archive', key: 'alias/b' };
  const { status, out, err } = await encrypted(['a.txt'], { ...options, json: true });
  assert.equal(status, 2);
  assert.match(err, /Can't tell which key alias\/b is\./);
  assert.equal(JSON.parse(out).ended, 'cannot-start');
  const defect = new TypeError('a defect');
  t.mock.method(CeremonyFolder.prototype, 'refuseFile', () => {
    throw defect;
  });
  const dry = { ...options, key: 'k', dryRun: true };
  assert.deepEqual(await encrypted(['a.txt'], dry), { status: defect, out: '', err: '' });
});
