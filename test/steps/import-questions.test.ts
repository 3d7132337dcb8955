import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { bringBack } from '../../source/steps/bring-back.ts';
import type { Facts, Material } from '../../source/steps/facts.ts';
import { importMaterial } from '../../source/steps/import.ts';
import { importNowQuestions } from '../../source/steps/import-now-questions.ts';
import { importQuestions, materialWords, proceedQuestion } from '../../source/steps/import-questions.ts';
import { fetchedPair, generatedSecret, importedUntil, keyOf, materialOf, wrappedHere } from '../known-facts.ts';
import { key } from '../material/samples.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo, sealedUnder } from '../secrets/sealed.ts';
import { actingIn } from './acting.ts';

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

test('whether to import is asked once every question about what opens the copies is answered', async (t) => {
  const { context, services } = actingIn(t, {
    step: 'bring-back',
    facts: {
      key: { keyArn: 'arn:of:the:key', keyId: '1', alias: 'alias/a', createdAt: '' },
      materials: { asOf: '', keyState: 'PendingImport', wasDisabled: false, all: [material] },
    },
  });
  const { recipient } = ageIdentity(newFolder());
  const paths = [
    services.folder.file('to-recipient.key.age'),
    services.folder.file('under-passphrase.key.age'),
  ] as const;
  await sealedTo(recipient, key, paths[0]);
  await sealedUnder(passphrase, key, paths[1]);
  const idsWith = (answers: Answers) => importQuestions([material], { ...context, answers }).map(({ id }) => id);
  const asked = (wanted: readonly Material[]) => importQuestions(wanted, { ...context, answers: {} })[0];
  assert.deepEqual(
    [asked([material])?.ask, asked([material, material])?.ask, asked([material, material])?.label],
    ['Which file holds a copy of the key?', 'Which files hold the 2 materials?', 'Copies'],
  );
  assert.deepEqual(idsWith({}), ['backups']);
  const opening = ['backups', 'passphrase', 'identity'];
  assert.deepEqual(idsWith({ backups: paths }), opening);
  assert.deepEqual(idsWith({ backups: paths, passphrase: true }), opening);
  assert.deepEqual(idsWith({ backups: paths, passphrase: true, identity: 'i' }), [...opening, 'proceed']);
});

test('an import with a date is confirmed once the date is given, but not while there is no key yet', (t) => {
  const { context } = actingIn(t, { step: 'import', facts: { wrapping: fetchedPair } });
  const idsWith = (keyArn: string, answers: Answers) =>
    importNowQuestions({ ...context, facts: { ...context.facts, key: { ...keyOf('k'), keyArn } }, answers }).map(
      ({ id }) => id,
    );
  const dated = { expiry: 'date', 'valid-to': '90d' };
  assert.deepEqual(idsWith('arn:one', { expiry: 'never' }), ['expiry']);
  assert.deepEqual(idsWith('arn:one', { expiry: 'date' }), ['expiry', 'valid-to']);
  assert.deepEqual(idsWith('arn:one', dated), ['expiry', 'valid-to', 'proceed']);
  assert.deepEqual(idsWith('', dated), ['expiry', 'valid-to']);
});

test('the commands of a reimport have the expiry that is asked for, and there are none while a date is missing', (t) => {
  const { context } = actingIn(t, {
    step: 'bring-back',
    facts: {
      key: keyOf('k'),
      materials: { asOf: '', keyState: 'PendingImport', wasDisabled: false, all: [{ ...material, isImported: false }] },
    },
    parts: { clock: () => new Date('2026-11-25T14:00:00.000Z') },
  });
  const shown = (answers: Answers) =>
    bringBack.commands({ ...context, answers }).map(({ shell }) => shell.replaceAll(' \\\n ', ''));
  assert.deepEqual(shown({ expiry: 'date' }), []);
  const [dated = ''] = shown({ expiry: 'date', 'valid-to': '1d' });
  assert.match(
    dated,
    / --import-type EXISTING_KEY_MATERIAL .*--expiration-model KEY_MATERIAL_EXPIRES --valid-to 2026-11-26T14:00:00\.000Z/,
  );
  assert.match(dated, / --encrypted-key-material fileb:\/\/enc\.aes\.key --import-token fileb:\/\/TOKEN_FILE /);
  assert.match(shown({ expiry: 'never' })[0] ?? '', / --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE(?! --valid-to)/);
});

test('the command of the first import has the expiry on record once it is done, and none is shown without a date', (t) => {
  const { context } = actingIn(t, {
    step: 'import',
    facts: {
      key: keyOf('k'),
      description: { alias: 'alias/a', description: '' },
      secret: generatedSecret,
      wrapping: fetchedPair,
      wrapped: wrappedHere,
    },
  });
  const shown = (answers: Answers, facts: Facts = {}) =>
    importMaterial
      .commands({ ...context, facts: { ...context.facts, ...facts }, answers })
      .map(({ shell }) => shell.replaceAll(' \\\n ', ''))[1];
  assert.equal(shown({ expiry: 'date' }), undefined);
  const imported = importedUntil(new Date('2027-03-01T11:59:00.000Z'));
  const until = / --expiration-model KEY_MATERIAL_EXPIRES --valid-to 2027-03-01T11:59:00\.000Z/;
  assert.match(shown({ expiry: 'date' }, { imported }) ?? '', until);
  assert.match(shown({ expiry: 'date', 'valid-to': '90d' }, { imported }) ?? '', until);
  assert.match(shown({ expiry: 'never' }) ?? '', / --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE(?! --valid-to)/);
  const described = / --key-material-description 'AES-CMAC key check value A1B2C3'/;
  assert.match(shown({ expiry: 'never' }) ?? '', described);
  const byYou = { wrapped: { file: 'mine.bin', bytes: 512, by: 'you' } } as const;
  assert.doesNotMatch(shown({ expiry: 'never' }, byYou) ?? '', /description/);
});
