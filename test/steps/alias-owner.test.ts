import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DisableKeyCommand,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import { moveAliasQuestions, verifyAlias } from '../../source/steps/alias-owner.ts';
import { answeringKms } from '../aws/answering-clients.ts';
import { withClients } from '../offline-services.ts';
import { denyCaller, externalKey, must, practise } from '../practice/practising.ts';
import { makeConnected } from '../services.ts';
import { proxyBefore } from './ceremony.ts';

const alias = 'alias/payments';

test('an alias counts as the own one once this ceremony has begun to make or move it, and not where KMS refused', async (t) => {
  const practice = await practise(t);
  const TargetKeyId = await externalKey(practice.kms());
  await practice.kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId }));
  for (const name of ['create-alias', 'move-alias']) {
    const { services } = await makeConnected(t, { practice });
    const { journal } = services;
    const isOthers = async () => {
      assert.equal(await verifyAlias(services, alias), undefined);
      return moveAliasQuestions(services, alias).length > 0;
    };
    assert.equal(await isOthers(), true);
    journal.append({ kind: 'intent', step: 'policy', name });
    assert.equal(await isOthers(), false);
    journal.append({ kind: 'outcome', step: 'policy', name, outcome: 'done' });
    assert.equal(await isOthers(), false);
    journal.append({ kind: 'intent', step: 'policy', name });
    journal.append({ kind: 'outcome', step: 'policy', name, outcome: 'refused' });
    assert.equal(await isOthers(), true);
  }
});

test('an alias is accepted although the caller may not look at its key or list aliases; one that AWS reserves is refused', async (t) => {
  const practice = await practise(t);
  const proxy = await proxyBefore(t, practice);
  const keyId = await externalKey(practice.kms());
  await practice.kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
  const { services } = await makeConnected(t, { practice, endpoint: proxy.endpoint });
  denyCaller(practice, 'kms:DescribeKey');
  assert.equal(await verifyAlias(services, alias), undefined);
  const [move] = moveAliasQuestions(services, alias);
  assert.match(move?.help ?? '', new RegExp(`it points to key ${keyId} \\(which you may not look at\\)\\.`));
  denyCaller(practice, 'kms:ListAliases');
  assert.equal(await verifyAlias(services, alias), undefined);
  assert.deepEqual(moveAliasQuestions(services, alias), []);
  const Aliases = [{ AliasName: alias, AliasArn: `arn:aws:kms:us-east-1:000000000000:${alias}` }];
  proxy.decide((call) =>
    call === 'kms:ListAliases' ? { status: 200, body: JSON.stringify({ Aliases, Truncated: false }) } : undefined,
  );
  assert.equal(await verifyAlias(services, alias), `${alias} is reserved in us-east-1. Choose another.`);
});

test('an alias is moved only from a symmetric key for encryption: a key of another kind keeps its alias', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { services } = await makeConnected(t, { practice });
  const keyOf = async (AliasName: string, input: CreateKeyCommandInput) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
    const TargetKeyId = must(KeyMetadata?.KeyId);
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
    return TargetKeyId;
  };
  for (const [KeySpec, KeyUsage] of [
    ['RSA_2048', 'ENCRYPT_DECRYPT'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
  ] as const) {
    const other = `alias/${KeySpec}`;
    const keyId = await keyOf(other, { KeySpec, KeyUsage });
    assert.equal(
      await verifyAlias(services, other),
      `${other} is taken in us-east-1: it points to key ${keyId}. KMS does not move it from a key of another kind (${KeySpec}). Choose another.`,
    );
    assert.deepEqual(moveAliasQuestions(services, other), []);
  }
  const keyId = await keyOf(alias, { Description: `${'d'.repeat(60)}, and more` });
  await kms.send(new DisableKeyCommand({ KeyId: keyId }));
  assert.equal(await verifyAlias(services, alias), undefined);
  const [move, ...others] = moveAliasQuestions(services, alias);
  assert.deepEqual(others, []);
  const about = `${alias} is taken in us-east-1: it points to key ${keyId} (Disabled, origin AWS_KMS, "${'d'.repeat(60)}").`;
  assert.equal(move?.help?.split('\n')[0], about);
  // No alias is moved without a tick, also where the other questions are answered by their defaults.
  assert.deepEqual([move?.asked, move?.mustTick], ['always', true]);
});

test('the state of the key that has an alias is told, and its description only where it has one', async (t) => {
  const aboutKey = async (more: object) => {
    const metadata = {
      KeyId: 'k',
      KeyUsage: 'ENCRYPT_DECRYPT',
      KeySpec: 'SYMMETRIC_DEFAULT',
      Origin: 'EXTERNAL',
      ...more,
    };
    const kms = answeringKms((_, command) =>
      command === 'ListAliases'
        ? { Aliases: [{ AliasName: alias, TargetKeyId: 'k' }] }
        : { KeyMetadata: metadata as KeyMetadata },
    );
    const services = withClients(t, { kms, region: 'us-east-1' });
    const refusal = await verifyAlias(services, alias);
    return refusal ?? services.session.knownAliases.ownerOf(alias)?.about;
  };
  const DeletionDate = new Date('2027-03-01T11:59:00Z');
  for (const [more, about] of [
    [{ KeyState: 'Enabled' }, 'Enabled, origin EXTERNAL'],
    [{ KeyState: 'Enabled', Description: '' }, 'Enabled, origin EXTERNAL'],
    [{ KeyState: 'Enabled', DeletionDate, Description: 'pay' }, 'Enabled, origin EXTERNAL, "pay"'],
    [{ KeyState: 'PendingDeletion', DeletionDate }, 'to be deleted on 2027-03-01 11:59 UTC, origin EXTERNAL'],
    [{ KeyState: 'PendingDeletion' }, 'PendingDeletion, origin EXTERNAL'],
    [{ KeyState: 'PendingImport' }, 'PendingImport, perhaps from an earlier try, origin EXTERNAL'],
  ] as const)
    assert.equal(await aboutKey(more), about);
  assert.match((await aboutKey({ KeyUsage: 'SIGN_VERIFY' })) ?? '', /from a key of another kind \(SYMMETRIC_DEFAULT\)/);
});

test('while KMS does not answer what a key is, its alias is neither free nor to be moved', async (t) => {
  const practice = await practise(t);
  const proxy = await proxyBefore(t, practice);
  const TargetKeyId = await externalKey(practice.kms());
  await practice.kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId }));
  const { services } = await makeConnected(t, { practice, endpoint: proxy.endpoint });
  proxy.decide((call) => (call === 'kms:DescribeKey' ? 'cut' : undefined));
  await assert.rejects(verifyAlias(services, alias));
  assert.deepEqual(moveAliasQuestions(services, alias), []);
});
