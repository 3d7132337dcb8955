import assert from 'node:assert/strict';
import { existsSync, linkSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { closingLines } from '../../source/ceremonies/first-import/closing-lines.ts';
import { readKeyNow } from '../../source/steps/key-now.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { type AllAnswers, beginImport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';

const plainKey = 'plain_text_aes_key.bin';
const { recipient, identityFile } = ageIdentity(newFolder());
const keyKeptInMemory: AllAnswers = { 'secret-key': { keep: 'memory' } };
const backedUp: AllAnswers = {
  backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
};
const destroyed: AllAnswers = {
  finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy plain key file' },
};

/** A ceremony without objects. */
const begin = (t: TestContext, answers: AllAnswers = {}) =>
  beginImport(t, { answers: { 'encrypt-objects': { where: 'later' }, ...answers } });

const fileOf = ({ services }: RunningCeremony, name = plainKey) => services.folder.file(name);
const recordOf = (ceremony: RunningCeremony) => JSON.parse(readFileSync(fileOf(ceremony, 'record.json'), 'utf8'));

/** The last page, with what KMS says of the key now. */
async function lastPage({ facts, services }: RunningCeremony): Promise<string> {
  return closingLines(facts, await readKeyNow(facts, services), services).join('\n');
}

test('who chooses to destroy the plain key and then answers "keep" keeps it, and the record says so', async (t) => {
  const ceremony = await begin(t, { finish: { 'plain-key': 'destroy', 'confirm-destroy': 'keep' } });
  await ceremony.upTo('secret-key');
  const key = readFileSync(fileOf(ceremony));
  const { finish } = await ceremony.upTo();
  assert.deepEqual(readFileSync(fileOf(ceremony)), key);
  assert.equal(finish?.plainKey, 'kept');
  assert.equal(recordOf(ceremony).secret.plainKey, 'kept');
});

test('anything but the phrase or "keep" is not taken, and the plain key stays', async (t) => {
  for (const phrase of ['destroy', 'destroy plain key', 'yes', '']) {
    const ceremony = await begin(t, { finish: { 'plain-key': 'destroy', 'confirm-destroy': phrase } });
    assert.match(await refusalOf(ceremony.upTo()), /Type exactly: destroy plain key file, or keep/);
    assert.equal(existsSync(fileOf(ceremony)), true);
  }
});

test('the whole phrase destroys the plain key, and the record says so', async (t) => {
  const ceremony = await begin(t, destroyed);
  const { finish } = await ceremony.upTo();
  assert.equal(existsSync(fileOf(ceremony)), false);
  assert.equal(finish?.plainKey, 'destroyed');
  assert.equal(recordOf(ceremony).secret.plainKey, 'destroyed');
  assert.deepEqual(ceremony.commandsOf('finish'), [`shred --remove ${plainKey}`]);
});

test('the phrase names the plain key file and not the KMS key; that of version 0.1.0 is taken too', async (t) => {
  const ceremony = await begin(t, {
    finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy alias/my-first-key' },
  });
  await ceremony.upTo('encrypt-objects');
  const phrase = ceremony.questionsOf('finish').find(({ id }) => id === 'confirm-destroy');
  assert.equal(phrase?.ask, 'Type "destroy plain key file" to destroy plain_text_aes_key.bin. The KMS key stays.');
  assert.match(phrase.help ?? '', /^Keyferry knows of no other copy of the key\.\n/);
  assert.doesNotMatch(`${phrase.ask}${phrase.form}`, /alias/);
  assert.equal((await ceremony.upTo()).finish?.plainKey, 'destroyed');
});

test('a plain key that is to be kept stays', async (t) => {
  const ceremony = await begin(t, { finish: { 'plain-key': 'keep' } });
  assert.equal((await ceremony.upTo()).finish?.plainKey, 'kept');
  assert.equal(existsSync(fileOf(ceremony)), true);
  assert.equal(recordOf(ceremony).secret.plainKey, 'kept');
  assert.deepEqual(ceremony.commandsOf('finish'), []);
});

test('a plain key with a second name is not destroyed by half: that is told, and it is still there', async (t) => {
  const ceremony = await begin(t, destroyed);
  await ceremony.upTo('encrypt-objects');
  const second = join(newFolder(), 'second.bin');
  linkSync(fileOf(ceremony), second);
  const key = readFileSync(second);
  const { why, state } = await problemOf(ceremony.upTo());
  assert.equal(why, 'The file has a second name (a hard link) that would stay.');
  assert.equal(state, 'The file may still hold the key.');
  assert.deepEqual(readFileSync(fileOf(ceremony)), key);
  assert.equal(existsSync(fileOf(ceremony, 'record.json')), false);
});

test('where the key was in memory alone nothing is asked, and the record knows of no plain key', async (t) => {
  const ceremony = await begin(t, { ...keyKeptInMemory, ...backedUp });
  await ceremony.upTo('encrypt-objects');
  assert.deepEqual(ceremony.questionsOf('finish'), []);
  assert.equal((await ceremony.upTo()).finish?.plainKey, 'none');
  assert.equal(recordOf(ceremony).secret.plainKey, 'none');
  assert.equal(statSync(fileOf(ceremony, 'record.md')).mode & 0o777, 0o600);
  assert.equal(ceremony.receiptOf('finish'), 'Finished: the record is record.md');
});

for (const [name, answers, says, not] of [
  ['the plain key alone', {}, /Keep safe, AWS cannot give it back:\n.*plain_text_aes_key\.bin\n/, /\.key\.age/],
  [
    'a backup',
    { ...keyKeptInMemory, ...backedUp },
    /Keep safe, AWS cannot give it back:\n.*my-first-key\.key\.age\n/,
    /plain_text/,
  ],
  ['both', backedUp, /\.key\.age\n.*plain_text_aes_key\.bin\n/, /No copy/],
  [
    'neither',
    destroyed,
    /There is no copy of the key anywhere that Keyferry knows of\.\nIf its material expires or is deleted, everything under the key is lost\.\n\nYours to do\n- see to it that nobody deletes the material or the key\n- before you encrypt what must last, bring another key, with a backup\n/,
    /Keep safe|elsewhere is the only|any more/,
  ],
] as const) {
  test(`the last page of a ceremony that leaves ${name} says so`, async (t) => {
    const ceremony = await begin(t, answers);
    await ceremony.upTo();
    const page = await lastPage(ceremony);
    assert.match(page, /^alias\/my-first-key is Enabled in us-east-1, as of .* UTC\.\nIts material does not expire\./);
    assert.match(page, says);
    assert.doesNotMatch(page, not);
    assert.ok(page.includes(ceremony.facts.key?.keyArn ?? '-'));
  });
}

for (const [state, change, says] of [
  ['Disabled', (kms, KeyId) => kms.send(new DisableKeyCommand({ KeyId })), /To enable it: aws kms enable-key/],
  [
    'PendingDeletion',
    (kms, KeyId) => kms.send(new ScheduleKeyDeletionCommand({ KeyId })),
    /To keep it: aws kms cancel-key-deletion/,
  ],
  [
    'PendingImport',
    (kms, KeyId) => kms.send(new DeleteImportedKeyMaterialCommand({ KeyId })),
    /Bring the same 32 bytes back into this same KMS key: keyferry reimport/,
  ],
] as const satisfies readonly (readonly [string, (kms: KMSClient, KeyId: string) => Promise<unknown>, RegExp])[]) {
  test(`the last page is true of now: a key that is ${state} is told with what to do, and nothing vouches for it`, async (t) => {
    const ceremony = await begin(t);
    const { key } = await ceremony.upTo();
    await change(ceremony.practice.kms(), key?.keyId ?? '');
    const page = await lastPage(ceremony);
    assert.match(page, new RegExp(`^alias/my-first-key is ${state} in us-east-1`));
    assert.match(
      page,
      /What was encrypted under it is still there, but cannot be read until the key can be used again\./,
    );
    assert.match(page, says);
    assert.doesNotMatch(page, /new uploads use the key/);
  });
}

test('where KMS does not say how the key is, the record and the last page say that and change nothing', async (t) => {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, {
    practice,
    endpoint: proxy.endpoint,
    answers: { 'encrypt-objects': { where: 'later' } },
  });
  await ceremony.upTo('encrypt-objects');
  const body = JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' });
  proxy.decide((call) => (call === 'kms:DescribeKey' ? { status: 400, body } : undefined));
  const { length } = ceremony.changes;
  await ceremony.upTo();
  assert.equal(recordOf(ceremony).key.keyState, null);
  const page = await lastPage(ceremony);
  assert.match(page, /^alias\/my-first-key is in a state that KMS did not tell/);
  assert.match(page, /Nothing was changed\. The ceremony is finished\./);
  assert.equal(ceremony.changes.length, length);
});

test('the last page of a key that will expire names the command that changes that, and no other does', async (t) => {
  const ceremony = await begin(t, { import: { expiry: 'date', 'valid-to': '90d' } });
  await ceremony.upTo();
  const page = await lastPage(ceremony);
  assert.match(page, /- choose another date before it expires:\n {2}keyferry expiry --workdir \S+\n/);
  const forEver = await begin(t, {});
  await forEver.upTo();
  assert.doesNotMatch(await lastPage(forEver), /expires|keyferry reimport/);
});
