import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { sdkStreamMixin } from '@smithy/core/serde';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { EncryptedObject, Facts } from '../../source/steps/facts.ts';
import { prove } from '../../source/steps/prove.ts';
import { proveAgain } from '../../source/steps/prove-again.ts';
import type { Services } from '../../source/steps/services.ts';
import { answeringKms, answeringS3, refusal } from '../aws/answering-clients.ts';
import { connectionOf, foreignKey, foreverImported, keyOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';
import { problemOf } from './ceremony.ts';

const proofFile = 'proof.bin';
const { keyArn } = keyOf('k');
const material = foreverImported.keyMaterialId;
const denied = refusal('AccessDeniedException', 400);
const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';

type Given = {
  readonly facts?: Facts;
  readonly answers?: Answers;
  readonly parts?: Partial<Services>;
  /** Errors of the uses of the key, in turn. */
  readonly errors?: readonly Error[];
  /** What S3 has under any name: bytes, an error, or nothing. */
  readonly object?: Buffer | Error;
};

/** Facts under a strict policy. */
const strict: Facts = {
  people: { administrators: [], users: [], administratorsMayDelete: false, policyKind: 'strict' },
};

/** A step that proves; KMS gives these errors first, and opens everything afterwards. */
function proving(t: TestContext, step: 'prove' | 'prove-again', given: Given = {}) {
  const { facts = {}, answers = {}, parts = {}, errors = [], object } = given;
  const calls: string[] = [];
  const dataKey = randomBytes(32);
  const kms = answeringKms((_, command) => {
    calls.push(command);
    const error = errors[calls.length - 1];
    if (error !== undefined) throw error;
    const Plaintext = Buffer.from(dataKey);
    return command === 'Decrypt'
      ? { Plaintext, KeyMaterialId: material }
      : { Plaintext, KeyMaterialId: material, CiphertextBlob: Buffer.from('encrypted') };
  });
  const s3 = answeringS3((input, command) => {
    calls.push(`${command} ${(input as { readonly Key?: string }).Key}`);
    if (object === undefined) throw refusal('NotFound', 404);
    if (object instanceof Error) throw object;
    const body = { ContentLength: object.length, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const;
    return command === 'HeadObject' ? body : { ...body, Body: sdkStreamMixin(Readable.from([object])) };
  });
  const acting = actingIn(t, {
    step,
    kms,
    s3,
    answers,
    facts: {
      connection: connectionOf(you),
      description: { alias: 'alias/a', description: '' },
      key: keyOf('k'),
      imported: foreverImported,
      broughtBack: { materials: [], keyState: 'Enabled' },
      toDisable: false,
      ...facts,
    },
    parts,
  });
  const { act } = step === 'prove' ? prove : proveAgain;
  return { ...acting, calls, act: () => act(acting.context) };
}

const labelsOf = (reports: readonly { readonly label: string }[]) => reports.map(({ label }) => label);

test('a proof that KMS makes is kept, with the material that made it', async (t) => {
  const { act, services, calls, reports } = proving(t, 'prove');
  const { proof, notOpened } = await act();
  assert.deepEqual([proof?.keyMaterialId, proof?.file, notOpened], [material, proofFile, undefined]);
  assert.equal(String(services.folder.read(proofFile)), 'encrypted');
  assert.deepEqual(calls, ['GenerateDataKey', 'Decrypt']);
  assert.deepEqual(labelsOf(reports), [
    'Making a data key and opening it again',
    'A data key was made and opened again',
  ]);
});

test('whoever may not use the key that they imported leaves the proof to others, where that is possible', async (t) => {
  const existing: Facts = { existing: foreignKey };
  const others = proving(t, 'prove', { errors: [denied], facts: existing });
  assert.deepEqual(await others.act(), { notOpened: 'refused' });
  assert.equal(others.reports.at(-1)?.label, 'Nothing was opened: you may not use the key');
  const own = await problemOf(proving(t, 'prove', { errors: [denied] }).act());
  assert.deepEqual([own.what, own.state], ["Can't prove the key.", 'The material is imported; nothing is lost.']);
  assert.match(own.next[0] ?? '', /^Leave the proof to a user of the key/);
  assert.ok(own.next.length > 1, 'what else can be done stays');
  assert.deepEqual(
    own.remedies?.map(({ label }) => label),
    ['Leave the proof to a user of the key'],
  );
  for (const given of [{ errors: [denied], facts: strict }, { errors: [refusal('DisabledException', 400)] }]) {
    const { next, remedies } = await problemOf(proving(t, 'prove', given).act());
    assert.doesNotMatch(`${next.join()}${remedies?.map(({ label }) => label).join()}`, /Leave the proof/);
  }
  const disabled = { errors: [refusal('DisabledException', 400)], facts: existing };
  assert.equal((await problemOf(proving(t, 'prove', disabled).act())).what, "Can't prove the key.");
});

test('material that is not everywhere yet is waited for; whoever stops meanwhile gets no problem', async (t) => {
  const early = proving(t, 'prove', { errors: [refusal('KMSInvalidStateException', 400)] });
  assert.ok((await early.act()).proof);
  assert.equal(early.waits[0]?.label, 'The material is not everywhere yet');
  for (const step of ['prove', 'prove-again'] as const) {
    const { act, stop } = proving(t, step, { errors: [refusal('DisabledException', 400)] });
    const enough = new Error('stopped by the person');
    stop.abort(enough);
    await assert.rejects(act(), (error) => error === enough);
  }
});

test('the question who proves suggests whoever can, and under a strict policy takes nobody but the importer', (t) => {
  const questionOf = (facts: Facts) => {
    const { context } = proving(t, 'prove', { facts });
    const [question] = prove.questions(context);
    assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
    return { ...question, closed: question.options.filter(({ disabled }) => disabled).map(({ value }) => value) };
  };
  const refused = { imported: { ...foreverImported, refusedUses: ['kms:Decrypt', 'kms:GenerateDataKey'] } };
  for (const [facts, suggested, asked, closed, help] of [
    [{}, 'me', undefined, [], /^Whoever proves it must be allowed to use the key\.\nWhere a user of the key does it/],
    [refused, 'user', 'always', [], /^KMS refuses you kms:Decrypt and kms:GenerateDataKey: you look after the key/],
    [strict, 'me', undefined, ['user', 'later'], /^Whoever proves it must be allowed to use the key\.$/],
    [{ ...strict, ...refused }, 'me', 'always', ['user', 'later'], /: the proof needs that\.$/],
  ] as const) {
    const question = questionOf(facts);
    assert.deepEqual([question.default, question.asked, question.closed], [suggested, asked, closed]);
    assert.match(question.help ?? '', help);
  }
  const { context } = proving(t, 'prove');
  const ids = (by: string) => prove.questions({ ...context, answers: { by } }).map(({ id }) => id);
  assert.deepEqual([ids('me'), ids('later'), ids('user')], [['by'], ['by'], ['by', 'result']]);
  const result = prove.questions({ ...context, answers: { by: 'user' } })[1];
  assert.ok(result?.kind === 'text');
  assert.match(result.check?.('') ?? '', /^It takes the path of/);
  assert.equal(result.check?.('a.json'), undefined);
});

test('after a reimport the data key of the first proof is opened; where there is none, one is made', async (t) => {
  const first = proving(t, 'prove-again');
  first.services.folder.write(proofFile, Buffer.from('of the first day'));
  const { proof } = await first.act();
  assert.deepEqual(first.calls, ['Decrypt']);
  assert.deepEqual([proof?.keyMaterialId, proof?.file], [material, proofFile]);
  assert.equal(String(first.services.folder.read(proofFile)), 'of the first day');
  const without = proving(t, 'prove-again');
  await without.act();
  assert.deepEqual(without.calls, ['GenerateDataKey', 'Decrypt']);
});

test('a data key of another key, and a key that cannot be used, are told with what has happened to the material', async (t) => {
  for (const name of ['InvalidCiphertextException', 'IncorrectKeyException']) {
    const { act, services } = proving(t, 'prove-again', { errors: [refusal(name, 400)] });
    services.folder.write(proofFile, Buffer.from('of another key'));
    const { what, why, next } = await problemOf(act());
    assert.equal(what, "Can't open the data key of the first proof.");
    assert.ok(why?.startsWith(services.folder.file(proofFile)));
    assert.match(next[0] ?? '', /: mv '.*proof\.bin' '.*proof\.bin\.old'$/);
  }
  for (const [toDisable, says] of [
    [false, 'The material is imported; nothing is lost.'],
    [
      true,
      'The material is imported; nothing is lost. The key is Enabled until this has gone on: then it is disabled again.',
    ],
  ] as const) {
    const { act, services } = proving(t, 'prove-again', {
      errors: [refusal('DisabledException', 400)],
      facts: { toDisable },
    });
    services.folder.write(proofFile, Buffer.from('of the first day'));
    const { what, state } = await problemOf(act());
    assert.deepEqual([what, state], ["Can't prove that old data can be read.", says]);
  }
});

test('a key that is Disabled or may not be used is not opened, and that is no problem', async (t) => {
  const disabled = proving(t, 'prove-again', { facts: { broughtBack: { materials: [], keyState: 'Disabled' } } });
  assert.deepEqual([await disabled.act(), disabled.calls], [{ notOpened: 'Disabled' }, []]);
  assert.deepEqual(labelsOf(disabled.reports), ['The key is Disabled, so that nothing was opened with it']);
  const refused = proving(t, 'prove-again', { errors: [denied] });
  assert.deepEqual(await refused.act(), { notOpened: 'refused' });
  assert.equal(refused.reports.at(-1)?.label, 'Nothing was opened: you may not use the key');
});

const content = Buffer.from('some bytes');
const object = (key: string, size: number) =>
  ({
    bucket: 'b',
    key,
    size,
    sha256: sha256Of(content),
    sseAlgorithm: 'aws:kms',
    kmsKeyArn: keyArn,
    verified: true,
  }) as EncryptedObject;

for (const [what, stored, isSame, says] of [
  ['as it was', content, true, 's3://b/small can be read, with the bytes on record'],
  [
    'with other bytes',
    Buffer.from('other bytes'),
    false,
    's3://b/small can be read; its bytes are not those on record',
  ],
  ['gone', undefined, undefined, 's3://b/small is there no more, and was not read'],
  ['closed to the caller', refusal('AccessDenied', 403), undefined, 's3://b/small was not read: you may not read it'],
] as const)
  test(`of the recorded objects the smallest is read, and is told to be ${what}`, async (t) => {
    const objects = { bucket: 'b', objects: [object('large', 90), object('small', 10), object('other', 50)] };
    const { act, calls, reports } = proving(t, 'prove-again', {
      parts: { recorded: { objects } },
      ...(stored === undefined ? {} : { object: stored }),
    });
    const { readable, proof } = await act();
    assert.ok(proof !== undefined);
    assert.deepEqual(readable, isSame === undefined ? undefined : { bucket: 'b', key: 'small', isSame });
    assert.ok(calls.filter((call) => /Object/.test(call)).every((call) => call.endsWith(' small')));
    assert.deepEqual(labelsOf(reports).slice(-2), ['Reading s3://b/small', says]);
  });

test('what a receipt says was opened is what was opened', () => {
  const proof = { keyMaterialId: material, provedAt: '', file: proofFile };
  const nameless = { ...proof, keyMaterialId: '' };
  assert.equal(proveAgain.receipt({ notOpened: 'refused' }), 'Nothing was opened: you may not use the key');
  assert.equal(proveAgain.receipt({ notOpened: 'Disabled' }), 'Nothing was opened: the key is Disabled');
  assert.equal(proveAgain.receipt({ proof }), 'Old data readable: material aaaaaaaa opened a data key');
  assert.equal(
    proveAgain.receipt({ proof: nameless, readable: { bucket: 'b', key: 'a', isSame: true } }),
    'Old data readable: the key opened a data key; s3://b/a can be read',
  );
  assert.equal(prove.receipt({ proof }), `Key proven: material ${material}`);
  assert.equal(prove.receipt({ proof: nameless }), 'Key proven: KMS gave no id of the material');
  assert.equal(prove.receipt({ notOpened: 'refused' }), 'Nothing was opened with the key: you may not use it');
  const script = 'prove.sh';
  assert.match(prove.receipt({ leftToUser: { script } }), /no result yet; the commands are in prove\.sh$/);
});

test('a proof that is left to a user of the key opens nothing, writes what they need, and waits only for a result that is to come', async (t) => {
  const later = proving(t, 'prove', { answers: { by: 'later' } });
  assert.deepEqual(await later.act(), { leftToUser: { script: 'user-proof.sh' } });
  assert.match(String(later.services.folder.read('user-proof.sh')), /^#!\/usr\/bin\/env bash\n/);
  assert.match(later.reports.at(-1)?.label ?? '', /\/user-proof\.sh is there, for a user of the key$/);
  const user = proving(t, 'prove', { answers: { by: 'user', result: 'user-proof.json' } });
  assert.equal((await problemOf(user.act())).kind, 'waiting');
  assert.equal(user.services.folder.has('user-proof.sh'), true);
  assert.deepEqual([later.calls, user.calls], [[], []]);
  const { context } = later;
  const shells = (by: string) =>
    prove
      .commands({ ...context, answers: { by } })
      .map(({ shell }) => shell)
      .join('\n');
  for (const by of ['user', 'later']) {
    assert.match(shells(by), /user-proof\.json$/);
    assert.deepEqual(prove.foresee?.({ ...context, answers: { by } }), { leftToUser: { script: 'user-proof.sh' } });
  }
  assert.doesNotMatch(shells('me'), /user-proof/);
  assert.match(shells('me'), /openssl base64 -d -A > proof\.bin/);
  assert.deepEqual(prove.foresee?.({ ...context, answers: { by: 'me' } }), {});
  const result = {
    ...{ openedBy: you, openedAt: '2026-11-25T20:10:00Z', keyMaterialId: material },
    ...{ takenAt: '2026-11-26T08:00:00Z', sha256: '' },
  };
  assert.equal(
    prove.receipt({ leftToUser: { script: 'user-proof.sh', result } }),
    `Proof as a user of the key states: ${you} opened a data key at 2026-11-25 20:10 UTC, material ${material}`,
  );
});
