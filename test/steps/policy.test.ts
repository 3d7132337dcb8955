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
import { type Between, between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey, type Practice, practise } from '../practice/practising.ts';
import { beginImport, type RunningCeremony } from './ceremony.ts';

const alias = 'alias/my-first-key';

/** A ceremony that has no key yet, with a proxy between it and a practice AWS of its own. */
async function beforeKey(
  t: TestContext,
  settings: Settings = {},
): Promise<{ ceremony: RunningCeremony; proxy: Between }> {
  const practice = await practise(t, { folder: newFolder({ inMemory: true }), settings });
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
    return { status: 400, body: '{"__type":"LimitExceededException","message":"the quota"}' };
  });
  await assert.rejects(ceremony.upTo('policy'), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problem.code, 'LimitExceededException');
    return true;
  });
  assert.equal(calls, 1);
  assert.deepEqual(ceremony.waiting.waits, []);
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
