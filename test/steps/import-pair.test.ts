import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { fetchPair, makePairRenewal } from '../../source/steps/import-pair.ts';
import type { Services } from '../../source/steps/services.ts';
import { chosenPair, wrappingKey } from '../../source/steps/wrapping-key.ts';
import { answeringKms, inTurn, refusal } from '../aws/answering-clients.ts';
import { connectionOf, fetchedPair, materialOf } from '../known-facts.ts';
import { actingIn, parametersToImport } from './acting.ts';
import { problemOf } from './ceremony.ts';

const keyId = '11111111-2222-4333-8444-555555555555';
const arn = `arn:aws:kms:us-east-1:000000000000:key/${keyId}`;
const good = { ...parametersToImport(2048), KeyId: arn };
const small = { algorithm: 'RSAES_OAEP_SHA_256', keySpec: 'RSA_2048' } as const;

/** The step that fetches a pair; KMS gives these answers in turn, the last one again and again. */
function fetching(
  t: TestContext,
  answers: readonly (object | Error)[],
  facts: Facts = {},
  parts: Partial<Services> = {},
) {
  const sent: object[] = [];
  const answer = inTurn(answers);
  const kms = answeringKms((input) => {
    sent.push(input);
    return answer();
  });
  const acting = actingIn(t, {
    step: 'wrapping-key',
    kms,
    answers: { wrapping: 'RSAES_OAEP_SHA_256 RSA_2048' },
    facts: {
      connection: connectionOf('arn:aws:iam::000000000000:user/a'),
      description: { alias: 'alias/a', description: '' },
      key: { keyId, keyArn: arn, alias: 'alias/a', createdAt: '' },
      ...facts,
    },
    parts: { clock: () => new Date('2026-11-25T14:00:00.000Z'), ...parts },
  });
  return { ...acting, sent, act: () => wrappingKey.act(acting.context) };
}

/** The good pair with another value of one part, or without it. */
const goodBut = (part: string, value?: unknown) => ({ ...good, [part]: value });

for (const [what, answer, says] of [
  ['of another key', goodBut('KeyId', `${arn}0`), `sent one of another key, ${arn}0.`],
  ['without a wrapping key', goodBut('PublicKey'), 'sent nothing that can be read.'],
  [
    'with a wrapping key of another length',
    goodBut('PublicKey', parametersToImport(3072).PublicKey),
    'sent an RSA key of 3072 bits.',
  ],
  ['without a token', goodBut('ImportToken'), 'sent it without an import token.'],
  ['with an empty token', goodBut('ImportToken', new Uint8Array()), 'sent it without an import token.'],
  ['without its time', goodBut('ParametersValidTo'), 'sent it without its time of expiry.'],
] as const)
  test(`a pair ${what} is not kept, and another one is offered`, async (t) => {
    const { services, act } = fetching(t, [answer]);
    const { why, state, remedies, renewal } = await problemOf(act());
    assert.equal(why, `KMS was asked for an RSA_2048 wrapping key, and ${says}`);
    assert.equal(state, 'Nothing was wrapped or sent. The KMS key still waits for its material.');
    assert.deepEqual(
      remedies?.map(({ label }) => label),
      ['Fetch a fresh pair', 'Choose another wrapping'],
    );
    assert.deepEqual([renewal?.step, renewal?.isOffered], ['wrapping-key', true]);
    assert.deepEqual(readdirSync(services.folder.path), []);
  });

test('a whole pair is taken, also from a KMS that does not name the key', async (t) => {
  const fetched = { step: 'wrapping-key', state: '' } as const;
  for (const answer of [good, goodBut('KeyId')]) {
    const { services } = fetching(t, [answer]);
    const pair = await fetchPair(services, keyId, small, fetched);
    assert.equal(pair.wrappingKey.sha256, sha256Of(good.PublicKey));
    assert.deepEqual([pair.importToken, pair.validTo], [good.ImportToken, good.ParametersValidTo]);
  }
});

test('a pair is saved as it came, with its hashes, who sent it and until when it is good', async (t) => {
  const { act, sent, services, reports } = fetching(t, [good]);
  const { wrapping } = await act();
  assert.deepEqual(sent, [{ KeyId: keyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }]);
  const { publicKeyFile = '', tokenFile = '' } = wrapping ?? {};
  assert.deepEqual(services.folder.read(publicKeyFile), good.PublicKey);
  assert.deepEqual(services.folder.read(tokenFile), good.ImportToken);
  assert.deepEqual(wrapping, {
    ...small,
    ...{ publicKeyFile, tokenFile },
    publicKeySha256: sha256Of(good.PublicKey),
    tokenSha256: sha256Of(good.ImportToken),
    sentBy: { host: 'kms.us-east-1.amazonaws.com' },
    validTo: '2026-11-26T14:00:00.000Z',
  });
  const last = reports.at(-1);
  assert.deepEqual(
    [last?.label, last?.note],
    ['Wrapping key and import token saved', 'valid until 2026-11-26 14:00 UTC'],
  );
  assert.deepEqual(
    reports.map(({ id }) => id),
    ['fetch', 'sender', 'fetch'],
  );
});

test('a file that was wrapped before this pair came is noted, so that it is not taken as wrapped under it', async (t) => {
  const recorded = { wrapped: { file: 'enc.aes.key', bytes: 256, by: 'you', sha256: 'ab' } } as const;
  assert.equal((await fetching(t, [good], {}, { recorded }).act()).wrapping?.olderFileSha256, 'ab');
  const { act, services, journal } = fetching(t, [good], {}, { recorded });
  services.folder.write('mine.bin', Buffer.from('wrapped'));
  journal.append({ kind: 'answered', step: 'wrap', answers: { by: 'me', file: 'mine.bin' } });
  assert.equal((await act()).wrapping?.olderFileSha256, sha256Of('wrapped'));
  const byKeyferry = fetching(t, [good]);
  byKeyferry.services.folder.write('mine.bin', Buffer.from('wrapped'));
  byKeyferry.journal.append({ kind: 'answered', step: 'wrap', answers: { by: 'keyferry', file: 'mine.bin' } });
  assert.equal('olderFileSha256' in ((await byKeyferry.act()).wrapping ?? {}), false);
});

test('a key that KMS does not know everywhere is waited for; any other refusal is told with what the key has', async (t) => {
  const early = fetching(t, [refusal('NotFoundException', 400), good]);
  assert.ok((await early.act()).wrapping);
  assert.equal(early.waits[0]?.label, 'The key is not everywhere yet');
  const denied = refusal('AccessDeniedException', 400);
  const materials = { asOf: '', keyState: 'Enabled', wasDisabled: false, all: [materialOf()] };
  for (const [facts, says] of [
    [{}, 'The KMS key still waits for its material.'],
    [{ materials }, 'The KMS key has the material that it had.'],
  ] as const) {
    const { what, state } = await problemOf(fetching(t, [denied], facts).act());
    assert.deepEqual([what, state], ["Can't get a wrapping key.", says]);
  }
  const stopped = fetching(t, [denied]);
  const enough = new Error('stopped by the person');
  stopped.stop.abort(enough);
  await assert.rejects(stopped.act(), (error) => error === enough);
});

test('the pair of the first import is suggested again, and every algorithm that cannot be used is there once with its reason', (t) => {
  const questionOf = (facts: Facts, parts: Partial<Services> = {}) => {
    const [question] = wrappingKey.questions(fetching(t, [], facts, parts).context);
    assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
    return { ...question, options: question.options };
  };
  const { options, default: suggested, help } = questionOf({});
  assert.equal(suggested, 'RSAES_OAEP_SHA_256 RSA_4096');
  assert.equal(options.find(({ value }) => value === suggested)?.hint, 'recommended');
  assert.equal(options.filter(({ hint }) => hint === 'as in the video').length, 1);
  assert.equal(options.filter(({ disabled }) => disabled === undefined).length, 6);
  const refused = options.filter(({ disabled }) => disabled !== undefined).map(({ label }) => label);
  assert.ok(refused.length > 1 && new Set(refused).size === refused.length, refused.join());
  assert.equal(questionOf({}, { recorded: { wrapping: fetchedPair } }).default, 'RSAES_OAEP_SHA_256 RSA_4096');
  const first = { wrapping: { ...fetchedPair, algorithm: 'RSAES_OAEP_SHA_1', keySpec: 'RSA_3072' } } as const;
  assert.equal(questionOf({}, { recorded: first }).default, 'RSAES_OAEP_SHA_1 RSA_3072');
  assert.doesNotMatch(help ?? '', /HSM/);
  assert.match(questionOf({ secret: { origin: 'elsewhere', keeper: 'the HSM' } }).help ?? '', /Many HSMs have/);
});

test('the pair of a ceremony is the one that was chosen last, else the recommended one', (t) => {
  const { services, journal } = fetching(t, []);
  assert.deepEqual(chosenPair(services), { algorithm: 'RSAES_OAEP_SHA_256', keySpec: 'RSA_4096' });
  journal.append({ kind: 'answered', step: 'wrapping-key', answers: { wrapping: 'RSAES_OAEP_SHA_1 RSA_3072' } });
  assert.deepEqual(chosenPair(services), { algorithm: 'RSAES_OAEP_SHA_1', keySpec: 'RSA_3072' });
});

test('the receipt of a wrapping key names who sent it, but for practice AWS', () => {
  const receipt = (source: 'practice' | 'environment', sentBy?: NonNullable<Facts['wrapping']>['sentBy']) =>
    wrappingKey.receipt({
      connection: { ...connectionOf('arn:aws:iam::000000000000:user/a'), source },
      wrapping: { ...fetchedPair, publicKeySha256: 'ab', ...(sentBy === undefined ? {} : { sentBy }) },
    });
  const start = 'Wrapping key saved: RSAES_OAEP_SHA_256, RSA_4096, until 2026-11-25 12:00 UTC, SHA-256 ab';
  assert.equal(receipt('environment'), start);
  assert.equal(receipt('environment', { host: 'a.test' }), `${start}, from a.test`);
  assert.equal(
    receipt('environment', { host: 'a.test', issuer: 'Amazon' }),
    `${start}, from a.test (certificate of Amazon)`,
  );
  assert.equal(receipt('practice', { host: 'a.test', issuer: 'Amazon' }), start);
});

test('the printed commands keep the pair under the names that it has or will have', (t) => {
  const shellOf = (facts: Facts) =>
    wrappingKey
      .commands(fetching(t, [], facts).context)
      .map(({ shell }) => shell)
      .join('\n');
  assert.match(shellOf({ wrapping: fetchedPair }), /-A > wrappingKey_1\n.* -A > importToken_1/);
  assert.match(shellOf({}), new RegExp(`-A > \\S*wrappingKey_${keyId}_\\S+\n.* -A > \\S*importToken_${keyId}_`));
  assert.match(shellOf({}), /--wrapping-algorithm RSAES_OAEP_SHA_256[^|]*--wrapping-key-spec RSA_2048/s);
});

test('a fresh pair is wrapped under by itself, and a person who has wrapped is asked to do it again', () => {
  assert.deepEqual(makePairRenewal('It is old', 'keyferry'), {
    step: 'wrapping-key',
    says: 'It is old: a new pair is fetched, and the secret is wrapped again',
  });
  assert.deepEqual(makePairRenewal('It is old', 'you'), {
    step: 'wrapping-key',
    says: 'It is old: a new pair is fetched, under which you wrap your secret again',
    ask: ['wrap'],
  });
});
