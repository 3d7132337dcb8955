import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { Material } from '../../source/steps/facts.ts';
import { importWrapped } from '../../source/steps/import-wrapped.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { connectionOf, fetchedPair, keyOf, materialOf } from '../known-facts.ts';
import { actingIn, parametersToImport } from './acting.ts';
import { problemOf } from './ceremony.ts';

/* A key that an HSM keeps comes back from a file that was wrapped there. */

const now = '2026-11-25T10:00:00.000Z';
const [one, two, three] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
const wrapped = randomBytes(256);
const pair = parametersToImport(2048);

const missing = (keyMaterialId: string, more: Partial<Material> = {}) =>
  materialOf({ keyMaterialId, isImported: false, expiry: 'unknown', ...more });

type Given = {
  readonly all?: readonly Material[];
  readonly answers?: Answers;
  readonly wasDisabled?: boolean;
  readonly error?: Error;
  readonly tokenUntil?: string;
};

/** The step with a wrapped file and its pair in the folder. */
function bringing(t: TestContext, given: Given = {}) {
  const {
    all = [missing(one)],
    answers = {},
    wasDisabled = false,
    error,
    tokenUntil = '2026-11-26T10:00:00.000Z',
  } = given;
  const sent: { KeyMaterialId?: string; EncryptedKeyMaterial?: Uint8Array; ImportToken?: Uint8Array }[] = [];
  const kms = answeringKms((input, command) => {
    if (command === 'DescribeKey') return { KeyMetadata: { KeyId: 'k', KeyState: 'Enabled' } };
    if (command === 'ListKeyRotations')
      return { Rotations: all.map(({ keyMaterialId: KeyMaterialId }) => ({ KeyMaterialId, ImportState: 'IMPORTED' })) };
    sent.push(input as object);
    return error ?? {};
  });
  const acting = actingIn(t, {
    step: 'import-wrapped',
    kms,
    answers: { expiry: 'never', ...answers },
    facts: {
      connection: connectionOf('arn:aws:iam::000000000000:user/a'),
      secret: { origin: 'elsewhere', keeper: 'payments HSM' },
      key: keyOf('k'),
      materials: { asOf: now, keyState: wasDisabled ? 'Disabled' : 'PendingImport', wasDisabled, all },
      wrapping: {
        ...fetchedPair,
        keySpec: 'RSA_2048',
        publicKeySha256: sha256Of(pair.PublicKey),
        tokenSha256: sha256Of(pair.ImportToken),
        validTo: tokenUntil,
      },
      wrapped: { file: 'mine.bin', bytes: 256, by: 'you', sha256: sha256Of(wrapped), under: sha256Of(pair.PublicKey) },
    },
    parts: { clock: () => new Date(now) },
  });
  const { folder } = acting.services;
  folder.write('mine.bin', wrapped);
  folder.write(fetchedPair.publicKeyFile, pair.PublicKey);
  folder.write(fetchedPair.tokenFile, pair.ImportToken);
  return { ...acting, sent, act: () => importWrapped.act(acting.context) };
}

test('the wrapped file goes to the material that was chosen, else to the first that is missing, else to the first that is needed', async (t) => {
  const spare = materialOf({ keyMaterialId: three, state: 'PENDING_ROTATION' });
  const [there, other] = [materialOf({ keyMaterialId: one }), materialOf({ keyMaterialId: two, state: 'NON_CURRENT' })];
  for (const [all, material, expected] of [
    [[there, missing(two, { state: 'NON_CURRENT' })], undefined, two],
    [[missing(one), missing(two, { state: 'NON_CURRENT' })], two, two],
    [[missing(one), missing(two, { state: 'NON_CURRENT' })], 'none of these', one],
    [[spare, there, other], undefined, one],
    [[spare, there, other], two, two],
  ] as const) {
    const { act, sent } = bringing(t, { all, answers: material === undefined ? {} : { material } });
    const { broughtBack } = await act();
    assert.equal(sent[0]?.KeyMaterialId, expected);
    assert.deepEqual(Buffer.from(sent[0]?.EncryptedKeyMaterial ?? []), wrapped);
    assert.deepEqual(Buffer.from(sent[0]?.ImportToken ?? []), pair.ImportToken);
    assert.deepEqual(
      broughtBack?.materials.map((each) => [each.keyMaterialId, each.found, 'checkValue' in each]),
      [[expected, 'never', false]],
    );
  }
});

test('which material is in the file is asked only where there are several, and before anything else', (t) => {
  const ids = (all: readonly Material[], answers: Answers = {}) =>
    importWrapped.questions({ ...bringing(t, { all }).context, answers }).map(({ id }) => id);
  const several = [missing(one), missing(two, { state: 'NON_CURRENT' })];
  assert.deepEqual(ids([missing(one)]), ['expiry', 'proceed']);
  assert.deepEqual(ids(several), ['material', 'expiry', 'proceed']);
  assert.deepEqual(ids(several, { expiry: 'date' }), ['material', 'expiry', 'valid-to', 'proceed']);
});

test('other bytes in the file are told with who has to wrap the right ones, and nothing is changed', async (t) => {
  const { act, context } = bringing(t, { error: refusal('IncorrectKeyMaterialException', 400) });
  const { what, why, next, state, remedies } = await problemOf(act());
  assert.equal(what, 'The material was not brought back: another key is in the wrapped file.');
  assert.match(
    why ?? '',
    /^KMS opened mine\.bin and refused what is in it as other bytes than the material aaaaaaaa\.$/,
  );
  assert.deepEqual(
    [next, state],
    [['Let payments HSM wrap the key that was imported, and give that file.'], 'Nothing was changed.'],
  );
  assert.deepEqual(
    remedies?.map(({ label }) => label),
    ['Choose another file', 'Fetch a new wrapping key and token'],
  );
  const { secret: _, ...facts } = context.facts;
  const nobody = await problemOf(importWrapped.act({ ...context, facts }));
  assert.match(nobody.next[0] ?? '', /^Let its keeper wrap/);
});

test('a token that is about to end is not sent, and one that KMS calls used up leads to a new pair by itself', async (t) => {
  const old = bringing(t, { tokenUntil: '2026-11-25T10:09:00.000Z' });
  const { what, renewal } = await problemOf(old.act());
  assert.equal(what, "Can't import with this token any more.");
  assert.deepEqual([renewal?.step, renewal?.ask, old.sent], ['wrapping-key', ['wrap'], []]);
  const used = await problemOf(bringing(t, { error: refusal('ExpiredImportTokenException', 400) }).act());
  assert.deepEqual([used.renewal?.step, used.renewal?.ask], ['wrapping-key', ['wrap']]);
  const unread = await problemOf(bringing(t, { error: refusal('InvalidCiphertextException', 400) }).act());
  assert.equal(unread.renewal, undefined);
  assert.match(unread.why ?? '', /mine\.bin is right, so a hash is most likely not/);
  assert.match(unread.what, /^The material aaaaaaaa was not brought back\.$/);
});

test('a file that has changed since it was wrapped is not sent', async (t) => {
  const { act, sent, services } = bringing(t);
  services.folder.replace('mine.bin', randomBytes(256));
  const { why } = await problemOf(act());
  assert.match(why ?? '', /mine\.bin was changed after it was wrapped/);
  assert.deepEqual(sent, []);
});

test('a key that was Disabled is disabled again after the import, unless it is to be left enabled', async (t) => {
  for (const [wasDisabled, proceed, isToDisable] of [
    [true, 'import', true],
    [true, 'leave-enabled', false],
    [false, 'import', false],
  ] as const) {
    const { toDisable, broughtBack } = await bringing(t, { wasDisabled, answers: { proceed } }).act();
    assert.deepEqual([toDisable, broughtBack?.keyState], [isToDisable, 'Enabled']);
  }
});

test('each stage of the import is told, and how it would be done by hand', async (t) => {
  const { act, reports, context } = bringing(t);
  await act();
  assert.deepEqual(reports.map(({ label }) => label).slice(0, 3), [
    'Importing material aaaaaaaa',
    'KMS took it as material aaaaaaaa',
    'The key is Enabled',
  ]);
  const [command] = importWrapped.commands(context);
  assert.match(command?.shell ?? '', /fileb:\/\/mine\.bin[\s\S]*fileb:\/\/importToken_1[\s\S]*--key-material-id a{64}/);
  assert.match(command?.shell ?? '', /--expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE/);
  const dated = importWrapped.commands({ ...context, answers: { expiry: 'date', 'valid-to': '2027-03-01' } });
  assert.match(dated[0]?.shell ?? '', /KEY_MATERIAL_EXPIRES[\s\S]*--valid-to 2027-03-01T00:00:00/);
  assert.deepEqual(importWrapped.commands({ ...context, answers: { expiry: 'date', 'valid-to': '2027-' } }), []);
});
