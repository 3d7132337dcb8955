import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { denyCaller, importMaterial } from '../practice/practising.ts';
import { beginImport, beginReimport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';
import {
  finished,
  keyOf,
  kmsOf,
  loseMaterial,
  materialsOf,
  opened,
  recipient,
  rotated,
  stateOf,
} from './lost-material.ts';

/** The caller may do all but this: the key leaves to IAM who may do what. */
async function deny(ceremony: RunningCeremony, ...actions: readonly string[]): Promise<void> {
  const { accountId } = ceremony.facts.connection ?? {};
  const root = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    Action: 'kms:*',
    Resource: '*',
  };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [root] });
  await kmsOf(ceremony).send(new PutKeyPolicyCommand({ ...keyOf(ceremony), Policy }));
  denyCaller(ceremony.practice, ...actions);
}

const linesOf = async (again: RunningCeremony) =>
  (await reimport.conclude(again.facts, again.services)).page.lines.join('\n');

test('a key that is named in another place, or by half an alias, is told so at once', async (t) => {
  const ceremony = await finished(t);
  const again = await beginReimport(t, ceremony, { recorded: false });
  const { keyArn = '' } = ceremony.facts.key ?? {};
  for (const [key, says] of [
    [
      keyArn.replace('us-east-1', 'eu-west-1'),
      /^find-key\.key: That key is in eu-west-1; you are connected to us-east-1\. Connect to eu-west-1 first\.$/,
    ],
    [
      keyArn.replace(/\d{12}/, '999999999999'),
      /That key is in account 999999999999; you are connected to \d{12}\. Only its own account imports material\./,
    ],
    [
      'my-first-key',
      /There is no key my-first-key in this account and Region\. An alias is written alias\/my-first-key\./,
    ],
    ['mrk-11111111111111111111111111111111', /There is no key mrk-1{32} in this account and Region\.$/],
    ['11111111-1111-1111-1111-111111111111', /There is no key 1{8}-1{4}-1{4}-1{4}-1{12} in this account and Region\.$/],
  ] as const) {
    again.answer('find-key', { key });
    assert.match(await refusalOf(again.upTo()), says);
  }
});

test('whoever may not list materials is told which permission is missing; aliases can be done without', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  await deny(ceremony, 'kms:ListKeyRotations');
  const again = await beginReimport(t, ceremony, { answers: opened });
  const { why, state } = await problemOf(again.upTo());
  assert.match(why ?? '', /kms:ListKeyRotations/);
  assert.equal(state, 'Nothing was sent or changed.');
  await deny(ceremony, 'kms:ListAliases');
  const { key } = await again.upTo();
  assert.equal(key?.alias, 'alias/my-first-key');
  assert.equal(await stateOf(ceremony), 'Enabled');
});

test('a key whose alias was taken away, or points to another key, is known by what it has', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const kms = kmsOf(ceremony);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new UpdateAliasCommand({ AliasName: 'alias/my-first-key', TargetKeyId: KeyMetadata?.KeyId }));
  const bare = await beginReimport(t, ceremony, { answers: opened });
  assert.equal((await bare.upTo()).key?.alias, keyOf(ceremony).KeyId);
  assert.match(await linesOf(bare), /alias\/my-first-key is not a name of this key any more/);
  for (const name of ['alias/b', 'alias/a'])
    await kms.send(new CreateAliasCommand({ AliasName: name, TargetKeyId: keyOf(ceremony).KeyId }));
  await kms.send(new DeleteAliasCommand({ AliasName: 'alias/my-first-key' }));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/my-first-key', TargetKeyId: keyOf(ceremony).KeyId }));
  const several = await beginReimport(t, ceremony, {
    answers: opened,
    journalName: 'journal-reimport-20261126T140200Z.jsonl',
  });
  assert.equal((await several.upTo()).key?.alias, 'alias/my-first-key');
  assert.doesNotMatch(await linesOf(several), /any more/);
});

test('the replica of a multi-Region key gets its material back in its own Region', async (t) => {
  const ceremony = await finished(t);
  const kms = kmsOf(ceremony);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }));
  const KeyId = KeyMetadata?.KeyId ?? '';
  const bytes = randomBytes(32);
  await importMaterial(kms, KeyId, bytes, { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialDescription: 'of the primary' });
  await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: 'eu-west-1' }));
  const copy = join(newFolder(), 'copy.bin');
  writeFileSync(copy, bytes, { mode: 0o600 });
  const again = await beginReimport(t, ceremony, {
    recorded: false,
    answers: { expiry: 'never', backups: [copy] },
    parts: { preset: { source: 'practice', region: 'eu-west-1' } },
  });
  again.answer('find-key', { key: KeyId });
  const there = ceremony.practice.kms('eu-west-1');
  const ready = async () => (await there.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  ceremony.practice.clock.now = new Date(ceremony.practice.clock.now.getTime() + 60_000);
  assert.equal(await ready(), 'PendingImport');
  await again.upTo();
  assert.equal(await ready(), 'Enabled');
});

/** Practice AWS, whose list shows material as there that is gone, so many times. */
async function lagging(t: TestContext, ceremony: RunningCeremony, times: number) {
  const proxy = await between(ceremony.practice.server.endpoint);
  t.after(proxy.close);
  let left = times;
  proxy.decide((call) =>
    call === 'kms:ListKeyRotations' && left-- > 0
      ? { changeBody: (body) => body.replaceAll('PENDING_IMPORT', 'IMPORTED') }
      : undefined,
  );
  return beginReimport(t, ceremony, { answers: opened, endpoint: proxy.endpoint });
}

test('a list that shows as there what is gone is not believed while the key is PendingImport', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const always = await lagging(t, ceremony, 100);
  const { kind, what } = await problemOf(always.upTo());
  assert.deepEqual([kind, what], ['waiting', "Can't see which material is missing."]);
  always.services.journal.close();
  const twice = await lagging(t, ceremony, 2);
  assert.equal((await twice.upTo()).broughtBack?.materials.length, 1);
  assert.equal(await stateOf(ceremony), 'Enabled');
});

test('material comes back with the description that it had: each import says it again', async (t) => {
  const ceremony = await finished(t);
  const [before] = await materialsOf(ceremony);
  assert.match(before?.KeyMaterialDescription ?? '', /^AES-CMAC key check value /);
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: opened });
  const sent: unknown[] = [];
  const { session } = again.services;
  const connect = session.connect.bind(session);
  t.mock.method(session, 'connect', async (...place: Parameters<typeof connect>) => {
    const clients = await connect(...place);
    clients.kms.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === 'ImportKeyMaterialCommand') sent.push(args.input);
          return next(args);
        },
      { step: 'initialize' },
    );
    return clients;
  });
  await again.upTo();
  assert.partialDeepStrictEqual(sent, [{ KeyMaterialDescription: before?.KeyMaterialDescription }]);
});

test('an expiry is for what comes back: material that is there, or waits for a rotation, keeps its own', async (t) => {
  const ceremony = await finished(t);
  await rotated(ceremony, recipient);
  const [first] = await materialsOf(ceremony);
  const waiting = randomBytes(32);
  await importMaterial(kmsOf(ceremony), keyOf(ceremony).KeyId ?? '', waiting, { ImportType: 'NEW_KEY_MATERIAL' });
  await loseMaterial(ceremony, first?.KeyMaterialId);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'date', 'valid-to': '90d' } });
  await again.upTo();
  const ends = (await materialsOf(ceremony)).map(({ ValidTo }) => ValidTo !== undefined);
  assert.deepEqual(ends, [true, false, false]);
});

test('whoever may import and not use the key brings it back, and is told that nothing was opened', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  await deny(ceremony, 'kms:Decrypt', 'kms:GenerateDataKey');
  const again = await beginReimport(t, ceremony, { answers: opened });
  const facts = await again.upTo();
  assert.equal(facts.notOpened, 'refused');
  assert.equal(again.receiptOf('prove-again'), 'Nothing was opened: you may not use the key');
  assert.match(await linesOf(again), /Nothing was opened with the key, because you may not use it\./);
  reimport.record?.(facts, again.services, true);
  assert.match(
    again.services.folder.read('record-reimport-20261125T140200Z.md').toString(),
    /The caller may not use the key: nothing was opened/,
  );
});

test('an object that may not be read holds nothing up', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  await deny(ceremony, 's3:GetObject');
  const { proof, readable } = await (await beginReimport(t, ceremony, { answers: opened })).upTo();
  assert.ok(proof !== undefined && readable === undefined);
});

test('a data key of the first proof that was damaged is told, and another one is made once it is moved away', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const { folder } = ceremony.services;
  folder.replace('proof.bin', Buffer.alloc(folder.read('proof.bin').length, 7));
  const again = await beginReimport(t, ceremony, { answers: opened });
  const { why, state, next } = await problemOf(again.upTo());
  assert.match(why ?? '', /proof\.bin is damaged, or is of another key\.$/);
  assert.equal(state, 'The material is imported; nothing is lost.');
  assert.match(next[0] ?? '', /mv .*proof\.bin/);
});

test('the key that all cards in the folder name is offered, and none where they name several', async (t) => {
  const ceremony = await finished(t);
  const again = await beginReimport(t, ceremony, { recorded: false });
  await again.upTo('connect');
  const offered = () => (again.questionsOf('find-key')[0] as { readonly default?: string }).default;
  assert.equal(offered(), undefined);
  const { folder } = again.services;
  const card = ceremony.services.folder.read('my-first-key.key.age.json').toString();
  folder.write('one.key.age.json', card);
  folder.write('copy.key.age.json', card);
  assert.equal(offered(), ceremony.facts.key?.keyArn);
  folder.write('other.key.age.json', card.replace(/(:key\/)[^"]+/, '$111111111-1111-1111-1111-111111111111'));
  assert.equal(offered(), undefined);
});

test('a copy that is known to be of another material is not sent for one whose check value is not known', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo();
  const copy = await rotated(ceremony, recipient);
  for (const { KeyMaterialId } of await materialsOf(ceremony)) await loseMaterial(ceremony, KeyMaterialId);
  const plain = ceremony.services.folder.file('plain_text_aes_key.bin');
  const again = await beginReimport(t, ceremony, {
    answers: { ...opened, expiry: 'never', backups: [plain, copy] },
  });
  assert.equal((await again.upTo()).broughtBack?.materials.length, 2);
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 2, 'KMS refused none');
});
