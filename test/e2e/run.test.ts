import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { keyferry } from './program.ts';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('a run prints one JSON object about the key that it made', async () => {
  const folder = newFolder();
  const { status, stdout, stderr } = await keyferry(
    ['run', answersFile(folder, exampleWith()), '--practice', '--workdir', 'w', '--json'],
    folder,
  );
  assert.equal(status, 0, stderr);
  const result = JSON.parse(stdout);
  assert.deepEqual(Object.keys(result), [
    'ended',
    'exit',
    'ceremony',
    'asOf',
    'keyId',
    'keyArn',
    'alias',
    'keyState',
    'keyStateAsOf',
    'keyMaterialId',
    'secretInKms',
    'checkValue',
    'zeroBlockCheckValue',
    'accountId',
    'region',
    'wrapping',
    'expiration',
    'objects',
    'workdir',
    'copies',
    'copiesAsOf',
    'record',
  ]);
  assert.deepEqual([result.ended, result.exit, result.ceremony], ['finished', 0, 'first-import']);
  assert.equal(result.keyState, 'Enabled');
  assert.deepEqual(result.wrapping.algorithm, 'RSAES_OAEP_SHA_256');
  assert.deepEqual(result.expiration, { model: 'KEY_MATERIAL_DOES_NOT_EXPIRE', validTo: null });
  assert.match(result.keyMaterialId, /^[0-9a-f]{64}$/);
  assert.equal(result.objects.length, 1);
  const [object] = result.objects;
  assert.equal(object.verified, true);
  assert.equal(object.kmsKeyArn, result.keyArn);
  assert.equal(object.sseAlgorithm, 'aws:kms');
  const sample = readFileSync(join(result.workdir, object.key));
  assert.equal(object.sha256, createHash('sha256').update(sample).digest('hex'));
  assert.equal(object.size, sample.length);
  const w = join(folder, 'w');
  assert.equal(result.workdir, w);
  assert.equal(statSync(w).mode & 0o777, 0o700);
  for (const name of readdirSync(w)) {
    const status = statSync(join(w, name));
    assert.equal(status.mode & 0o077, 0, `${name} is for its owner alone`);
  }
  const wrappingKey = readdirSync(w).find((name) => name.startsWith(`wrappingKey_${result.keyId}_`)) ?? '';
  assert.equal(
    createHash('sha256')
      .update(readFileSync(join(w, wrappingKey)))
      .digest('hex'),
    result.wrapping.publicKeySha256,
  );
});

test('the key bytes are in their file and nowhere else, and in no output', async () => {
  const folder = newFolder();
  const { status, stdout, stderr } = await keyferry(
    ['run', answersFile(folder, exampleWith()), '--practice', '--workdir', 'w'],
    folder,
  );
  assert.equal(status, 0, stderr);
  const key = readFileSync(join(folder, 'w', 'plain_text_aes_key.bin'));
  assert.equal(key.length, 32);
  const forms = [key, ...['hex', 'base64', 'base64url'].map((form) => Buffer.from(key.toString(form as 'hex')))];
  forms.push(Buffer.from(key.toString('hex').toUpperCase()));
  const files = filesBelow(folder);
  assert.ok(files.length > 8);
  for (const path of files) {
    if (path.endsWith('plain_text_aes_key.bin')) continue;
    const bytes = readFileSync(path);
    // Without its padding, so that base64 inside a longer text is found too.
    for (const form of forms) assert.equal(bytes.includes(form.subarray(0, form.length - 2)), false, path);
  }
  for (const form of forms) assert.equal(Buffer.from(stdout + stderr).includes(form.subarray(0, 12)), false);
});

/** A result but for the moment at which KMS was asked. */
function withoutMoment(stdout: string): object {
  const { asOf, keyStateAsOf, copiesAsOf, ...rest } = JSON.parse(stdout);
  assert.ok(asOf >= copiesAsOf);
  assert.ok(asOf >= keyStateAsOf);
  assert.ok(!Number.isNaN(Date.parse(keyStateAsOf)));
  return rest;
}

test('a finished folder gives its result again and does nothing twice', async () => {
  const folder = newFolder();
  const args = ['run', answersFile(folder, exampleWith()), '--practice', '--workdir', 'w', '--json'];
  const first = await keyferry(args, folder);
  const journal = () => readFileSync(join(folder, 'w', 'journal.jsonl'), 'utf8');
  const written = journal();
  assert.match(written, /\{"kind":"finished"[^\n]*\n$/);
  const second = await keyferry(args, folder);
  assert.equal(second.status, 0, second.stderr);
  assert.deepEqual(withoutMoment(second.stdout), withoutMoment(first.stdout));
  assert.equal(journal(), written);
});

test('without --workdir the alias names the folder, and the same command gives the same key', async () => {
  const folder = newFolder();
  const args = ['run', answersFile(folder, exampleWith()), '--practice', '--json'];
  const first = await keyferry(args, folder);
  assert.equal(first.status, 0, first.stderr);
  assert.equal(JSON.parse(first.stdout).workdir, join(folder, 'keyferry-my-first-key'));
  const second = await keyferry(args, folder);
  assert.deepEqual(withoutMoment(second.stdout), withoutMoment(first.stdout));
});

test('the folder of another key is not taken for this one', async () => {
  const folder = newFolder();
  await keyferry(['run', answersFile(folder, exampleWith()), '--practice', '--workdir', 'w'], folder);
  const other = answersFile(folder, exampleWith({ 'describe-key': { alias: 'alias/another-key' } }));
  const { status, stderr } = await keyferry(['run', other, '--practice', '--workdir', 'w'], folder);
  assert.equal(status, 2);
  assert.match(stderr, /w holds the ceremony of alias\/my-first-key/);
  assert.match(stderr, /nothing more was created/);
});

test("npm's own lines before a saved example do no harm", async () => {
  const folder = newFolder();
  const banner = '\n> keyferry@0.1.0 start\n> node .build/start.js run --example\n\n';
  const { status, stderr } = await keyferry(
    ['run', answersFile(folder, banner + exampleWith()), '--practice', '--workdir', 'w'],
    folder,
  );
  assert.equal(status, 0, stderr);
});

const refused: readonly (readonly [name: string, answers: string, says: RegExp])[] = [
  [
    'a missing answer',
    exampleWith({ 'describe-key': { alias: undefined } }),
    /any name\.yaml:\d+: describe-key\.alias is missing\. It takes alias\//,
  ],
  [
    'an acknowledgement that nobody ticked',
    exampleWith({ 'describe-key': { acknowledge: undefined } }),
    /describe-key\.acknowledge is missing/,
  ],
  [
    'an acknowledgement that was refused',
    exampleWith({ 'describe-key': { acknowledge: false } }),
    /describe-key\.acknowledge: It must be ticked/,
  ],
  [
    'an unknown answer',
    exampleWith({ 'describe-key': { allias: 'x' } }),
    /:\d+: describe-key\.allias is not a question\. Did you mean alias\?/,
  ],
  [
    'an unknown step',
    exampleWith({ 'wraping-key': {} }),
    /:\d+: wraping-key is not a step\. Did you mean wrapping-key\?/,
  ],
  [
    'a pair that KMS rejects',
    exampleWith({ 'wrapping-key': { wrapping: 'RSA_AES_KEY_WRAP_SHA_256 RSA_4096' } }),
    /wrapping-key\.wrapping: RSA_AES_KEY_WRAP_SHA_256 cannot be chosen/,
  ],
  [
    'a mistyped choice',
    exampleWith({ import: { expiry: 'nevr' } }),
    /import\.expiry: It takes never or date\. Did you mean never\?/,
  ],
  [
    'an expiry beyond 365 days',
    exampleWith({ import: { expiry: 'date', 'valid-to': '2085-01-01' } }),
    /import\.valid-to: KMS takes at most 365 days/,
  ],
  [
    'an answer that does not go with the others',
    exampleWith({ import: { 'valid-to': '90d' } }),
    /import\.valid-to is not asked with the other answers/,
  ],
  [
    'an assumed-role session as an administrator',
    exampleWith({ permissions: { administrators: ['arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you'] } }),
    /permissions\.administrators: This is a session/,
  ],
  [
    'a principal that does not exist',
    exampleWith({ permissions: { users: ['arn:aws:iam::000000000000:role/NoSuchRole'] } }),
    /permissions\.users: arn:aws:iam::000000000000:role\/NoSuchRole does not exist/,
  ],
  [
    'a bucket that does not exist',
    exampleWith({ 'encrypt-objects': { where: 'existing', bucket: 'no-such-bucket-here' } }),
    /encrypt-objects\.bucket: There is no bucket no-such-bucket-here/,
  ],
  [
    'a key file that is not there',
    exampleWith({ 'secret-key': { origin: 'file', file: 'absent.key' } }),
    /secret-key\.file: /,
  ],
  ['text that is no YAML', 'connect: [', /:\d+: This is not YAML/],
];

for (const [name, answers, says] of refused) {
  test(`${name} is named with its line, before anything is created`, async () => {
    const folder = newFolder();
    const { status, stdout, stderr } = await keyferry(
      ['run', answersFile(folder, answers), '--practice', '--workdir', 'w', '--json'],
      folder,
    );
    assert.match(stderr, says);
    assert.match(stderr, /nothing was created/);
    assert.equal(status, 2);
    const { problem } = JSON.parse(stdout);
    assert.equal(problem.code, 'AnswersRefused');
    assert.match(problem.why, says);
    assert.equal(
      filesBelow(folder).some((path) => path.endsWith('plain_text_aes_key.bin')),
      false,
    );
  });
}

test('all wrong answers are named at once, each file of a list on its own line', async () => {
  const folder = newFolder();
  const answers = exampleWith({
    connect: { region: 'frankfurt' },
    'encrypt-objects': { what: 'files', files: ['absent.txt', 'any name.yaml', 'absent too.txt'] },
    import: { expiry: 'nevr' },
  });
  const { status, stderr } = await keyferry(['run', answersFile(folder, answers), '--practice'], folder);
  assert.equal(status, 2);
  const lines = answers.split('\n');
  const at = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
  const says = (text: string, sentence: string) =>
    `keyferry: ${join(folder, 'any name.yaml')}:${at(text)}: ${sentence}\n`;
  assert.equal(
    stderr,
    [
      says('region: ', 'connect.region: A Region looks like us-east-1 or eu-central-1.'),
      says('expiry: ', 'import.expiry: It takes never or date. Did you mean never?'),
      says('- absent.txt', 'encrypt-objects.files: absent.txt does not exist.'),
      says('- absent too.txt', 'encrypt-objects.files: absent too.txt does not exist.'),
      'keyferry: nothing was created.\n',
    ].join(''),
  );
});

test('of files that hold the key, each is named once AWS and the disk can be asked', async () => {
  const folder = newFolder();
  const key = randomBytes(32);
  for (const name of ['my.key', 'copy.bin', 'copy too.bin']) writeFileSync(join(folder, name), key, { mode: 0o600 });
  const answers = exampleWith({
    'secret-key': { origin: 'file', file: 'my.key' },
    'encrypt-objects': { what: 'files', files: ['copy.bin', 'any name.yaml', 'copy too.bin'] },
  });
  const { status, stderr } = await keyferry(['run', answersFile(folder, answers), '--practice'], folder);
  assert.equal(status, 2, stderr);
  assert.match(
    stderr,
    /\.yaml:(\d+): encrypt-objects\.files: copy\.bin .*\n.*\.yaml:\d+: encrypt-objects\.files: copy too\.bin /,
  );
});

test('without an answers file it says how to make one', async () => {
  const { status, stderr } = await keyferry(['run'], newFolder());
  assert.equal(status, 2);
  assert.match(stderr, /keyferry run --example/);
});

test('the assistant without a terminal names what works without one', async () => {
  const { status, stdout, stderr } = await keyferry([], newFolder());
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^keyferry: the assistant needs a terminal.*\n.*: keyferry --plain\n.*keyferry run --example.*\n$/,
  );
});

for (const args of [['--help'], ['run', '--help'], ['practice-aws', '--help']]) {
  test(`keyferry ${args.join(' ')} shows a worked example`, async () => {
    const { status, stdout } = await keyferry(args, newFolder());
    assert.equal(status, 0);
    assert.match(stdout, /Examples?:\n {2}keyferry /);
  });
}

test('--version prints the version alone', async () => {
  const { status, stdout } = await keyferry(['--version'], newFolder());
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('an unknown option is a failure to start', async () => {
  const { status, stderr } = await keyferry(['run', '--practise'], newFolder());
  assert.equal(status, 2);
  assert.match(stderr, /--practise/);
});

test('an expiry with an offset is taken as its moment in UTC', async () => {
  const folder = newFolder();
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const answers = exampleWith({ import: { expiry: 'date', 'valid-to': `${day}T12:00:00-08:00` } });
  const args = ['run', answersFile(folder, answers), '--practice', '--workdir', 'w', '--json'];
  const { status, stdout, stderr } = await keyferry(args, folder);
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).expiration.validTo, `${day}T20:00:00.000Z`);
});
