import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { importUnlessOther, refuseOtherCurrent } from '../../source/steps/import-into-existing.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { keyOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { importMaterial, setControl } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { problemOf, proxyBefore, type RunningCeremony } from './ceremony.ts';
import { beginExisting, othersKey } from './existing-ceremony.ts';

/** An import into an existing key that has come to its last step before the import. */
async function beforeImport(t: TestContext, options: Parameters<typeof beginExisting>[1] = {}) {
  const practice = options.practice ?? (await makeServices(t)).practice;
  const { keyId } = await othersKey(practice);
  const ceremony = await beginExisting(t, { ...options, practice, key: keyId });
  await ceremony.upTo('wrap');
  return { ceremony, keyId };
}

async function materialsOf({ practice }: RunningCeremony, KeyId: string) {
  const asked = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
  return (await practice.kms().send(asked)).Rotations ?? [];
}

test('material that somebody else has imported meanwhile stays alone in the key, and is not taken for ours', async (t) => {
  const { ceremony, keyId } = await beforeImport(t);
  await importMaterial(ceremony.practice.kms(), keyId, randomBytes(32));
  const before = await materialsOf(ceremony, keyId);
  const { what, why, state } = await problemOf(ceremony.upTo());
  assert.equal(what, 'The material was not imported: the key has other material by now.');
  assert.match(why ?? '', /Somebody else has imported other bytes into this key since it was found\./);
  assert.equal(state, 'Your bytes were not imported, and nothing was changed.');
  assert.deepEqual(await materialsOf(ceremony, keyId), before);
  assert.equal(ceremony.facts.imported, undefined);
});

test('an import whose answer was lost is found as the same bytes, and not imported twice', async (t) => {
  const { practice } = await makeServices(t);
  const { ceremony, keyId } = await beforeImport(t, { practice });
  setControl(practice, { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-after', times: 1 }] });
  const facts = await ceremony.upTo();
  const materials = await materialsOf(ceremony, keyId);
  assert.deepEqual(
    materials.map(({ KeyMaterialId, KeyMaterialState }) => [KeyMaterialId, KeyMaterialState]),
    [[facts.imported?.keyMaterialId, 'CURRENT']],
  );
  assert.equal(facts.imported?.validTo, null);
});

test('where the answer was lost and somebody else was first, that is not told as done', async (t) => {
  const { practice } = await makeServices(t);
  const proxy = await proxyBefore(t, practice);
  const { ceremony, keyId } = await beforeImport(t, { practice, endpoint: proxy.endpoint });
  proxy.decide((call) => (call === 'kms:ImportKeyMaterial' ? 'cut' : undefined));
  const lost = await problemOf(ceremony.upTo());
  assert.equal(lost.what, "Can't tell whether the material was imported.");
  proxy.decide(() => undefined);
  await importMaterial(practice.kms(), keyId, randomBytes(32));
  const { what } = await problemOf(ceremony.upTo());
  assert.equal(what, 'The material was not imported: the key has other material by now.');
  assert.equal((await materialsOf(ceremony, keyId)).length, 1);
});

test('two imports that meet: the one that only waits for a rotation is told, with the way to take it out', async (t) => {
  const { practice } = await makeServices(t);
  const proxy = await proxyBefore(t, practice);
  const { ceremony, keyId } = await beforeImport(t, { practice, endpoint: proxy.endpoint });
  await importMaterial(practice.kms(), keyId, randomBytes(32));
  // The look just before the import does not see it yet.
  let isHidden = true;
  proxy.decide((call) => {
    if (call !== 'kms:DescribeKey' || !isHidden) return undefined;
    isHidden = false;
    return { changeBody: (body) => body.replace(/,?"CurrentKeyMaterialId":"[0-9a-f]+"/, '') };
  });
  const { code, why, next } = await problemOf(ceremony.upTo());
  const materials = await materialsOf(ceremony, keyId);
  const idOf = (state: string) => materials.find(({ KeyMaterialState }) => KeyMaterialState === state)?.KeyMaterialId;
  const [theirs, ours] = [idOf('CURRENT'), idOf('PENDING_ROTATION')];
  assert.equal(code, 'OtherKeyMaterial');
  assert.match(why ?? '', new RegExp(`${theirs} is in use, and yours, ${ours}, waits for a rotation`));
  assert.match(
    next[1] ?? '',
    new RegExp(`aws kms delete-imported-key-material --key-id ${keyId} --key-material-id ${ours}`),
  );
});

/** What comes of an import into a key with this current material, when KMS gives this answer or error to the import. */
async function importInto(CurrentKeyMaterialId: string | undefined, answer: object | Error) {
  const sent: object[] = [];
  const kms = answeringKms((input, command) => {
    if (command === 'DescribeKey') return { KeyMetadata: { KeyId: 'k', CurrentKeyMaterialId } };
    sent.push(input);
    return answer;
  });
  const bytes = Buffer.from('wrapped');
  const outcome = await importUnlessOther(kms, { KeyId: 'k', EncryptedKeyMaterial: bytes, ImportToken: bytes }).catch(
    (error: unknown) => error,
  );
  // A second material would not be used before a rotation: KMS is asked once, and for existing material where there is some.
  assert.equal(sent.length, 1);
  const [{ ImportType, KeyMaterialId } = {}] = sent as { ImportType?: string; KeyMaterialId?: string }[];
  assert.deepEqual(
    [ImportType, KeyMaterialId],
    [CurrentKeyMaterialId === undefined ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL', CurrentKeyMaterialId],
  );
  return outcome;
}

const [ours, theirs] = ['a'.repeat(64), 'b'.repeat(64)];
const sameAlready = refusal('IncorrectKeyMaterialException', 400, {
  message: 'It is already associated with the key.',
});
const otherBytes = refusal('IncorrectKeyMaterialException', 400, { message: 'These are other bytes.' });
const denied = refusal('AccessDeniedException', 400);

test('a key without material takes the first one, and a key with material only the same one', async () => {
  assert.deepEqual(await importInto(undefined, { KeyMaterialId: ours }), { keyMaterialId: ours });
  assert.deepEqual(await importInto(undefined, sameAlready), {}, 'it got the same bytes meanwhile');
  assert.deepEqual(await importInto(ours, { KeyMaterialId: ours }), { keyMaterialId: ours });
  const other = await importInto(theirs, otherBytes);
  assert.ok(other instanceof ProblemError);
  assert.equal(other.cause, otherBytes);
  assert.equal(other.problem.kind, 'refused');
});

for (const [what, current, error] of [
  ['the import into a key without material', undefined, denied],
  ['the bytes for a key without material', undefined, otherBytes],
  ['the import into a key with material', ours, denied],
] as const)
  test(`where KMS refuses ${what} with ${error.name}, that error is thrown`, async () => {
    assert.equal(await importInto(current, error), error);
  });

test('a key is refused only where KMS says that it encrypts with other material than was sent', async () => {
  const context = { facts: { key: keyOf('k') }, services: makeOfflineServices() };
  for (const [current, sent] of [
    [ours, ours],
    [undefined, ours],
    [theirs, undefined],
    [undefined, undefined],
  ])
    assert.doesNotThrow(() => refuseOtherCurrent(context, current, sent));
  const { why } = await problemOf(() => refuseOtherCurrent(context, theirs, ours));
  assert.ok(why?.includes(`${theirs} is in use, and yours, ${ours}, waits for a rotation`), why);
});
