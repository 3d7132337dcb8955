import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { DecryptCommand, EncryptCommand, GetKeyPolicyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import type { Answers } from '../../source/ceremony/question.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { permissions } from '../../source/steps/permissions.ts';
import { connectionOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { practise } from '../practice/practising.ts';
import { beginImport, problemOf, refusalOf, withSettings } from './ceremony.ts';

const arn = (name: string) => `arn:aws:iam::000000000000:${name}`;

test('both lists begin with the caller, and the tick for deletion is not set', async (t) => {
  const ceremony = await beginImport(t);
  const { people } = await ceremony.upTo('permissions');
  const you = arn('role/SecurityAdmin');
  assert.deepEqual([people?.administrators, people?.users], [[you], [you]]);
  assert.equal(people?.administratorsMayDelete, false);
  for (const question of ceremony.questionsOf('permissions')) {
    if (question.kind !== 'many' || typeof question.options !== 'function') continue;
    for await (const [first] of question.options()) {
      assert.deepEqual(first, { value: you, label: 'role  SecurityAdmin', hint: 'you are in it' });
      break;
    }
  }
  assert.match(ceremony.receiptOf('permissions'), /administered by role SecurityAdmin, used by role SecurityAdmin/);
  assert.match(ceremony.commandsOf('permissions').join('\n'), /iam list-roles[\s\S]*iam list-users/);
});

for (const [name, users, says] of [
  ['who does not exist', 'role/NoSuchRole', /NoSuchRole does not exist in this account/],
  ['of a group', 'group/Admins', /cannot name a group/],
  ['who is under another path', 'role/ops/SecurityAdmin', /role\/ops\/SecurityAdmin does not exist in this account/],
  ['who is a user under another path', 'user/ops/grace', /user\/ops\/grace does not exist in this account/],
  ['who is a session', 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you', /This is a session/],
  ['of another partition', 'arn:aws-cn:iam::000000000000:role/SecurityAdmin', /is not of aws/],
  ['who is a federated user', 'arn:aws:sts::000000000000:federated-user/ana', /has no role\. Name a user or a role/],
  ['who is everybody', '*', /would let in everyone, of every AWS account/],
  ['who is any role', 'arn:aws:iam::000000000000:role/*', /KMS takes no \* or \? in the ARN of a principal/],
  ['who is a role under a path', 'role/app-deployer', /IAM has this name as \S+:role\/application\/app-deployer\.$/],
] as const) {
  test(`somebody ${name} is not taken into the policy`, async (t) => {
    const ceremony = await beginImport(t, {
      answers: { permissions: { users: [/^(arn:|\*)/.test(users) ? users : arn(users)] } },
    });
    assert.match(await refusalOf(ceremony.upTo('policy')), says);
    assert.equal(ceremony.countOf('KMS.CreateKey'), 0);
  });
}

test('the account root is in neither list, where nothing was chosen it administers and uses the key alone', async (t) => {
  const practice = await practise(t);
  const { server } = practice;
  const asRoot = { ...practice, server: { ...server, credentials: server.credentialsOf('root') } };
  const ceremony = await beginImport(t, { practice: asRoot });
  const { people, connection } = await ceremony.upTo('permissions');
  assert.match(connection?.principalArn ?? '', /:root$/);
  assert.deepEqual([people?.administrators, people?.users], [[], []]);
  assert.equal(
    ceremony.receiptOf('permissions'),
    'People chosen: administered by the account root alone, used by the account root alone',
  );
});

test('where IAM does not say whether somebody exists, the answer is taken; KMS will tell', async (t) => {
  const { ceremony } = await withSettings(t, { deny: { SecurityAdmin: ['iam:GetRole', 'iam:GetUser'] } });
  ceremony.answer('permissions', { users: [arn('role/app-uploader'), arn('user/grace')] });
  assert.equal((await ceremony.upTo('permissions')).people?.users.length, 2);
});

test('the receipt names three people, and says how many more there are', async (t) => {
  const three = ['role/SecurityAdmin', 'user/grace', 'user/hugo'].map(arn);
  const ceremony = await beginImport(t, {
    answers: { permissions: { administrators: three, users: [...three, arn('role/app-uploader')] } },
  });
  await ceremony.upTo('permissions');
  const names = 'role SecurityAdmin, user grace, user hugo';
  assert.equal(
    ceremony.receiptOf('permissions'),
    `People chosen: administered by ${names}, used by ${names} and 1 more`,
  );
});

test('those who administer the key cannot use it, and those who use it cannot administer it', async (t) => {
  const practice = await practise(t);
  const ceremony = await beginImport(t, {
    practice,
    answers: { permissions: { administrators: [arn('user/grace')], users: [arn('user/hugo')] } },
  });
  const { key } = await ceremony.upTo('import');
  const KeyId = key?.keyId;
  const as = (name: string) => practice.kms('us-east-1', practice.server.credentialsOf(name));
  const Plaintext = Buffer.from('text');
  const { CiphertextBlob } = await as('hugo').send(new EncryptCommand({ KeyId, Plaintext }));
  const refused = { name: 'AccessDeniedException' };
  await assert.rejects(as('grace').send(new EncryptCommand({ KeyId, Plaintext })), refused);
  await assert.rejects(as('grace').send(new DecryptCommand({ KeyId, CiphertextBlob })), refused);
  assert.ok((await as('grace').send(new GetKeyPolicyCommand({ KeyId }))).Policy);
  await assert.rejects(as('hugo').send(new GetKeyPolicyCommand({ KeyId })), refused);
});

test("the caller's permissions are only asked about: nothing is called for real", async (t) => {
  const ceremony = await beginImport(t);
  const { people } = await ceremony.upTo('permissions');
  assert.deepEqual(people?.test, { tested: true, missing: [] });
  assert.ok(ceremony.countOf('IAM.SimulatePrincipalPolicy') > 0);
  assert.deepEqual(ceremony.changes, []);
});

test('what was tested a moment ago is not asked again in this run', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('permissions');
  const asked = ceremony.countOf('IAM.SimulatePrincipalPolicy');
  await ceremony.upTo('policy');
  assert.equal(ceremony.countOf('IAM.SimulatePrincipalPolicy'), asked);
});

test('a missing permission is told before the key is made, and the policy that has it is saved for its owner', async (t) => {
  const { ceremony, set, practice } = await withSettings(t, { deny: { SecurityAdmin: ['kms:CreateKey'] } });
  const { what, why, state, next } = await problemOf(ceremony.upTo('policy'));
  assert.equal(what, 'The key is not made yet: permissions are missing.');
  assert.equal(
    why,
    "You are role SecurityAdmin. By IAM's test, you may not kms:CreateKey: no IAM policy of yours allows it.",
  );
  assert.match(next.join('\n'), /needed-permissions\.json attached[\s\S]*policy\.despite-missing-permissions: true/);
  assert.equal(state, 'Nothing was made in AWS.');
  assert.equal(ceremony.countOf('KMS.CreateKey'), 0);
  assert.deepEqual((await practice.kms().send(new ListKeysCommand({}))).Keys, []);
  const file = ceremony.services.folder.file('needed-permissions.json');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const { Statement } = JSON.parse(readFileSync(file, 'utf8'));
  assert.deepEqual(
    Statement.flatMap(({ Action }: { Action: string[] }) => Action),
    ['kms:CreateKey'],
  );
  set({});
  assert.ok((await ceremony.upTo('policy')).key !== undefined);
});

test('who does not use the key is not asked for the permission to, and hears before the import that a user has to', async (t) => {
  for (const denied of [
    ['kms:GenerateDataKey', 'kms:Decrypt', 's3:*'],
    ['iam:Simulate*', 'kms:GenerateDataKey', 'kms:Decrypt'],
  ]) {
    const { ceremony } = await withSettings(t, { deny: { SecurityAdmin: denied } });
    ceremony.answer('permissions', { users: [arn('role/app-uploader')] });
    const { people, imported } = await ceremony.upTo('import');
    assert.deepEqual(people?.test?.tested === true ? people.test.missing : [], []);
    assert.ok(imported !== undefined);
    assert.equal(ceremony.services.folder.has('needed-permissions.json'), false);
    const said = ceremony.progress.findLast(({ id }) => id === 'use');
    assert.equal(
      said?.label,
      'You may not use the key (kms:GenerateDataKey, kms:Decrypt): one of its users proves it, and uploads',
    );
  }
});

test('whoever adds themselves to the users finds the policy changed, and no second key', async (t) => {
  const { ceremony, set, practice } = await withSettings(t, { deny: { SecurityAdmin: ['kms:CreateAlias'] } });
  ceremony.answer('permissions', { users: [arn('role/app-uploader')] });
  ceremony.answer('policy', { 'despite-missing-permissions': true });
  assert.match((await problemOf(ceremony.upTo('policy'))).state ?? '', /^The key \S+ exists, without an alias\.$/);
  // KMS does not know a new role at first, also when a policy is changed.
  const you = arn('role/SecurityAdmin');
  set({ newPrincipals: [you] });
  ceremony.answer('permissions', { users: [arn('role/app-uploader'), you] });
  const { key } = await ceremony.upTo('policy', 'permissions');
  assert.deepEqual(
    ceremony.waiting.waits.map(({ label }) => label),
    [
      'KMS does not see all the people yet: IAM has them, and a new one takes seconds, at times minutes',
      'KMS does not see all the people yet: IAM has them, and a new one takes seconds, at times minutes',
    ],
  );
  const kms = practice.kms();
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  assert.deepEqual(
    Keys.map(({ KeyId }) => KeyId),
    [key?.keyId],
  );
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId: key?.keyId }));
  assert.deepEqual(JSON.parse(Policy), JSON.parse(key?.policy ?? ''));
  const use = JSON.parse(Policy).Statement.find(({ Sid }: { Sid: string }) => Sid === 'Allow use of the key');
  assert.deepEqual(use.Principal.AWS, [arn('role/app-uploader'), you]);
});

test('a role that is named twice is taken once', async (t) => {
  const uploader = arn('role/app-uploader');
  const ceremony = await beginImport(t, { answers: { permissions: { users: [uploader, uploader] } } });
  const { people, key } = await ceremony.upTo('policy');
  assert.deepEqual(people?.users, [uploader]);
  assert.equal(key?.policy?.split(uploader).length, 3);
});

test('a role named without its path is offered with it, in place of the wrong ARN', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('backup');
  const [, administrators] = ceremony.questionsOf('permissions');
  const [right, wrong] = [arn('role/application/app-deployer'), arn('role/app-deployer')];
  const found = await administrators?.verify?.([arn('user/grace'), wrong, right]);
  assert.deepEqual(found, {
    says: `${wrong} does not exist in this account. IAM has this name as ${right}.`,
    instead: [arn('user/grace'), right],
  });
});

test('service-linked roles are not listed; it is said how one is given, and a typed one is taken', async (t) => {
  const linked = arn('role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling');
  const ceremony = await beginImport(t, { answers: { permissions: { users: [linked] } } });
  assert.deepEqual((await ceremony.upTo('policy')).people?.users, [linked]);
  const [, administrators] = ceremony.questionsOf('permissions');
  assert.ok(administrators?.kind === 'many' && typeof administrators.options === 'function');
  for await (const page of administrators.options())
    assert.deepEqual(
      page.filter(({ value }) => value.includes('aws-service-role')),
      [],
    );
  assert.match(administrators.help ?? '', /Service-linked roles are hidden: type the ARN of one\.$/);
  assert.match(
    administrators.check?.('AWSServiceRoleForAutoScaling') ?? '',
    /^Give the whole ARN of a service-linked role/,
  );
});

test('another account as a whole is asked about once more, and its digits are the ARN of its root', async (t) => {
  const permissions = {
    administrators: ['444455556666'],
    users: ['111122223333', 'arn:aws:iam::111122223333:root', arn('root')],
  };
  const ceremony = await beginImport(t, { answers: { permissions } });
  assert.match(await refusalOf(ceremony.upTo('policy')), /permissions\.whole-accounts has no answer/);
  const asked = ceremony.questionsOf('permissions').at(-1);
  assert.equal(asked?.ask, 'Let in the accounts 444455556666, 111122223333 as a whole.');
  assert.match(asked?.help ?? '', /its administrators decide, by IAM alone and without you/);
  ceremony.answer('permissions', { 'whole-accounts': true });
  const { people, key } = await ceremony.upTo('policy');
  assert.deepEqual(people?.administrators, ['arn:aws:iam::444455556666:root']);
  assert.deepEqual(people?.users, ['arn:aws:iam::111122223333:root', arn('root')]);
  assert.match(key?.policy ?? '', /"arn:aws:iam::111122223333:root"/);
});

test('somebody whom IAM no longer has when KMS refuses the policy is named without a wait', async (t) => {
  const gone = arn('role/gone');
  const { ceremony, set } = await withSettings(t, { deny: { SecurityAdmin: ['iam:GetRole'] } });
  ceremony.answer('permissions', { administrators: [arn('role/SecurityAdmin')], users: [gone] });
  await ceremony.upTo('permissions');
  set({});
  // The page of the policy asks nothing about people.
  const { why, next } = await problemOf(ceremony.upTo('policy'));
  assert.equal(why, `KMS does not know a user or role in the policy. IAM has no ${gone}.`);
  assert.equal(next[0], 'Change the people: name those that are right.');
  assert.deepEqual(ceremony.waiting.waits, []);
});

test('whoever leaves themselves out of the administrators is told at the next question, and without a person', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('backup');
  const you = arn('role/SecurityAdmin');
  const says = /^You are not among the administrators: unless IAM lets you, you cannot import, change the policy/;
  const helpAfter = (administrators: readonly string[]) =>
    ceremony.questionsOf('permissions', { administrators }).find(({ id }) => id === 'administrators-may-delete')?.help;
  assert.match(helpAfter([arn('user/grace')]) ?? '', says);
  assert.doesNotMatch(helpAfter([arn('user/grace'), you]) ?? '', /not among/);
  ceremony.answer('permissions', { administrators: [arn('user/grace')] });
  await ceremony.upTo('permissions');
  assert.ok(ceremony.progress.some(({ label }) => says.test(label)));
});

const you = arn('role/SecurityAdmin');
const connection = { ...connectionOf(you), callerArn: 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you' };

/** The questions after these answers, for a caller of whom IAM said this. */
const asked = (answers: Answers, more: Partial<NonNullable<Facts['connection']>> = {}) =>
  permissions.questions({
    facts: { connection: { ...connection, ...more } },
    answers,
    services: makeOfflineServices(),
  });

test('a caller whose ARN is only derived is chosen at the beginning, and of an unknown one nobody is', () => {
  const administratorsFor = (unconfirmed: NonNullable<Facts['connection']>['unconfirmed']) => {
    const question = asked({}, unconfirmed === undefined ? {} : { unconfirmed })[1];
    assert.ok(question?.kind === 'many');
    return { chosen: question.default, help: question.help ?? '', form: question.form };
  };
  const usual = administratorsFor(undefined);
  const derived = administratorsFor({ is: 'derived', why: 'IAM is silent' });
  assert.deepEqual(usual.chosen, [you]);
  assert.deepEqual(derived, usual);
  const unknown = administratorsFor({ is: 'unknown', why: 'IAM is silent' });
  assert.equal(unknown.chosen, undefined);
  assert.match(unknown.help, /^Nobody is chosen, because the ARN of role SecurityAdmin, who you are, is not known/);
  assert.match(unknown.form, /, or \[\] for the account root alone: IAM is silent$/);
});

test('the importers of a strict policy are asked for, the caller among them, and who is left out is told there', async () => {
  const answers = { policy: 'strict', administrators: [arn('user/grace')] };
  assert.deepEqual(
    asked(answers).map(({ id }) => id),
    ['policy', 'administrators', 'importers', 'administrators-may-delete', 'users'],
  );
  const [, , importers, deletion] = asked(answers);
  const leftOut = /^You are not among the custodians/;
  assert.match(importers?.help ?? '', leftOut);
  assert.doesNotMatch(deletion?.help ?? '', leftOut);
  assert.match(String(await importers?.verify?.([arn('user/grace')])), /you must be among them: role SecurityAdmin\.$/);
  assert.match(importers?.kind === 'many' ? (importers.check?.('*') ?? '') : '', /would let in everyone/);
  assert.match(
    String(await importers?.verify?.([you, 'arn:aws-cn:iam::000000000000:role/SecurityAdmin'])),
    /is not of aws, the part of AWS/,
  );
});

test('each account that is let in as a whole takes a tick, whoever it is to be, and is named once', () => {
  const consentAfter = (answers: Answers, more = {}) => asked(answers, more).find(({ id }) => id === 'whole-accounts');
  const theirs = 'arn:aws:iam::111122223333:root';
  for (const answers of [
    { users: ['111122223333', theirs] },
    { administrators: [theirs], users: [theirs] },
    { policy: 'strict', importers: [you, theirs] },
  ]) {
    const consent = consentAfter(answers);
    assert.equal(consent?.ask, 'Let in account 111122223333 as a whole.');
    assert.deepEqual([consent?.asked, consent?.kind === 'confirm' && consent.mustTick], ['always', true]);
  }
  for (const answers of [{ users: [arn('root'), '000000000000', you] }, { importers: [theirs] }, {}])
    assert.equal(consentAfter(answers), undefined, JSON.stringify(answers));
  assert.equal(consentAfter({ users: [theirs] }, { callerArn: '' }), undefined, 'before there is a connection');
});

test('the receipt says who may do what, and of a strict policy who imports', () => {
  const people = { administrators: [], users: [you], administratorsMayDelete: false };
  const told = (more: Partial<NonNullable<Facts['people']>>) => permissions.receipt({ people: { ...people, ...more } });
  assert.equal(told({}), 'People chosen: administered by the account root alone, used by role SecurityAdmin');
  const start = 'People chosen: in the care of nobody, imported by';
  const strict = { policyKind: 'strict', importers: [arn('user/grace')] } as const;
  assert.equal(told(strict), `${start} user grace, used through S3 by role SecurityAdmin`);
  assert.equal(told({ policyKind: 'strict', users: [] }), `${start} nobody, used through S3 by nobody`);
});
