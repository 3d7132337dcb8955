import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateAliasCommand,
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { policy } from '../../source/steps/policy.ts';
import { type Between, between } from '../faults/between.ts';
import { externalKey, type Practice, practise } from '../practice/practising.ts';
import { beginImport, problemOf, type RunningCeremony } from './ceremony.ts';

const alias = 'alias/my-first-key';

/** A ceremony that has no key yet, with a proxy between it and a practice AWS of its own. */
async function beforeKey(
  t: TestContext,
  settings: Settings = {},
): Promise<{ ceremony: RunningCeremony; proxy: Between }> {
  const practice = await practise(t, { settings });
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  await ceremony.upTo('permissions');
  return { ceremony, proxy };
}

async function keysIn(practice: Practice): Promise<readonly (string | undefined)[]> {
  const { Keys = [] } = await practice.kms().send(new ListKeysCommand({}));
  return Keys.map(({ KeyId }) => KeyId);
}

const limitReached = { status: 400, body: '{"__type":"LimitExceededException","message":"the quota"}' };

test('a key whose CreateKey got no answer, and which ListKeys shows only at the third look, is found', async (t) => {
  const { ceremony, proxy } = await beforeKey(t, {
    faults: [{ operation: 'kms:CreateKey', do: 'drop-after', times: 1 }],
  });
  let looks = 0;
  proxy.decide((call) => {
    if (call !== 'kms:ListKeys') return undefined;
    looks += 1;
    return looks < 3 ? { status: 200, body: '{"Keys":[],"Truncated":false}' } : undefined;
  });
  const { key } = await ceremony.upTo('policy');
  assert.deepEqual(await keysIn(ceremony.practice), [key?.keyId]);
  assert.equal(looks, 3);
});

test('a key whose CreateKey never reached KMS is made, once', async (t) => {
  const { ceremony } = await beforeKey(t, { faults: [{ operation: 'kms:CreateKey', do: 'drop-before', times: 1 }] });
  const { key } = await ceremony.upTo('policy');
  assert.deepEqual(await keysIn(ceremony.practice), [key?.keyId]);
});

test('a quota of keys that is used up is told at once, after one call and no wait', async (t) => {
  const { ceremony, proxy } = await beforeKey(t);
  let calls = 0;
  proxy.decide((call) => {
    if (call !== 'kms:CreateKey') return undefined;
    calls += 1;
    return limitReached;
  });
  await assert.rejects(ceremony.upTo('policy'), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problem.code, 'LimitExceededException');
    return true;
  });
  assert.equal(calls, 1);
  assert.deepEqual(ceremony.waiting.waits, []);
});

for (const { name, answers, says } of [
  { name: 'refused', answers: { 'kms:CreateKey': limitReached }, says: 'No key was made.' },
  {
    name: 'no answer',
    answers: { 'kms:CreateKey': 'cut', 'kms:ListKeys': 'cut' },
    says: 'Whether a key was made is not known. Trying again looks for it first.',
  },
] as const) {
  test(`what is said of the key after a failure is what KMS and the journal know: ${name}`, async (t) => {
    const { ceremony, proxy } = await beforeKey(t);
    proxy.decide((call) => (answers as Readonly<Record<string, 'cut' | typeof limitReached>>)[call]);
    const { what, state } = await problemOf(ceremony.upTo('policy'));
    assert.equal(what, "Can't create the KMS key.");
    assert.equal(state, says);
    assert.deepEqual(await keysIn(ceremony.practice), []);
  });
}

test('an alias of which nobody knows whether it was made is told as open, and found by the next try', async (t) => {
  const { ceremony, proxy } = await beforeKey(t);
  const endless = { spoil: 'endless', everyMs: 20, hasActed: true } as const;
  proxy.decide((call) => (call === 'kms:CreateAlias' ? endless : undefined));
  const { state = '' } = await problemOf(ceremony.upTo('policy'));
  assert.match(
    state,
    /^The key \S+ exists\. Whether it has its alias is not known\. Trying again looks for it first\.$/,
  );
  proxy.decide(() => undefined);
  await ceremony.upTo('policy');
  assert.equal(ceremony.countOf('KMS.CreateAlias'), 1);
});

test('an alias of which nobody knows whether it was moved is found by the next try, and not moved twice', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: await externalKey(kms) }));
  const { endpoint, decide, close } = await between(practice.server.endpoint);
  t.after(close);
  const answers = { 'describe-key': { 'move-alias': true } };
  const ceremony = await beginImport(t, { practice, endpoint, answers });
  await ceremony.upTo('permissions');
  decide((call) => (call === 'kms:UpdateAlias' ? { spoil: 'endless', everyMs: 20, hasActed: true } : undefined));
  const { what, state } = await problemOf(ceremony.upTo('policy'));
  assert.equal(what, `Can't move ${alias}.`);
  assert.match(state ?? '', /Whether it has its alias is not known\. Trying again looks for it first\.$/);
  decide(() => undefined);
  const { key } = await ceremony.upTo('policy');
  assert.equal((await kms.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata?.KeyId, key?.keyId);
  assert.equal(ceremony.countOf('KMS.UpdateAlias'), 1);
});

test('what is said of the key after a failure is what KMS and the journal know: made, and not mended', async (t) => {
  const { ceremony, proxy } = await beforeKey(t);
  await ceremony.practice
    .kms()
    .send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: await externalKey(ceremony.practice.kms()) }));
  assert.match((await problemOf(ceremony.upTo('policy'))).state ?? '', /^The key \S+ exists, without an alias\.$/);
  ceremony.answer('describe-key', { alias: 'alias/my-second-key', description: 'Archive of invoices' });
  proxy.decide((call) => (call === 'kms:UpdateKeyDescription' ? limitReached : undefined));
  const { state } = await problemOf(ceremony.upTo('policy', 'describe-key'));
  assert.equal(state, 'The key exists, with the policy it was made with.');
});

test('before the key is made its price is told, and that practice costs nothing', async (t) => {
  const { ceremony } = await beforeKey(t);
  const [proceed] = ceremony.questionsOf('policy');
  assert.match(proceed?.help ?? '', /^On AWS the key would cost 1 USD a month from now on/m);
  assert.ok(ceremony.facts.connection !== undefined);
  const { practice: _, ...connection } = ceremony.facts.connection;
  const facts = { ...ceremony.facts, connection: { ...connection, source: 'environment' as const } };
  const [onAws] = policy.questions({ facts, answers: {}, services: ceremony.services });
  assert.match(onAws?.help ?? '', /^The key costs 1 USD a month from now on/m);
});

const arn = (name: string) => `arn:aws:iam::000000000000:${name}`;

for (const [changed, { description = '', users = ['role/SecurityAdmin'] }] of [
  ['the people that were', { users: ['user/grace', 'user/hugo'] }],
  ['the description that was', { description: 'Archive of invoices' }],
] as const) {
  test(`a key whose alias was taken, so that it exists without one, gets ${changed} changed since`, async (t) => {
    const { ceremony } = await beforeKey(t);
    const kms = ceremony.practice.kms();
    const ofAnother = await externalKey(kms);
    await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: ofAnother }));
    await assert.rejects(ceremony.upTo('policy'), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.problem.code, 'AlreadyExistsException');
      return true;
    });
    ceremony.answer('describe-key', { alias: 'alias/my-second-key', description });
    ceremony.answer('permissions', { users: users.map(arn) });
    const { key } = await ceremony.upTo('policy', 'describe-key');
    assert.deepEqual((await keysIn(ceremony.practice)).toSorted(), [ofAnother, key?.keyId].toSorted());
    const KeyId = key?.keyId;
    const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId }));
    assert.deepEqual(JSON.parse(Policy), JSON.parse(key?.policy ?? ''));
    for (const name of users) assert.ok(Policy.includes(arn(name)), name);
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    assert.equal(KeyMetadata?.Description, description);
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId }));
    assert.deepEqual(
      Aliases.map(({ AliasName }) => AliasName),
      ['alias/my-second-key'],
    );
  });
}
