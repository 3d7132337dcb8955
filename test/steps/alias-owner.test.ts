import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateAliasCommand } from '@aws-sdk/client-kms';
import { controlFileName } from '../../source/practice/control.ts';
import { moveAliasQuestions, verifyAlias } from '../../source/steps/alias-owner.ts';
import { externalKey, practise } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { proxyBefore } from './ceremony.ts';

const alias = 'alias/payments';

test('an alias counts as the own one once this ceremony has begun to make or move it, and not where KMS refused', async (t) => {
  const practice = await practise(t);
  const TargetKeyId = await externalKey(practice.kms());
  await practice.kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId }));
  for (const name of ['create-alias', 'move-alias']) {
    const { services } = await makeServices(t, { practice });
    const { folder, journal, session } = services;
    folder.make();
    await session.connect('practice', 'us-east-1');
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

test('what the caller may not look at holds no alias up; one that AWS reserves is refused', async (t) => {
  const practice = await practise(t);
  const proxy = await proxyBefore(t, practice);
  const keyId = await externalKey(practice.kms());
  await practice.kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
  const { services } = await makeServices(t, { practice, endpoint: proxy.endpoint });
  services.folder.make();
  await services.session.connect('practice', 'us-east-1');
  const deny = (action: string) =>
    writeFileSync(join(practice.folder, controlFileName), JSON.stringify({ deny: { SecurityAdmin: [action] } }));
  deny('kms:DescribeKey');
  assert.equal(await verifyAlias(services, alias), undefined);
  const [move] = moveAliasQuestions(services, alias);
  assert.match(move?.help ?? '', new RegExp(`it points to key ${keyId} \\(which you may not look at\\)\\.`));
  deny('kms:ListAliases');
  assert.equal(await verifyAlias(services, alias), undefined);
  assert.deepEqual(moveAliasQuestions(services, alias), []);
  const Aliases = [{ AliasName: alias, AliasArn: `arn:aws:kms:us-east-1:000000000000:${alias}` }];
  proxy.decide((call) =>
    call === 'kms:ListAliases' ? { status: 200, body: JSON.stringify({ Aliases, Truncated: false }) } : undefined,
  );
  assert.equal(await verifyAlias(services, alias), `${alias} is reserved in us-east-1. Choose another.`);
});
