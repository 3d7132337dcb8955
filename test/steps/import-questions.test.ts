import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts, Material } from '../../source/steps/facts.ts';
import { materialWords, proceedQuestion } from '../../source/steps/import-questions.ts';
import { materialOf } from '../known-facts.ts';

const material = materialOf({ keyMaterialId: '0a1b2c3d'.repeat(8) });

test('a material is told with whether it is there, what it does for the key, and its check value', () => {
  const words = (more: Partial<Material>) => materialWords({ ...material, ...more });
  assert.equal(words({}), 'Material 0a1b2c3d: there, the current one');
  assert.equal(
    words({ isImported: false, state: 'NON_CURRENT', checkValue: 'A1B2C3' }),
    'Material 0a1b2c3d: MISSING, decrypts older data, key check value A1B2C3',
  );
  assert.match(words({ state: 'PENDING_ROTATION' }), /there, waits for a rotation$/);
  assert.match(words({ state: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' }), /there, waits for other Regions$/);
});

test('before an import the key is named, and where it is or was Disabled a person says how it is to be afterwards', () => {
  const asked = (keyState: string, wasDisabled: boolean, wanted: readonly Material[] = [material]) => {
    const facts: Facts = {
      key: { keyArn: 'arn:of:the:key', keyId: '1', alias: 'alias/a', createdAt: '' },
      materials: { asOf: '', keyState, wasDisabled, all: wanted },
    };
    const question = proceedQuestion(wanted, { facts });
    assert.ok(question.kind === 'choice' && Array.isArray(question.options));
    return { ...question, values: question.options.map(({ value }) => value), help: question.help ?? '' };
  };
  const usual = asked('PendingImport', false);
  assert.equal(usual.ask, 'Import material 0a1b2c3d into alias/a now?');
  assert.deepEqual([usual.values, usual.form], [['import'], 'import']);
  assert.equal(usual.help, 'The key is\narn:of:the:key\nKMS refuses any other bytes, and then nothing changes.');
  assert.equal(asked('Enabled', false, [material, material]).ask, 'Import 2 materials into alias/a now?');
  for (const [keyState, says] of [
    ['Disabled', /^The key is Disabled\. An import enables it: whoever may use it can, until it is disabled again\.$/m],
    ['Enabled', /^The key was Disabled\. An import enables it/],
  ] as const) {
    const disabled = asked(keyState, true);
    assert.deepEqual([disabled.values, disabled.form], [['import', 'leave-enabled'], 'import or leave-enabled']);
    assert.match(disabled.help, says);
  }
});
