import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import {
  CreateGrantCommand,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  GetParametersForImportCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { wordOf } from '../../source/aws/existing-policy.ts';
import { buildKeyPolicy, listAbilities } from '../../source/aws/key-policy.ts';
import { findPolicyProblem } from '../../source/aws/policy-lint.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { rehearse } from '../../source/ui/unattended/rehearsal.ts';
import { givenAnswers } from '../given-answers.ts';
import { type Practice, practise, setControl } from '../practice/practising.ts';
import { beginImport, problemOf, refusalOf } from './ceremony.ts';

const arn = (name: string) => `arn:aws:iam::000000000000:${name}`;
const you = arn('role/SecurityAdmin');
const permissions = {
  policy: 'strict',
  administrators: [arn('user/grace')],
  importers: [you],
  users: [you, arn('user/hugo')],
};

/** The custodian has nothing but the key policy, and the user has S3 besides. IAM allows the importer everything. */
const settings: Settings = {
  policies: {
    grace: [{ Statement: { Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' } }],
    hugo: [{ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } }],
  },
};

const refused = { name: 'AccessDeniedException' };

function strictly(t: TestContext, practice: Practice, changed: object = {}) {
  return beginImport(t, { practice, answers: { permissions: { ...permissions, ...changed } } });
}

test('under a strict policy the ceremony finishes, and nobody can do what is not their duty', async (t) => {
  const practice = await practise(t, { settings });
  const ceremony = await strictly(t, practice);
  await ceremony.upTo('permissions');
  assert.deepEqual(ceremony.facts.people?.test, { tested: true, missing: [] });
  const [proceed] = ceremony.questionsOf('policy', {});
  assert.deepEqual(proceed?.table?.rows, [
    ['account root', false, false, false, false, false],
    ['user grace', true, false, false, false, false],
    ['role SecurityAdmin', false, true, 'S3', false, false],
    ['user hugo', false, false, 'S3', false, false],
  ]);
  assert.match(proceed?.help ?? '', /^Account root: whoever IAM allows may change this policy\.$/m);
  assert.doesNotMatch(proceed?.help ?? '', /the rest/);
  const { key, objects } = await ceremony.upTo();
  assert.equal(objects?.objects[0]?.verified, true);
  const KeyId = key?.keyId;
  const { Policy = '' } = await practice.kms().send(new GetKeyPolicyCommand({ KeyId }));
  assert.deepEqual(JSON.parse(Policy), JSON.parse(key?.policy ?? ''));

  const as = (name: string) => practice.kms('us-east-1', practice.server.credentialsOf(name));
  const Plaintext = Buffer.from('text');
  const grant = { KeyId, GranteePrincipal: arn('user/grace'), Operations: ['Decrypt' as const] };
  const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
  // The custodian.
  await as('grace').send(new DisableKeyCommand({ KeyId }));
  await as('grace').send(new EnableKeyCommand({ KeyId }));
  await assert.rejects(as('grace').send(new PutKeyPolicyCommand({ KeyId, Policy })), refused);
  await assert.rejects(as('grace').send(new CreateGrantCommand(grant)), refused);
  await assert.rejects(as('grace').send(new EncryptCommand({ KeyId, Plaintext })), refused);
  await assert.rejects(as('grace').send(new GetParametersForImportCommand({ KeyId, ...wrapping })), refused);
  await assert.rejects(as('grace').send(new DeleteImportedKeyMaterialCommand({ KeyId })), refused);
  // The importer, whom IAM allows everything: the key policy leaves IAM nothing of that.
  const dataKey = { KeyId, KeySpec: 'AES_256' } as const;
  const EncryptionContext = { purpose: 'keyferry-proof' };
  const { CiphertextBlob } = await as('SecurityAdmin').send(
    new GenerateDataKeyCommand({ ...dataKey, EncryptionContext }),
  );
  await as('SecurityAdmin').send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  await assert.rejects(as('SecurityAdmin').send(new GenerateDataKeyCommand(dataKey)), refused);
  await assert.rejects(as('SecurityAdmin').send(new EncryptCommand({ KeyId, Plaintext })), refused);
  await assert.rejects(as('SecurityAdmin').send(new CreateGrantCommand(grant)), refused);
  await assert.rejects(as('SecurityAdmin').send(new DeleteImportedKeyMaterialCommand({ KeyId })), refused);
  // The user.
  const s3 = practice.s3('us-east-1', practice.server.credentialsOf('hugo'));
  const where = { Bucket: objects?.bucket, Key: 'by-hugo' };
  const ServerSideEncryption = 'aws:kms';
  await s3.send(new PutObjectCommand({ ...where, Body: Plaintext, ServerSideEncryption, SSEKMSKeyId: key?.keyArn }));
  const { Body } = await s3.send(new GetObjectCommand(where));
  assert.equal(await Body?.transformToString(), 'text');
  await assert.rejects(as('hugo').send(new EncryptCommand({ KeyId, Plaintext })), refused);
  await assert.rejects(as('hugo').send(new DecryptCommand({ CiphertextBlob, EncryptionContext })), refused);

  const page = readFileSync(ceremony.services.folder.file('record.md'), 'utf8');
  assert.match(page, /^\| Custodians \| `arn:aws:iam::000000000000:user\/grace` \|$/m);
  assert.match(page, /^\| Importers \| `arn:aws:iam::000000000000:role\/SecurityAdmin` \|$/m);
});

test('where IAM is silent, KMS is asked for what the proof of an importer needs, and no more', async (t) => {
  const silent = { ...settings, deny: { SecurityAdmin: ['iam:Simulate*'] } };
  const practice = await practise(t, { settings: silent });
  const ceremony = await strictly(t, practice, { users: [arn('user/hugo')] });
  const { proof } = await ceremony.upTo('prove');
  assert.ok(proof !== undefined);
  // Who is no user by a strict policy is not led into an upload that IAM cannot allow.
  const where = ceremony.questionsOf('encrypt-objects', {}).find(({ id }) => id === 'where');
  assert.ok(where?.kind === 'choice');
  assert.equal(where.default, 'later');
  assert.match(where.help ?? '', /^You are not among the users of the key, and by its strict policy they alone upload/);
});

test('under a strict policy, a proof that KMS refuses is not left to users, who could not make it', async (t) => {
  const practice = await practise(t);
  const ceremony = await strictly(t, practice);
  await ceremony.upTo('wrap');
  // Only a denial outweighs a key policy that names the caller.
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*' },
  ];
  setControl(practice, { organization: [{ Statement }] });
  await ceremony.upTo('import');
  assert.equal(
    ceremony.progress.find(({ id, label }) => id === 'use' && label.startsWith('You may not'))?.label,
    'You may not use the key (kms:GenerateDataKey, kms:Decrypt): the proof needs that',
  );
  const [by] = ceremony.questionsOf('prove');
  assert.ok(by?.kind === 'choice');
  assert.deepEqual(
    [by.default, by.help],
    ['me', 'KMS refuses you kms:GenerateDataKey and kms:Decrypt: the proof needs that.'],
  );
  const { what, next, remedies } = await problemOf(ceremony.upTo('prove'));
  assert.equal(what, "Can't prove the key.");
  assert.doesNotMatch(next.join('\n'), /Leave the proof/);
  assert.equal(remedies?.some(({ action }) => action === 'ask-again') ?? false, false);
});

test('whoever could not import under a strict policy is told before anything is made', async (t) => {
  const practice = await practise(t, { settings });
  const ceremony = await strictly(t, practice, { importers: [arn('user/grace')] });
  assert.match(await refusalOf(ceremony.upTo('permissions')), /^permissions\.importers: You import at the end/);
  const { server } = practice;
  const asRoot = { ...practice, server: { ...server, credentials: server.credentialsOf('root') } };
  assert.match(
    await refusalOf((await strictly(t, asRoot)).upTo('permissions')),
    /cannot be chosen: it gives the account root/,
  );
  assert.deepEqual(ceremony.changes, []);
});

test('each action of a strict policy is explained, and a custodian left out is told what IAM cannot give', async (t) => {
  const ceremony = await strictly(t, await practise(t, { settings }));
  await ceremony.upTo('permissions');
  const left = /^You are not among the custodians: .* and IAM cannot let you\.$/;
  assert.ok(ceremony.progress.some(({ label }) => left.test(label)));
  const [proceed] = ceremony.questionsOf('policy', {});
  assert.ok(proceed?.kind === 'choice' && Array.isArray(proceed.options));
  const duties = proceed.options.find(({ value }) => value === 'duties')?.leads;
  assert.ok(duties?.action === 'panel');
  const { facts } = ceremony;
  const people = facts.people ?? { administrators: [], users: [], administratorsMayDelete: false };
  const connection = { partition: 'aws', accountId: '000000000000', region: 'us-east-1', principalArn: you };
  for (const administratorsMayDelete of [true, false]) {
    const policy = buildKeyPolicy({ ...connection, ...people, administratorsMayDelete });
    assert.equal(findPolicyProblem(policy, { ...connection, administrators: [] }), undefined);
    const [, custodian] = listAbilities(policy);
    assert.deepEqual([custodian?.deleteMaterial, custodian?.deleteKey], Array(2).fill(administratorsMayDelete));
    if (administratorsMayDelete) continue;
    const judged = ['kms:ImportKeyMaterial', 'kms:Decrypt', 'kms:PutKeyPolicy', 'kms:Encrypt', 'kms:CreateGrant'].map(
      (action) => wordOf(policy.Statement.slice(0, 4), you, connection.accountId, action),
    );
    assert.deepEqual(judged, ['named', 'maybe', 'iam', 'not named', 'not named']);
    const actions = policy.Statement.flatMap(({ Action }) => Action);
    for (const action of actions)
      assert.ok(
        duties.panel.lines.some((line: string) => line.startsWith(`  - ${action}: `)),
        action,
      );
  }
  const china = buildKeyPolicy({ ...connection, ...people, partition: 'aws-cn', region: 'cn-north-1' });
  assert.match(JSON.stringify(china), /"kms:ViaService":"s3\.cn-north-1\.amazonaws\.com\.cn"/);
});

test('an answers file for a strict policy is taken before there is a connection', async (t) => {
  const { services } = await beginImport(t);
  const answers = {
    'describe-key': { alias: 'alias/a', acknowledge: true },
    backup: { how: 'none', 'confirm-none': 'no backup' },
    permissions: { policy: 'strict', administrators: [arn('user/grace')] },
    import: { 'without-copy': true },
    'encrypt-objects': { what: 'sample' },
  };
  assert.equal(
    rehearse(firstImport.steps, givenAnswers(answers), services, {}).answers.get('permissions')?.policy,
    'strict',
  );
});
