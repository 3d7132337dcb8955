import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { readAwsEnvironment } from '../../source/aws/environment.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { identityNamed } from '../../source/practice/identities.ts';
import { connect } from '../../source/steps/connect.ts';
import {
  callerAmong,
  derivedAmong,
  includesCaller,
  listForCaller,
  ownArn,
  principalFacts,
} from '../../source/steps/own-principal.ts';
import { AwsSession } from '../../source/steps/session.ts';
import { setVariables, writeConfig } from '../aws/shared-config-file.ts';
import { roleService } from '../e2e/role-service.ts';
import { connectionOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { type Practice, practise } from '../practice/practising.ts';
import { type AllAnswers, beginImport, problemOf, proxyBefore, refusalOf } from './ceremony.ts';

const arn = (name: string) => `arn:aws:iam::000000000000:${name}`;
const ofEuCentral = 'AWSReservedSSO_SecurityOperations_9f8e7d6c5b4a3021';
const noIam = { deny: { [ofEuCentral]: ['iam:*'] } };

/** A practice AWS in which the default credentials are those of somebody. */
async function practiceAs(t: TestContext, name: string, settings: Settings = {}): Promise<Practice> {
  const practice = await practise(t, { settings });
  const { server } = practice;
  return { ...practice, server: { ...server, credentials: server.credentialsOf(name) } };
}

/** A first import by a profile that signs in through Identity Center, of which it says that its home is this Region. */
async function signedOn(t: TestContext, home: string, settings: Settings, answers: AllAnswers = {}) {
  const practice = await practiceAs(t, ofEuCentral, settings);
  const startUrl = 'https://corp.example/start';
  const lines = [`sso_start_url = ${startUrl}`, `sso_region = ${home}`, 'sso_account_id = 000000000000'];
  writeConfig(t, ['[profile ops]', ...lines, 'sso_role_name = SecurityOperations', ''].join('\n'));
  const folder = newFolder();
  const cache = join(folder, '.aws', 'sso', 'cache');
  mkdirSync(cache, { recursive: true });
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const name = createHash('sha1').update(startUrl).digest('hex');
  writeFileSync(join(cache, `${name}.json`), JSON.stringify({ accessToken: 'x', expiresAt }));
  const { credentials, endpoint } = practice.server;
  const { environment } = await roleService(t, { ...identityNamed(ofEuCentral), credentials });
  setVariables(t, { HOME: folder, ...environment });
  const session = new AwsSession({
    openPractice: () => Promise.reject(new Error('practice AWS is there already')),
    endpointUrl: endpoint,
    onCall: (call) => ceremony.services.journal.append({ kind: 'call', ...call }),
    pause: (wait) => ceremony.waiting.pause(wait),
  });
  t.after(() => session.close());
  const parts = {
    session,
    environment: await readAwsEnvironment(process.env),
    preset: { source: 'profile:ops', region: 'us-west-2' },
  } as const;
  const ceremony = await beginImport(t, { practice, parts, answers });
  return { ceremony, practice };
}

test('a derived ARN is marked in the picker, on the page of the policy, in the receipt and in the record', async (t) => {
  const { ceremony, practice } = await signedOn(t, 'eu-central-1', noIam);
  const derived = identityNamed(ofEuCentral).principal.arn;
  const mark = 'derived from the profile, not confirmed by IAM';
  await ceremony.upTo('connect');
  assert.equal(
    ceremony.receiptOf('connect').replace(/, at http:\S+/, ''),
    `Connected to practice AWS: account 000000000000, us-west-2, as role ${ofEuCentral}. The ARN of this role is ${mark}: IAM refused the question`,
  );
  const [, administrators] = ceremony.questionsOf('permissions');
  assert.ok(administrators?.kind === 'many' && typeof administrators.options === 'function');
  assert.deepEqual(administrators.default, [derived]);
  for await (const [first] of administrators.options()) {
    assert.deepEqual(first, {
      value: derived,
      label: `role  ${ofEuCentral}`,
      hint: `you are in it; ${mark}`,
    });
    break;
  }
  await ceremony.upTo('permissions');
  const [proceed] = ceremony.questionsOf('policy');
  assert.equal(proceed?.help?.split('\n')[0], `${derived} is ${mark}.`);
  const { key } = await ceremony.upTo();
  const { Policy = '' } = await practice.kms('us-west-2').send(new GetKeyPolicyCommand({ KeyId: key?.keyId }));
  assert.equal(JSON.parse(Policy).Statement[1].Principal.AWS[0], derived);
  const record = readFileSync(ceremony.services.folder.file('record.md'), 'utf8');
  assert.ok(record.includes(`\`${derived}\` was ${mark}. KMS took it into the key policy.`), record);
  assert.equal(JSON.parse(readFileSync(ceremony.services.folder.file('record.json'), 'utf8')).people.derived, derived);
});

test('where KMS refuses a derived ARN, it is named at once: the role in which the caller is cannot be new', async (t) => {
  const { ceremony } = await signedOn(t, 'eu-west-1', noIam);
  const { what, why, state, next } = await problemOf(ceremony.upTo('policy'));
  assert.equal(what, "Can't create the KMS key.");
  const wrong = arn(`role/aws-reserved/sso.amazonaws.com/eu-west-1/${ofEuCentral}`);
  assert.equal(
    why,
    `KMS does not know a user or role in the policy. ${wrong} is derived from the profile, not confirmed by IAM.`,
  );
  assert.equal(state, 'No key was made.');
  assert.match(next.join('\n'), /aws iam get-role --role-name NAME/);
  assert.equal(ceremony.countOf('KMS.CreateKey'), 1);
  assert.deepEqual(ceremony.waiting.waits, []);
});

test('others than the caller may be new: KMS is asked again, and who is not confirmed is named meanwhile', async (t) => {
  const strange = arn('role/app/somebody');
  const { ceremony } = await signedOn(t, 'eu-central-1', noIam, { permissions: { users: [strange] } });
  const { why = '' } = await problemOf(ceremony.upTo('policy'));
  assert.match(why, /sso\.amazonaws\.com\S+ is derived from the profile/);
  assert.ok(why.endsWith(`${strange} is not confirmed by IAM: IAM refused the question.`), why);
  assert.equal(ceremony.countOf('KMS.CreateKey'), 8);
  const [wait] = ceremony.waiting.waits;
  assert.match(wait?.label ?? '', /^KMS does not see all the people yet\. Not confirmed by IAM: .*somebody$/);
});

test('where IAM cannot be reached, the ceremony says what it does not know, and goes on with people who are named', async (t) => {
  const practice = await practiceAs(t, 'app-deployer');
  const proxy = await proxyBefore(t, practice);
  proxy.decide((call) => (call.startsWith('iam:') ? 'cut' : undefined));
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  await ceremony.upTo('connect');
  const why = 'IAM cannot be reached: the connection was cut';
  assert.equal(
    ceremony.receiptOf('connect'),
    `Connected to practice AWS: account 000000000000, us-east-1, as role app-deployer. The ARN that a key policy can name is not known: ${why}`,
  );
  assert.equal(ceremony.countOf('IAM.GetRole'), 1);
  assert.match(await refusalOf(ceremony.upTo('permissions')), /permissions\.administrators has no answer/);
  const [, administrators] = ceremony.questionsOf('permissions');
  assert.ok(
    administrators?.help?.startsWith(
      `Nobody is chosen, because the ARN of role app-deployer, who you are, is not known: ${why}.`,
    ),
  );
  assert.equal(
    administrators?.form,
    `ARNs of IAM users and roles, such as arn:aws:iam::111122223333:role/SecurityAdmin, or [] for the account root alone: ${why}`,
  );
  const you = arn('role/application/app-deployer');
  ceremony.answer('permissions', { administrators: [you], users: [you] });
  await ceremony.upTo('permissions');
  // The name of the role tells that this is the caller, whatever its path.
  assert.match(
    ceremony.questionsOf('policy')[0]?.help ?? '',
    /^You can give yourself the rest, by policy or grant\.$/m,
  );
  assert.equal(ceremony.questionsOf('policy')[0]?.help?.includes('not tested'), true);
  // So KMS is not asked whether a user of the key may use it.
  await ceremony.upTo('policy');
  assert.ok(!ceremony.progress.some(({ id }) => id === 'use'));
});

test('a federated user names somebody, or nobody but the root, and then imports a key', async (t) => {
  const practice = await practiceAs(t, 'federated-user/ana');
  const ceremony = await beginImport(t, { practice });
  assert.match(await refusalOf(ceremony.upTo('permissions')), /permissions\.administrators has no answer/);
  const [, administrators] = ceremony.questionsOf('permissions');
  assert.match(administrators?.help ?? '', /a federated user has no user or role of its own/);
  assert.match(ceremony.receiptOf('connect'), /as federated user ana\. The ARN/);
  ceremony.answer('permissions', { administrators: [arn('role/KeyAdministrator')], users: [] });
  const { people, imported } = await ceremony.upTo('import');
  assert.deepEqual([people?.administrators, people?.users], [[arn('role/KeyAdministrator')], []]);
  assert.equal(imported?.expirationModel, 'KEY_MATERIAL_DOES_NOT_EXPIRE');
});

test('in GovCloud, every ARN that Keyferry makes or shows has the partition of the caller', async (t) => {
  const practice = await practiceAs(t, 'SecurityAdmin');
  const parts = { preset: { source: 'practice', region: 'us-gov-west-1' } } as const;
  const ceremony = await beginImport(t, { practice, parts });
  const foreseen = connect.foresee?.({ facts: {}, answers: {}, services: ceremony.services });
  assert.equal(foreseen?.connection?.principalArn, 'arn:aws-us-gov:iam::000000000000:root');
  const { people } = await ceremony.upTo('permissions');
  const you = 'arn:aws-us-gov:iam::000000000000:role/SecurityAdmin';
  assert.deepEqual(people?.users, [you]);
  const shown = JSON.stringify([ceremony.questionsOf('permissions'), ceremony.questionsOf('policy')]);
  assert.ok(shown.includes('arn:aws-us-gov:iam::111122223333:role/SecurityAdmin'));
  assert.ok(!shown.includes('arn:aws:'), shown);
  const [, administrators] = ceremony.questionsOf('permissions');
  assert.ok(administrators?.kind === 'many');
  assert.match(administrators.check?.('grace') ?? '', /looks like arn:aws-us-gov:iam::111122223333:role\/NAME/);
  assert.match((await ceremony.upTo('policy')).key?.policy ?? '', /"arn:aws-us-gov:iam::000000000000:root"/);
});

test('a key of 256 bits is not brought to China: it is refused with the reason before anything is asked of AWS', async (t) => {
  const why = /SM4 keys of 16 bytes.*32 bytes, which KMS refuses there/;
  const answers = { connect: { region: 'cn-north-1' } };
  const asked = await beginImport(t, { parts: { preset: { source: 'practice' } }, answers });
  assert.match(await refusalOf(asked.upTo('connect')), why);
  const parts = { preset: { source: 'practice', region: 'cn-northwest-1' } } as const;
  const ceremony = await beginImport(t, { parts });
  const problem = await problemOf(ceremony.upTo('connect'));
  assert.equal(problem.what, "Can't bring a 256-bit key to cn-northwest-1.");
  assert.match(problem.why ?? '', why);
  assert.deepEqual([...asked.calls, ...ceremony.calls], []);
});

const admin = arn('role/SecurityAdmin');
const byOtherPath = arn('role/ops/SecurityAdmin');
const known = { ...connectionOf(admin), callerArn: 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you' };
const derived = { ...known, unconfirmed: { is: 'derived', why: 'IAM is silent' } } as const;
const unknown = {
  ...known,
  principalArn: known.callerArn,
  unconfirmed: { is: 'unknown', why: 'IAM is silent' },
} as const;

test('while IAM has not confirmed the ARN of a role, a role of that name is the caller, by any path, in this account alone', () => {
  const grace = arn('user/grace');
  for (const [connection, arns, found] of [
    [known, [byOtherPath], undefined],
    [known, [grace, admin], admin],
    [derived, [byOtherPath, admin], admin],
    [derived, [grace, byOtherPath], byOtherPath],
    [unknown, [grace, byOtherPath], byOtherPath],
    [unknown, [grace, arn('user/SecurityAdmin'), arn('role/NotSecurityAdmin')], undefined],
    [unknown, ['arn:aws:iam::111122223333:role/SecurityAdmin'], undefined],
    [{ ...unknown, callerArn: 'arn:aws:sts::000000000000:federated-user/ana' }, [byOtherPath], undefined],
    [unknown, [], undefined],
  ] as const) {
    assert.equal(callerAmong(arns, connection), found ?? connection.principalArn);
    assert.equal(includesCaller(arns, connection), found !== undefined, arns.join());
  }
});

test('an ARN that IAM did not confirm is noted with the reason, and is the own one only where it is derived', () => {
  const caller = { arn: known.callerArn, accountId: '000000000000', partition: 'aws' };
  const why = 'IAM is silent';
  assert.deepEqual(principalFacts({ is: 'known', arn: admin }, caller), { principalArn: admin });
  assert.deepEqual(principalFacts({ is: 'derived', arn: admin, why }, caller), {
    principalArn: admin,
    unconfirmed: { is: 'derived', why },
  });
  assert.deepEqual(principalFacts({ is: 'unknown', why }, caller), {
    principalArn: known.callerArn,
    unconfirmed: { is: 'unknown', why },
  });
  assert.deepEqual([known, derived, unknown].map(ownArn), [admin, admin, undefined]);
  const among = [known, derived, unknown].map((each) => derivedAmong([each.principalArn], each));
  assert.deepEqual(among, [undefined, admin, undefined]);
  assert.equal(derivedAmong([byOtherPath], derived), undefined);
});

test('of people the first three are named, the caller as you, and the others counted', () => {
  const [grace, hugo, ines] = [arn('user/grace'), arn('user/hugo'), arn('user/ines')];
  assert.equal(listForCaller([], known), 'the account root alone');
  assert.equal(listForCaller([grace, admin], known), 'user grace, you (role SecurityAdmin)');
  assert.equal(listForCaller([grace, hugo, admin], known), 'user grace, user hugo, you (role SecurityAdmin)');
  assert.equal(
    listForCaller([grace, hugo, admin, ines], known),
    'user grace, user hugo, you (role SecurityAdmin) and 1 more',
  );
  assert.equal(listForCaller([byOtherPath], known), 'role SecurityAdmin');
});
