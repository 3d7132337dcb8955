import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { importAttemptName } from '../../source/steps/brought-before.ts';
import type { Material } from '../../source/steps/facts.ts';
import { importAgain } from '../../source/steps/import-again.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { keyOf, materialOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';
import { problemOf } from './ceremony.ts';

const step = 'bring-back';
const asOf = '2026-11-25T14:00:00.000Z';
const { keyId } = keyOf('k');
const [march, april] = ['2027-03-01T11:59:00.000Z', '2027-04-01T11:59:00.000Z'];

/** An import of a material that was as `before` says. */
function importing(
  t: TestContext,
  given: {
    readonly answers: Answers;
    readonly before?: Partial<Material>;
    /** What KMS tells of the material when it is asked: `missing`, `never`, or when it expires. */
    readonly now?: string;
    /** The error of the import; without one, KMS takes it. */
    readonly error?: Error;
    readonly checkValue?: string;
  },
) {
  const { answers, before, now = 'missing', checkValue = 'AAAA' } = given;
  const material = materialOf({ isImported: false, description: 'a description', ...before });
  const sent: object[] = [];
  const kms = answeringKms((input, command) => {
    if (command === 'ImportKeyMaterial') {
      sent.push(input);
      return given.error ?? {};
    }
    const { keyMaterialId: KeyMaterialId } = material;
    const isThere = now !== 'missing';
    const ValidTo = isThere && now !== 'never' ? { ValidTo: new Date(now) } : {};
    const ImportState = isThere ? 'IMPORTED' : 'PENDING_IMPORT';
    return { Rotations: [{ KeyId: keyId, KeyMaterialId, KeyMaterialState: 'CURRENT', ImportState, ...ValidTo }] };
  });
  const clock = { now: new Date(asOf) };
  const acting = actingIn(t, {
    step,
    kms,
    answers,
    facts: {
      key: keyOf('k'),
      materials: { asOf, keyState: 'PendingImport', wasDisabled: false, all: [material] },
    },
    parts: { clock: () => clock.now },
  });
  const bring = (changed: Answers = answers, getWrapped = async () => ({ wrapped: bytes, importToken: bytes })) =>
    importAgain(
      { ...acting.context, answers: changed },
      material,
      { file: '/copy', checkValue, fingerprint: 'F', getWrapped },
      { step, done: 'brought back' },
    );
  const begin = (expiry: string) =>
    acting.journal.append({
      kind: 'intent',
      step,
      name: importAttemptName({ keyMaterialId: material.keyMaterialId, fingerprint: 'F', expiry, asOf }),
    });
  const outcomes = () => [...acting.journal.state.attempts.values()].map(({ outcome }) => outcome);
  return { ...acting, bring, begin, sent, clock, outcomes, material };
}

const bytes = Buffer.from('wrapped');
const until = (validTo: string): Answers => ({ expiry: 'date', 'valid-to': validTo });

test('material is imported with the expiry and the description that are wanted, and noted with what it had before', async (t) => {
  for (const [answers, before, validTo] of [
    [{ expiry: 'keep' }, { expiry: march }, march],
    [{ expiry: 'keep' }, { expiry: 'never' }, null],
    [{ expiry: 'never' }, { expiry: march, isImported: true }, null],
    [until('2027-04-01 11:59 UTC'), { expiry: march }, april],
  ] as const) {
    const { bring, sent, material } = importing(t, { answers, before });
    const { keyMaterialId, expiry, isImported: wasThere } = material;
    assert.deepEqual(await bring(), {
      ...{ keyMaterialId, checkValue: 'AAAA', file: '/copy', wasThere, before: expiry, validTo, importedAt: asOf },
    });
    assert.deepEqual(sent, [
      {
        KeyId: keyId,
        ImportToken: bytes,
        EncryptedKeyMaterial: bytes,
        ImportType: 'EXISTING_KEY_MATERIAL',
        KeyMaterialId: keyMaterialId,
        KeyMaterialDescription: 'a description',
        ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
        ExpirationModel: validTo === null ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
      },
    ]);
  }
});

test('an import that is done is not done again for the same answer, and is for another expiry', async (t) => {
  const { bring, sent, clock } = importing(t, { answers: until('90d'), before: { expiry: march } });
  const first = await bring();
  clock.now = new Date('2026-11-26T14:00:00.000Z');
  assert.deepEqual(await bring(), first, 'a number of days is the same answer a day later');
  assert.equal(sent.length, 1);
  for (const other of [until('91d'), { expiry: 'never' }, { expiry: 'keep' }]) {
    const soFar: number = sent.length;
    await bring(other);
    await bring(other);
    assert.equal(sent.length, soFar + 1, JSON.stringify(other));
  }
});

for (const [what, answers, before, now, isFound] of [
  ['is there now', { expiry: 'never' }, { expiry: 'never' }, 'never', true],
  ['is there with the date that was wanted', until(march), { expiry: 'unknown' }, march, true],
  ['is there with the date that it had', { expiry: 'keep' }, { expiry: march }, march, true],
  ['is there, and never expires as before it was lost', { expiry: 'keep' }, { expiry: 'never' }, 'never', true],
  ['is there for another time', until(march), { expiry: 'unknown' }, april, false],
  ['is there without its expiry', until(march), { expiry: 'unknown' }, 'never', false],
  ['is not there', { expiry: 'never' }, { expiry: 'never' }, 'missing', false],
  ['was there before as it is now', { expiry: 'never' }, { isImported: true, expiry: 'never' }, 'never', false],
  ['was there before until the same date', until(march), { isImported: true, expiry: march }, march, false],
  ['was there before with another expiry', { expiry: 'never' }, { isImported: true, expiry: march }, 'never', true],
] as const)
  test(`after an answer was lost, material that ${what} is ${isFound ? 'not ' : ''}sent again`, async (t) => {
    const { bring, begin, sent, journal, material } = importing(t, { answers, before, now });
    begin(answers.expiry === 'date' ? march : answers.expiry === 'keep' ? before.expiry : 'never');
    const imported = await bring();
    assert.equal(sent.length, isFound ? 0 : 1);
    if (!isFound) return;
    const { keyMaterialId, expiry, isImported: wasThere } = material;
    const importedAt = journal.lines.find(({ kind }) => kind === 'intent')?.at;
    const validTo = now === 'never' ? null : now;
    assert.deepEqual(imported, {
      ...{ keyMaterialId, checkValue: 'AAAA', file: '/copy', wasThere, before: expiry, validTo, importedAt },
    });
  });

test('a refused import leaves all as it was, one without an answer may have happened, and a problem stays what it is', async (t) => {
  const refused = refusal('KMSInvalidStateException', 400);
  const first = importing(t, { answers: { expiry: 'never' }, error: refused });
  const { what, state } = await problemOf(first.bring());
  assert.equal(what, 'The material aaaaaaaa was not brought back.');
  assert.equal(state, 'KMS has what it had before this import.');
  assert.deepEqual(first.outcomes(), ['refused']);

  const failed = refusal('KMSInternalException', 500);
  const second = importing(t, { answers: { expiry: 'never' }, error: failed });
  const lost = await problemOf(second.bring());
  assert.equal(lost.what, "Can't tell whether the material aaaaaaaa was brought back.");
  assert.equal(lost.state, 'Trying again looks first, and imports only what is not there.');
  assert.deepEqual(second.outcomes(), ['unknown']);

  const third = importing(t, { answers: { expiry: 'never' } });
  const own = new ProblemError({ kind: 'fixable', what: 'There is no token.', next: [] });
  await assert.rejects(
    third.bring(undefined, () => Promise.reject(own)),
    (error) => error === own,
  );
  assert.deepEqual([third.outcomes(), third.sent], [['refused'], []]);
});

test('bytes that KMS refuses as others are no import, and are not sent again', async (t) => {
  const error = refusal('IncorrectKeyMaterialException', 400);
  const { bring, sent } = importing(t, { answers: { expiry: 'never' }, error });
  assert.deepEqual([await bring(), await bring()], [null, null]);
  assert.equal(sent.length, 1);
});

test('a person who stops during an import gets no problem about it', async (t) => {
  const { bring, stop } = importing(t, { answers: { expiry: 'never' } });
  const enough = new Error('stopped by the person');
  const stopped = bring(undefined, () => {
    stop.abort(enough);
    return Promise.reject(new Error('cut'));
  });
  await assert.rejects(stopped, (error) => error === enough);
});
