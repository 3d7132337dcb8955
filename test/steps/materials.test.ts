import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Facts } from '../../source/steps/facts.ts';
import { materialState } from '../../source/steps/material-awaited.ts';
import { materialIdWords, missingOf, readMaterialsOf } from '../../source/steps/materials.ts';
import { answeringKms } from '../aws/answering-clients.ts';
import { workIn } from '../kept-environment.ts';
import { foreverImported, generatedSecret, importedUntil, materialOf } from '../known-facts.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)];
const march = new Date('2027-03-01T11:59:00.000Z');

/** What KMS tells of a material, read in a folder that knows these facts of a first import. */
async function readIn(
  t: TestContext,
  told: object,
  {
    recorded,
    cardsIn = () => [],
  }: { readonly recorded?: Facts; readonly cardsIn?: (folder: string) => readonly string[] } = {},
) {
  const kms = answeringKms(() => ({
    Rotations: [{ KeyMaterialId: first, KeyMaterialState: 'CURRENT', ImportState: 'IMPORTED', ...told }],
  }));
  const services = makeOfflineServicesFor(t);
  const card = {
    keyArn: 'arn:one',
    keyMaterialId: first,
    checkValue: { method: 'AES-CMAC', value: 'CARD' },
    backup: { file: 'a.key.age', sha256: '' },
  };
  for (const folder of cardsIn(services.folder.path))
    writeFileSync(join(folder, 'a.key.age.json'), JSON.stringify(card));
  const [material] = await readMaterialsOf(kms, 'k', { ...services, ...(recorded === undefined ? {} : { recorded }) });
  return material ?? assert.fail('there is one');
}

const missing = { ImportState: 'PENDING_IMPORT' };

for (const [what, told, imported, expiry] of [
  ['that KMS holds without an expiry', {}, importedUntil(march), 'never'],
  ['that KMS holds until a date', { ValidTo: march }, foreverImported, march.toISOString()],
  ['that is missing and had one on record', missing, importedUntil(march), march.toISOString()],
  ['that is missing and did not expire', missing, foreverImported, 'never'],
  [
    'that is missing and is another one than the recorded',
    missing,
    { ...foreverImported, keyMaterialId: second },
    'unknown',
  ],
  ['that is missing where nothing is on record', missing, undefined, 'unknown'],
] as const)
  test(`the expiry of material ${what} is ${expiry}`, async (t) => {
    const recorded = imported === undefined ? undefined : { imported };
    const material = await readIn(t, told, recorded === undefined ? {} : { recorded });
    assert.deepEqual([material.expiry, material.description, material.checkValue], [expiry, null, undefined]);
  });

test('material has the check value of the secret only where KMS has shown that they are the same', async (t) => {
  for (const [secretInKms, value] of [
    ['shown', 'A1B2C3'],
    ['not shown', undefined],
    ['other', undefined],
  ] as const) {
    const recorded: Facts = {
      secret: generatedSecret,
      wrapped: { file: 'mine.bin', bytes: 256, by: 'you' },
      imported: { ...foreverImported, secretInKms },
    };
    assert.equal((await readIn(t, { KeyMaterialDescription: 'as it was' }, { recorded })).checkValue, value);
    const elsewhere: Facts = { ...recorded, imported: { ...foreverImported, keyMaterialId: second } };
    assert.equal((await readIn(t, {}, { recorded: elsewhere })).checkValue, undefined);
  }
});

test('the card of a backup tells the check value, in the folder of the ceremony and in the current one', async (t) => {
  const here = workIn(t);
  assert.equal((await readIn(t, {}, { cardsIn: (folder) => [folder] })).checkValue, 'CARD');
  const material = await readIn(t, { KeyMaterialDescription: 'as it was' }, { cardsIn: () => [here] });
  assert.deepEqual([material.checkValue, material.description], ['CARD', 'as it was']);
});

test('material is missing where the key needs it and KMS does not hold it', () => {
  const all = (['CURRENT', 'NON_CURRENT', 'PENDING_ROTATION', 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION'] as const).map(
    (state) => materialOf({ state, isImported: false }),
  );
  assert.deepEqual(
    missingOf([...all, materialOf()]).map(({ state }) => state),
    ['CURRENT', 'NON_CURRENT'],
  );
  const look = { asOf: '', keyState: '', wasDisabled: false };
  const waits = 'The KMS key still waits for its material';
  assert.equal(materialState({}), waits);
  assert.equal(materialState({ materials: { ...look, all } }), waits);
  assert.equal(
    materialState({ materials: { ...look, all: all.slice(2) } }),
    'The KMS key has the material that it had',
  );
});

test('a material goes by its whole id, or it is said that KMS gave none', () => {
  assert.equal(materialIdWords(first), `material ${first}`);
  assert.equal(materialIdWords(''), 'KMS gave no id of the material');
});
