import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { ListKeyRotationsCommand } from '@aws-sdk/client-kms';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { importUnlessOther, refuseOtherCurrent } from '../../source/steps/import-into-existing.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
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

/** What is sent to a key with this current material, when the import gets this answer or error; and what comes of it. */
async function sentTo(CurrentKeyMaterialId: string | undefined, answer: object | Error) {
  const sent: object[] = [];
  const kms = answeringKms((input, command) => {
    if (command === 'DescribeKey') return { KeyMetadata: { KeyId: 'k', CurrentKeyMaterialId } };
    sent.push(input);
    return answer;
  });
  const bytes = Buffer.from('wrapped');
  const imported = await importUnlessOther(kms, { KeyId: 'k', EncryptedKeyMaterial: bytes, ImportToken: bytes }).catch(
    (error: unknown) => error,
  );
  return { sent, imported };
}

const [ours, theirs] = ['a'.repeat(64), 'b'.repeat(64)];
const sameAlready = refusal('IncorrectKeyMaterialException', 400, {
  message: 'It is already associated with the key.',
});
const otherBytes = refusal('IncorrectKeyMaterialException', 400, { message: 'These are other bytes.' });
const denied = refusal('AccessDeniedException', 400);

for (const [what, current, answer, isRight] of [
  ['an empty key takes the material', undefined, { KeyMaterialId: ours }, (id: unknown) => id],
  ['a key that has the same bytes by now is as good', undefined, sameAlready, (id: unknown) => id],
  ['a refusal of an empty key is not passed over', undefined, denied, (error: unknown) => error === denied],
  ['other bytes in an empty key are not passed over', undefined, otherBytes, (error: unknown) => error === otherBytes],
  ['a key with material is asked whether it is the same', ours, { KeyMaterialId: ours }, (id: unknown) => id],
  ['a refusal of a key with material is told as it is', ours, denied, (error: unknown) => error === denied],
  [
    'a key with other material gets none',
    theirs,
    otherBytes,
    (error: unknown) => error instanceof ProblemError && error.cause === otherBytes && error.problem.kind === 'refused',
  ],
] as const)
  test(`${what}, before any second material is there`, async () => {
    const { sent, imported } = await sentTo(current, answer);
    assert.equal(sent.length, 1);
    const [{ ImportType, KeyMaterialId } = {}] = sent as { ImportType?: string; KeyMaterialId?: string }[];
    assert.deepEqual(
      [ImportType, KeyMaterialId],
      [current === undefined ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL', current],
    );
    if (answer instanceof Error && answer !== sameAlready) assert.ok(isRight(imported), String(imported));
    else assert.deepEqual(imported, answer === sameAlready ? {} : { keyMaterialId: ours });
  });

test('a key is refused only where KMS says that it encrypts with other material than was sent', () => {
  const context = {
    facts: { key: { keyId: 'k', keyArn: '', alias: 'alias/a', createdAt: '' } },
    services: makeOfflineServices(),
  };
  for (const [current, sent] of [
    [ours, ours],
    [undefined, ours],
    [theirs, undefined],
    [undefined, undefined],
  ])
    assert.doesNotThrow(() => refuseOtherCurrent(context, current, sent));
});
