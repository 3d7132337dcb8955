import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Journal } from '../../source/ceremony/journal.ts';
import { hasOtherExpiry, readExpiriesBack } from '../../source/steps/read-expiries-back.ts';
import { readToldExpiry } from '../../source/steps/told-expiry.ts';
import { waitForEnabled } from '../../source/steps/wait-for-enabled.ts';
import { answeringKms, inTurn, refusal } from '../aws/answering-clients.ts';
import { newFolder } from '../new-folder.ts';
import { actingIn } from './acting.ts';
import { problemOf } from './ceremony.ts';

/* After an import, KMS is asked how it is; its lists may lag behind. */

const [march, april] = ['2027-03-01T11:59:00.000Z', '2027-04-01T11:59:00.000Z'];
const key = { keyId: 'k', keyArn: '', alias: 'alias/a', createdAt: '' };
const [one, two] = ['a'.repeat(64), 'b'.repeat(64)];

/** A step after an import; KMS gives these answers in turn, the last one again and again. */
function afterImport(t: TestContext, answers: readonly (object | Error)[], step: 'import' | 'bring-back' = 'import') {
  let asked = 0;
  const answer = inTurn(answers);
  const kms = answeringKms(() => {
    asked += 1;
    return answer();
  });
  return { ...actingIn(t, { step, kms, facts: { key } }), asked: () => asked };
}

/** How ListKeyRotations tells a material: as not there, or with its expiry. */
const told = (KeyMaterialId: string, expiry: string) => ({
  KeyMaterialId,
  KeyMaterialState: 'CURRENT',
  ImportState: expiry === 'missing' ? 'PENDING_IMPORT' : 'IMPORTED',
  ...(expiry === 'missing' || expiry === 'never' ? {} : { ValidTo: new Date(expiry) }),
});
const list = (...Rotations: readonly object[]) => ({ Rotations });

test('the expiry of each imported material is read back, until KMS tells the one that was asked for', async (t) => {
  const materials = [
    { keyMaterialId: two, validTo: null },
    { keyMaterialId: one, validTo: march },
  ];
  const right = list(told(one, march), told(two, 'never'));
  for (const [answers, found, asked, label] of [
    [[right], ['never', march], 1, 'KMS tells the expiry that was asked for'],
    [[list(told(one, april)), right], ['never', march], 2, 'KMS tells the expiry that was asked for'],
    [[list(told(two, 'never'), told(one, april))], ['never', april], 4, 'KMS tells another expiry than was asked for'],
    [
      [list(told(two, 'missing'), told(one, march))],
      ['missing', march],
      4,
      'KMS tells another expiry than was asked for',
    ],
    [[list(told(one, march))], ['missing', march], 4, 'KMS tells another expiry than was asked for'],
  ] as const) {
    const acting = afterImport(t, answers, 'bring-back');
    const back = await readExpiriesBack(acting.context, materials);
    assert.deepEqual(
      back.map((material) => [material.keyMaterialId, material.validTo, material.found]),
      [
        [two, null, found[0]],
        [one, march, found[1]],
      ],
    );
    assert.equal(acting.asked(), asked);
    assert.equal(acting.waits.length, asked - 1);
    assert.deepEqual(
      acting.reports.map((report) => [report.label, report.state]),
      [
        ['Reading the expiry back from KMS', 'working'],
        [label, 'done'],
      ],
    );
  }
  const idle = afterImport(t, [right]);
  assert.deepEqual([await readExpiriesBack(idle.context, []), idle.asked(), idle.reports], [[], 0, []]);
});

test('an expiry is another one only where KMS has told it', () => {
  assert.deepEqual(
    [{ found: 'never' }, { found: march }, { found: 'missing' }, {}].map((more) =>
      hasOtherExpiry({ keyMaterialId: one, validTo: null, ...more }),
    ),
    [false, true, true, false],
  );
  assert.equal(hasOtherExpiry({ keyMaterialId: one, validTo: march, found: march }), false);
  assert.equal(hasOtherExpiry({ keyMaterialId: one, validTo: march, found: 'never' }), true);
});

test('where KMS does not answer after an import, the person is told that it is done; whoever has stopped is told nothing', async (t) => {
  const asks = {
    "Can't read the expiry back from KMS.": (acting: ReturnType<typeof afterImport>) =>
      readExpiriesBack(acting.context, [{ keyMaterialId: one, validTo: null }]),
    "Can't see whether the key is Enabled after the import.": (acting: ReturnType<typeof afterImport>) =>
      waitForEnabled(acting.context),
  };
  for (const [says, ask] of Object.entries(asks)) {
    const { what, state } = await problemOf(ask(afterImport(t, [refusal('AccessDeniedException', 400)])));
    assert.equal(what, says);
    assert.match(state ?? '', /Trying again only looks; it does not import twice\.$/);
    const stopped = afterImport(t, [refusal('AccessDeniedException', 400)]);
    const enough = new Error('stopped by the person');
    stopped.stop.abort(enough);
    await assert.rejects(ask(stopped), (error) => error === enough);
  }
});

const metadata = (expiry: string) => ({
  KeyId: 'k',
  ...(expiry === 'not told'
    ? {}
    : expiry === 'never'
      ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const }
      : { ExpirationModel: 'KEY_MATERIAL_EXPIRES' as const, ValidTo: new Date(expiry) }),
});

for (const [asked, answers, isAsAsked] of [
  ['never', ['never'], true],
  ['never', ['not told'], true],
  ['never', [march, 'never'], true],
  ['never', [march, march, march, march], false],
  [march, [march], true],
  [march, [april, march], true],
  [march, [april, april, april, april], false],
  [march, ['never', 'never', 'never', 'never'], false],
  [march, ['not told', 'not told', 'not told', 'not told'], false],
] as const)
  test(`of an expiry ${asked} that was asked for, KMS telling ${answers.join(', ')} is ${isAsAsked ? 'right' : 'another one, and told'}`, async (t) => {
    const [first = '', ...later] = answers;
    const acting = afterImport(
      t,
      later.map((expiry) => ({ KeyMetadata: metadata(expiry) })),
    );
    const given = asked === 'never' ? { expiry: 'never' } : { expiry: 'date', 'valid-to': asked };
    const { expirationModel, validTo, otherExpiry } = await readToldExpiry(
      { ...acting.context, answers: given },
      metadata(first),
    );
    const last = answers.at(-1) ?? '';
    const isDate = last !== 'never' && last !== 'not told';
    assert.equal(validTo, isDate ? last : null);
    assert.equal(expirationModel, isDate ? 'KEY_MATERIAL_EXPIRES' : 'KEY_MATERIAL_DOES_NOT_EXPIRE');
    assert.deepEqual(otherExpiry, isAsAsked ? undefined : { asked, told: last });
    assert.equal(acting.asked(), later.length);
    assert.deepEqual(
      acting.reports.map(({ label }) => label),
      isAsAsked ? [] : ['KMS tells another expiry than you asked for'],
    );
  });

test('an expiry in days may count from the first of several tries, and from none before it', async (t) => {
  const clock = { now: new Date('2026-11-25T10:00:00.000Z') };
  const journal = new Journal(join(newFolder(), 'journal.jsonl'), () => clock.now);
  t.after(() => journal.close());
  for (const now of ['2026-11-25T14:00:00.000Z', '2026-11-25T16:00:00.000Z']) {
    clock.now = new Date(now);
    journal.append({ kind: 'intent', step: 'import', name: 'import' });
  }
  clock.now = new Date('2026-11-25T17:00:00.000Z');
  for (const [told, isRight] of [
    ['2027-02-23T13:59:00.000Z', false],
    ['2027-02-23T14:00:00.000Z', true],
    ['2027-02-23T17:00:00.000Z', true],
    ['2027-02-23T17:01:00.000Z', false],
  ] as const) {
    const kms = answeringKms(() => ({ KeyMetadata: metadata(told) }));
    const answers = { expiry: 'date', 'valid-to': '90d' };
    const parts = { journal, clock: () => clock.now };
    const { context } = actingIn(t, { step: 'import', kms, answers, facts: { key }, parts });
    const { otherExpiry } = await readToldExpiry(context, metadata(told));
    assert.equal(otherExpiry === undefined, isRight, told);
  }
});

test('a key that is not Enabled within a minute is told with the state that it has, and with what else can be done', async (t) => {
  let now = 0;
  t.mock.method(performance, 'now', () => {
    now += 40_000;
    return now;
  });
  const { context, waits, asked } = afterImport(t, [{ KeyMetadata: { KeyId: 'k', KeyState: 'PendingImport' } }]);
  const remedies = [{ action: 'reopen', label: 'Look again', step: 'find-key' }] as const;
  const problem = await problemOf(waitForEnabled(context, { remedies }));
  assert.deepEqual([problem.kind, problem.what], ['waiting', 'The key is not Enabled yet.']);
  assert.equal(problem.why, 'KMS took the material, but the key state is still PendingImport.');
  assert.deepEqual(problem.remedies, remedies);
  assert.deepEqual([asked(), waits.map(({ milliseconds }) => milliseconds)], [2, [100]]);
});
