import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand, type KeyMetadata } from '@aws-sdk/client-kms';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { comparisonQuestions, findSecretInKms } from '../../source/steps/secret-in-kms.ts';
import { checkValuesOf } from '../../source/steps/secret-key-fact.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { fetchedPair, keyOf, openedBackup, wrappedHere } from '../known-facts.ts';
import { actingIn, parametersToImport } from './acting.ts';
import { beginImport, problemOf } from './ceremony.ts';

test('the material keeps its expiry where KMS has compared what a person wrapped', async (t) => {
  const ceremony = await beginImport(t, { answers: { import: { expiry: 'date', 'valid-to': '2d' } } });
  const { services, practice } = ceremony;
  await ceremony.upTo('wrap');
  // As if the person had wrapped the same bytes elsewhere.
  copyFileSync(services.folder.file('enc.aes.key'), services.folder.file('mine.bin'));
  ceremony.answer('wrap', { by: 'me', file: 'mine.bin' });
  const { imported, key } = await ceremony.upTo('import', 'wrap');
  assert.equal(imported?.secretInKms, 'shown');
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 2);
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: key?.keyId }));
  assert.equal(KeyMetadata?.ExpirationModel, 'KEY_MATERIAL_EXPIRES');
  assert.equal(KeyMetadata?.ValidTo?.toISOString(), imported?.validTo);
});

const currentId = 'a'.repeat(64);
const metadata = { KeyId: 'k', CurrentKeyMaterialId: currentId, ValidTo: new Date('2027-03-01T11:59:00.000Z') };
const parameters = parametersToImport(2048);
const wrapping = { ...fetchedPair, keySpec: 'RSA_2048', publicKeySha256: sha256Of(parameters.PublicKey) } as const;
const usual: Readonly<Record<string, object>> = {
  ListKeyRotations: {
    Rotations: [{ KeyMaterialId: currentId, ImportState: 'IMPORTED', KeyMaterialDescription: 'as it was' }],
  },
  GetParametersForImport: { ...parameters, KeyId: keyOf('k').keyArn },
};

/** A person has wrapped the key of a ceremony. Unless a test says otherwise, the key is in memory, and KMS takes each import. */
function comparing(
  t: TestContext,
  given: {
    readonly facts?: Facts;
    readonly answers?: Answers;
    /** What KMS answers to other calls, by their names. */
    readonly kms?: Readonly<Record<string, object>>;
    /** What KMS answers to the imports, in turn. */
    readonly imports?: readonly object[];
    readonly isKeyHere?: boolean;
    readonly onCall?: (command: string) => void;
  } = {},
) {
  const { facts = {}, answers = {}, imports = [], isKeyHere = true, onCall = () => {} } = given;
  const secret = SecretBytes.generate();
  const calls: string[] = [];
  const sent: object[] = [];
  const kms = answeringKms((input, command) => {
    calls.push(command);
    onCall(command);
    if (command !== 'ImportKeyMaterial') return given.kms?.[command] ?? usual[command] ?? assert.fail(command);
    sent.push(input);
    return imports[sent.length - 1] ?? {};
  });
  const acting = actingIn(t, {
    step: 'import',
    kms,
    answers,
    facts: {
      key: keyOf('k'),
      secret: { origin: 'generated', bytes: 32, ...checkValuesOf(secret) },
      wrapping,
      wrapped: { file: 'mine.bin', bytes: 256, by: 'you' },
      ...facts,
    },
  });
  const { folder, secrets } = acting.services;
  folder.make();
  folder.write(wrapping.publicKeyFile, parameters.PublicKey);
  folder.write(wrapping.tokenFile, Buffer.from('the first token'));
  if (isKeyHere) secrets.holdKey(secret);
  const labels = () => acting.reports.map(({ label }) => label);
  const find = (told: KeyMetadata = metadata) => findSecretInKms(acting.context, told);
  return { ...acting, calls, sent, labels, find };
}

const [same, other, notCompared] = [
  'KMS says: you wrapped the secret of this ceremony',
  'KMS says: you wrapped OTHER bytes than the secret of this ceremony',
  'What you wrapped was not compared',
];
const otherBytes = refusal('IncorrectKeyMaterialException', 400);

test('KMS compares what a person wrapped with the same token, and gets the expiry and the description again', async (t) => {
  for (const [answer, found, label] of [
    [{}, 'shown', same],
    [otherBytes, 'other', other],
  ] as const) {
    const { find, calls, sent, labels } = comparing(t, { imports: [answer] });
    assert.equal(await find(), found);
    assert.equal(labels().at(-1), label);
    assert.deepEqual(calls, ['ListKeyRotations', 'ImportKeyMaterial']);
    const [{ EncryptedKeyMaterial: _, ...input }] = sent as [Record<string, unknown>];
    assert.deepEqual(input, {
      KeyId: 'k',
      ImportToken: Buffer.from('the first token'),
      ImportType: 'EXISTING_KEY_MATERIAL',
      KeyMaterialId: currentId,
      ValidTo: metadata.ValidTo,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      KeyMaterialDescription: 'as it was',
    });
  }
});

test('where the token is used up, or a file of the pair has changed or is gone, KMS compares with a new pair', async (t) => {
  const asked = ['ListKeyRotations', 'ImportKeyMaterial', 'GetParametersForImport', 'ImportKeyMaterial'];
  const expired = comparing(t, { imports: [refusal('ExpiredImportTokenException', 400)] });
  assert.deepEqual([await expired.find(), expired.calls], ['shown', asked]);
  for (const changed of [
    { ...wrapping, publicKeySha256: 'of another key' },
    { ...wrapping, tokenFile: 'gone' },
  ]) {
    const { find, calls } = comparing(t, { facts: { wrapping: changed }, imports: [otherBytes] });
    assert.equal(await find(), 'other');
    assert.deepEqual(calls, ['ListKeyRotations', 'GetParametersForImport', 'ImportKeyMaterial']);
  }
});

test('a refused list of the materials changes nothing, and any other error is no answer of KMS', async (t) => {
  const denied = comparing(t, { kms: { ListKeyRotations: refusal('AccessDeniedException', 400) } });
  assert.equal(await denied.find(), 'shown');
  assert.equal('KeyMaterialDescription' in (denied.sent[0] ?? {}), false);
  for (const given of [
    { kms: { ListKeyRotations: refusal('KMSInternalException', 500) } },
    { imports: [refusal('AccessDeniedException', 400)] },
  ]) {
    const { what, state } = await problemOf(comparing(t, given).find());
    assert.equal(what, "Can't tell whether you wrapped the secret of this ceremony.");
    assert.equal(state, 'The material is imported and the key is Enabled. Trying again only compares.');
  }
});

test('a person who stops while KMS compares is told of no problem', async (t) => {
  const { find, stop } = comparing(t, {
    imports: [refusal('AccessDeniedException', 400)],
    onCall: (command) => command === 'ImportKeyMaterial' && stop.abort(new Error('stopped by the person')),
  });
  await assert.rejects(find(), /^Error: stopped by the person$/);
});

test('nothing is asked of KMS where there is nothing to compare', async (t) => {
  const elsewhere = { origin: 'elsewhere', keeper: 'the HSM' } as const;
  for (const [found, given] of [
    ['shown', { facts: { wrapped: wrappedHere } }],
    ['not shown', { facts: { secret: elsewhere } }],
    ['not shown', { answers: { compare: 'skip' } }],
  ] as const) {
    const { find, calls, labels } = comparing(t, given);
    assert.deepEqual([await find(), calls, labels()], [found, [], []]);
  }
});

test('a key that is lost is not made anew to be compared', async (t) => {
  const { find, journal, services, context, calls, labels } = comparing(t, { isKeyHere: false });
  journal.append({ kind: 'done', step: 'secret-key', facts: { secret: context.facts.secret } });
  assert.deepEqual([await find(), calls, labels()], ['not shown', [], []]);
  assert.equal(services.secrets.key, undefined);
});

test('where the file of the key is gone, it is said that nothing was compared, and why', async (t) => {
  const secret = { origin: 'file', bytes: 32, checkValue: { method: 'AES-CMAC', value: '1' } } as const;
  const { find, calls, reports } = comparing(t, { facts: { secret }, isKeyHere: false });
  assert.deepEqual([await find(), calls], ['not shown', []]);
  assert.deepEqual(reports.at(-1), {
    id: 'compare',
    label: notCompared,
    note: 'It was only in memory when Keyferry stopped, and no backup was made.',
    state: 'done',
  });
});

test('a backup that alone holds the key and does not open can be answered again', async (t) => {
  const { find, journal, calls } = comparing(t, { facts: { backup: openedBackup }, isKeyHere: false });
  journal.append({ kind: 'done', step: 'backup', facts: { backup: openedBackup } });
  assert.match((await problemOf(find())).what, /^Can't open the backup .*a\.key\.age\.$/);
  assert.deepEqual(calls, []);
});

test('whether to compare is asked only where a person wrapped the key and the backup alone holds it', (t) => {
  const idsOf = (given: Parameters<typeof comparing>[1]) => {
    const { context, journal } = comparing(t, { ...given, facts: { backup: openedBackup, ...given?.facts } });
    journal.append({ kind: 'done', step: 'backup', facts: { backup: openedBackup } });
    return comparisonQuestions(context).map(({ id }) => id);
  };
  const isKeyHere = false;
  assert.deepEqual(idsOf({ isKeyHere }), ['compare', 'identity']);
  assert.deepEqual(idsOf({ isKeyHere, answers: { compare: 'open' } }), ['compare', 'identity']);
  assert.deepEqual(idsOf({ isKeyHere, answers: { compare: 'skip' } }), ['compare']);
  assert.deepEqual(idsOf({ isKeyHere: true }), []);
  assert.deepEqual(idsOf({ isKeyHere, facts: { wrapped: wrappedHere } }), []);
});

test('a comparison whose answer is lost is asked for again; only a refusal is noted as one', async (t) => {
  const lost = comparing(t, { imports: [refusal('TimeoutError', 500), otherBytes] });
  assert.equal(await lost.find(), 'other');
  assert.deepEqual([lost.sent.length, lost.waits.length], [2, 1]);
  for (const [error, outcome] of [
    [refusal('AccessDeniedException', 400), 'refused'],
    [new Error('broken here'), 'unknown'],
  ] as const) {
    const { find, journal } = comparing(t, { imports: [error] });
    await problemOf(find());
    const outcomes = [...journal.state.attempts.values()].map((attempt) => attempt.outcome);
    assert.deepEqual(outcomes, [outcome]);
  }
});

test('where KMS gives no id of the material, and no expiry, the comparison names none', async (t) => {
  const { find, sent } = comparing(t);
  assert.equal(await find({ KeyId: 'k' }), 'shown');
  const [input = {}] = sent;
  assert.deepEqual(['KeyMaterialId' in input, 'ValidTo' in input], [false, false]);
});
