import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { importAttemptName } from '../../source/steps/brought-before.ts';
import type { Material } from '../../source/steps/facts.ts';
import { importMaterials, importReceipt } from '../../source/steps/import-materials.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { keyOf, materialOf } from '../known-facts.ts';
import { ownKeyFile } from '../own-key-file.ts';
import { actingIn, breakWrapping, parametersToImport } from './acting.ts';
import { problemOf } from './ceremony.ts';

const importing = { step: 'bring-back', done: 'brought back' } as const;
const asOf = '2026-11-25T14:00:00.000Z';
const [one, two, three] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
const parameters = parametersToImport();

const missing = (keyMaterialId: string): Material =>
  materialOf({ keyMaterialId, isImported: false, expiry: 'unknown' });

type Given = {
  /** The materials as the look before the questions found them. */
  readonly all: readonly Material[];
  readonly answers?: Answers;
  readonly wasDisabled?: boolean;
  /** Which of the imports KMS refuses as other bytes, by their number from 1. */
  readonly refused?: readonly number[];
};

/** A key at which KMS takes every import but those that are refused. */
function bringing(t: TestContext, { all, answers = {}, wasDisabled = false, refused = [] }: Given) {
  const inKms = new Map(all.map((material) => [material.keyMaterialId, material]));
  const calls: string[] = [];
  let imports = 0;
  const kms = answeringKms((input, command) => {
    calls.push(command);
    if (command === 'GetParametersForImport') return parameters;
    if (command === 'ImportKeyMaterial') {
      imports += 1;
      if (refused.includes(imports)) throw refusal('IncorrectKeyMaterialException', 400);
      const { KeyMaterialId = '' } = input as { readonly KeyMaterialId?: string };
      inKms.set(KeyMaterialId, materialOf({ keyMaterialId: KeyMaterialId }));
      return {};
    }
    if (command === 'DescribeKey') return { KeyMetadata: { KeyId: 'k', KeyState: 'Enabled' } };
    return {
      Rotations: [...inKms.values()].map(({ keyMaterialId, state, isImported }) => ({
        KeyMaterialId: keyMaterialId,
        KeyMaterialState: state,
        ImportState: isImported ? 'IMPORTED' : 'PENDING_IMPORT',
      })),
    };
  });
  const acting = actingIn(t, {
    step: importing.step,
    kms,
    answers: { expiry: 'never', ...answers },
    facts: {
      key: keyOf('k'),
      materials: { asOf, keyState: wasDisabled ? 'Disabled' : 'PendingImport', wasDisabled, all },
    },
  });
  const bring = (wanted: readonly Material[], changed: Answers = {}) =>
    importMaterials({ ...acting.context, answers: { ...acting.context.answers, ...changed } }, wanted, importing);
  /** Notes an import of an earlier run. */
  const importedBefore = (keyMaterialId: string, at = asOf) => {
    const name = importAttemptName({ keyMaterialId, fingerprint: 'F', expiry: 'never', asOf: at });
    const result = { keyMaterialId, file: '/copy', validTo: null, importedAt: at, wasThere: false };
    acting.journal.append({ kind: 'intent', step: importing.step, name });
    acting.journal.append({ kind: 'outcome', step: importing.step, name, outcome: 'done', result });
  };
  return { ...acting, bring, importedBefore, calls, inKms };
}

test('copies are opened and tried in turn until KMS takes one, and their keys are zero once the key is Enabled', async (t) => {
  const backups = [ownKeyFile(), ownKeyFile()];
  const { bring, services, reports, calls } = bringing(t, { all: [missing(one)], answers: { backups }, refused: [1] });
  const held: Buffer[] = [];
  const { secrets } = services;
  const hold = secrets.holdCopy.bind(secrets);
  t.mock.method(secrets, 'holdCopy', (path: string, key: Parameters<typeof hold>[1]) => {
    held.push(key.use((bytes) => bytes));
    hold(path, key);
  });
  const { broughtBack, toDisable } = await bring([missing(one)]);
  assert.deepEqual(
    broughtBack.materials.map(({ keyMaterialId, file, found }) => [keyMaterialId, file, found]),
    [[one, backups[1], 'never']],
  );
  assert.deepEqual([broughtBack.keyState, toDisable], ['Enabled', false]);
  assert.deepEqual(calls, [
    ...['ListKeyRotations', 'GetParametersForImport', 'ImportKeyMaterial', 'GetParametersForImport'],
    ...['ImportKeyMaterial', 'DescribeKey', 'ListKeyRotations'],
  ]);
  assert.ok(held.length >= 2 && held.every((bytes) => bytes.every((byte) => byte === 0)));
  assert.deepEqual(
    reports.filter(({ id }) => id !== 'read-back').map(({ label, state }) => `${label}: ${state}`),
    [
      'Opening and comparing the copies: working',
      'Copies opened and compared: done',
      'Importing material aaaaaaaa: working',
      'Material aaaaaaaa imported: done',
      'The key is Enabled: done',
    ],
  );
});

test('where no copy is right, it is said of how many, and what was imported before it', async (t) => {
  for (const [count, wanted, refused, before, says, state] of [
    [1, [one], [1], [], /^KMS refused the copy with the key check value [0-9A-F]{10} as/, 'Nothing was changed.'],
    [2, [one], [1, 2], [], /^KMS refused the copies with the key check value \S+, \S+ as/, 'Nothing was changed.'],
    [1, [one, two], [2], [], /the copy/, 'Another material was brought back; this one was not.'],
    [1, [two], [1], [three], /the copy/, 'Another material was brought back; this one was not.'],
    [1, [one, two], [2], [three], /the copy/, '2 other materials were brought back; this one was not.'],
  ] as const) {
    const all = [...wanted.map(missing), ...before.map((keyMaterialId) => materialOf({ keyMaterialId }))];
    const backups = Array.from({ length: count }, () => ownKeyFile());
    const { bring, importedBefore } = bringing(t, { all, answers: { backups }, refused });
    for (const id of before) importedBefore(id);
    const problem = await problemOf(bring(wanted.map(missing)));
    assert.match(problem.what, /^The material [a-c]{8} was not brought back: no copy holds its bytes\.$/);
    assert.match(problem.why ?? '', says);
    assert.equal(problem.state, state);
    assert.equal(problem.code, 'IncorrectKeyMaterialException');
  }
});

test('where nothing is wanted nothing is imported; what an earlier run brought back counts as long as KMS has it', async (t) => {
  const all = [materialOf({ keyMaterialId: one })];
  const idle = bringing(t, { all, wasDisabled: true });
  const nothing = await idle.bring([]);
  assert.deepEqual(nothing, { broughtBack: { materials: [], keyState: 'Disabled' }, toDisable: false });
  assert.deepEqual(idle.calls, ['ListKeyRotations']);
  assert.equal(idle.reports.at(-1)?.label, 'Nothing to do: KMS has every material with its expiry');

  const later = bringing(t, { all, wasDisabled: true });
  later.importedBefore(one, 'an earlier look');
  later.importedBefore(two, 'an earlier look');
  const { broughtBack, toDisable } = await later.bring([]);
  assert.deepEqual(
    broughtBack.materials.map(({ keyMaterialId, found }) => [keyMaterialId, found]),
    [[one, 'never']],
  );
  assert.equal(toDisable, true);
});

test('a key that was Disabled is disabled again, unless the person said otherwise, in this run or an earlier one', async (t) => {
  for (const [answered, earlier, wasDisabled, isToDisable] of [
    ['import', undefined, true, true],
    ['leave-enabled', undefined, true, false],
    ['import', 'leave-enabled', true, true],
    [undefined, 'leave-enabled', true, false],
    [undefined, 'import', true, true],
    ['import', undefined, false, false],
  ] as const) {
    const all = [missing(one)];
    const { bring, journal } = bringing(t, { all, wasDisabled, answers: { backups: [ownKeyFile()] } });
    if (earlier !== undefined)
      journal.append({ kind: 'answered', step: importing.step, answers: { proceed: earlier } });
    const { toDisable, broughtBack } = await bring(all, answered === undefined ? {} : { proceed: answered });
    assert.equal(toDisable, isToDisable, `${answered}, ${earlier}`);
    assert.equal(broughtBack.materials.length, 1);
  }
});

test('materials that have changed meanwhile are looked at again before anything is opened or sent', async (t) => {
  const { bring, inKms, calls } = bringing(t, { all: [missing(one)], answers: { backups: [ownKeyFile()] } });
  inKms.set(two, materialOf({ keyMaterialId: two }));
  const { what, renewal } = await problemOf(bring([missing(one)]));
  assert.equal(what, 'The key has changed since KMS was asked which materials are there.');
  assert.deepEqual([renewal?.step, renewal?.ask], ['find-key', ['bring-back']]);
  assert.deepEqual(calls, ['ListKeyRotations']);
});

test('where KMS cannot be asked, the person is told that nothing was sent; whoever has stopped is told nothing', async (t) => {
  const denied = answeringKms(() => {
    throw refusal('AccessDeniedException', 400);
  });
  const { context, stop } = actingIn(t, {
    step: importing.step,
    kms: denied,
    facts: {
      key: keyOf('k'),
      materials: { asOf, keyState: 'PendingImport', wasDisabled: false, all: [missing(one)] },
    },
  });
  const { what, state } = await problemOf(importMaterials(context, [missing(one)], importing));
  assert.deepEqual([what, state], ["Can't see which materials are there.", 'Nothing more was sent or changed.']);
  const enough = new Error('stopped by the person');
  stop.abort(enough);
  await assert.rejects(importMaterials(context, [missing(one)], importing), (error) => error === enough);
});

test('the receipt says whether material came back or only its expiry changed, until when it is, and what KMS tells otherwise', () => {
  const brought = (keyMaterialId: string, more: object = {}) => ({
    ...{ keyMaterialId, file: '/copy', validTo: null, importedAt: asOf, wasThere: true },
    ...more,
  });
  const receipt = (...materials: readonly ReturnType<typeof brought>[]) =>
    importReceipt({ broughtBack: { materials, keyState: 'Enabled' } }, 'Expiry changed');
  assert.equal(receipt(), 'Nothing to do: KMS has every material with its expiry');
  assert.equal(receipt(brought(one)), 'Expiry changed: aaaaaaaa does not expire');
  assert.equal(
    receipt(brought(one), brought(two, { wasThere: false, validTo: '2027-03-01T11:59:00.000Z' })),
    'Material brought back: aaaaaaaa does not expire, bbbbbbbb expires at 2027-03-01 11:59 UTC',
  );
  assert.match(
    receipt(brought(one, { found: 'never' }), brought(two, { found: 'missing' })),
    /WARNING: KMS tells another expiry$/,
  );
  assert.doesNotMatch(receipt(brought(one, { found: 'never' })), /WARNING/);
});

test('where wrapping cannot be proven, no copy is sent', async (t) => {
  breakWrapping(t);
  const { bring, calls } = bringing(t, { all: [missing(one)], answers: { backups: [ownKeyFile()] } });
  const { kind, state } = await problemOf(bring([missing(one)]));
  assert.deepEqual([kind, state], ['ours', 'Your key has not been wrapped and nothing was sent to AWS.']);
  assert.deepEqual(calls, ['ListKeyRotations']);
});
