import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateAliasCommand, CreateKeyCommand } from '@aws-sdk/client-kms';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { permissionsOfCalls } from '../../source/aws/permissions-of-calls.ts';
import { permissionsJson } from '../../source/commands/explain-permissions.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { outside } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { policyForOthers, printedStatements, underPolicy } from '../printed-policy.ts';
import { beginImport, type RunningCeremony } from '../steps/ceremony.ts';
import { keyferry } from './program.ts';

/* Practice AWS judges each request by the policy that `keyferry explain permissions` prints. */

type Statements = typeof printedStatements;

/** Of all ceremonies under the whole policy. */
const called = new Set<string>();

/** A ceremony of a caller who has these statements alone. */
async function under(
  t: TestContext,
  statements: Statements,
  { faults = [], files }: Pick<Settings, 'faults'> & { readonly files?: readonly string[] } = {},
): Promise<RunningCeremony> {
  const settings = { ...underPolicy(statements), faults };
  const practice = await practise(t, { settings });
  const objects = { ...policyForOthers['encrypt-objects'], ...(files === undefined ? {} : { what: 'files', files }) };
  return beginImport(t, { practice, answers: { ...policyForOthers, 'encrypt-objects': objects } });
}

/** The calls that AWS denied. The SDK knows no name for an answer to HEAD, which has no body. */
const deniedCalls = ({ calls }: RunningCeremony): readonly string[] => [
  ...new Set(
    calls
      .filter(({ error = '' }) => error.startsWith('AccessDenied') || error === 'Unknown')
      .map(({ operation }) => operation),
  ),
];

async function finishes(ceremony: RunningCeremony): Promise<void> {
  await ceremony.upTo();
  assert.deepEqual(deniedCalls(ceremony), []);
  for (const { operation } of ceremony.calls) called.add(operation);
  // Whoever looks afterwards needs more rights than the ceremony.
  const { endpoint, credentialsOf } = ceremony.practice.server;
  await assertOneOfEach({ endpoint, credentials: credentialsOf('root') }, ceremony.services.folder.path);
}

const withoutActions = (actions: readonly string[]): Statements =>
  printedStatements.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((action) => !actions.includes(action)),
  }));

const isFor = (start: string) => (statement: Statements[number]) => statement.Sid.startsWith(start);

test('the program prints the policy and nothing else on standard output', async () => {
  const { stdout } = await keyferry(['explain', 'permissions'], newFolder());
  assert.equal(stdout, permissionsJson());
});

test('under the printed policy and no other right, a ceremony finishes, and nothing is denied', async (t) => {
  await finishes(await under(t, printedStatements));
});

test('under it, a ceremony gets over each lost answer of a call that makes something', async (t) => {
  const makers = ['kms:CreateKey', 'kms:CreateAlias', 'kms:ImportKeyMaterial', 's3:CreateBucket', 's3:PutObject'];
  const faults = makers.map((operation) => ({ operation, do: 'drop-after', times: 1 }) as const);
  await finishes(await under(t, printedStatements, { faults }));
});

test('under it, a large upload that fails is cleaned up and sent again', async (t) => {
  const file = join(newFolder(), 'large.bin');
  writeFileSync(file, randomBytes(9 * 1024 * 1024));
  // As often as the client sends a request.
  const faults = [{ operation: 's3:CompleteMultipartUpload', do: 'drop-before', times: 6 } as const];
  const ceremony = await under(t, printedStatements, { faults, files: [file] });
  await assert.rejects(ceremony.upTo());
  await finishes(ceremony);
});

test('under it, a large upload whose begin was lost leaves no upload behind', async (t) => {
  const file = join(newFolder(), 'large.bin');
  writeFileSync(file, randomBytes(9 * 1024 * 1024));
  const faults = [{ operation: 's3:CreateMultipartUpload', do: 'drop-after', times: 1 } as const];
  const ceremony = await under(t, printedStatements, { faults, files: [file] });
  await finishes(ceremony);
  assert.equal(ceremony.countOf('S3.AbortMultipartUpload'), 1);
  const { Uploads = [] } = await ceremony.practice
    .s3()
    .send(new ListMultipartUploadsCommand({ Bucket: ceremony.facts.objects?.bucket }));
  assert.deepEqual(Uploads, []);
});

test('under it, a key that was made with another description is corrected', async (t) => {
  const faults = [{ operation: 'kms:CreateAlias', do: 'fail', times: 5 } as const];
  const ceremony = await under(t, printedStatements, { faults });
  await assert.rejects(ceremony.upTo());
  ceremony.answer('describe-key', { description: 'Another one' });
  await ceremony.upTo('policy', 'describe-key');
  assert.equal(ceremony.countOf('KMS.PutKeyPolicy'), 1);
  await finishes(ceremony);
});

test('under it, an alias is moved and own tags are given, once their names are in aws:TagKeys', async (t) => {
  const withTeam = JSON.stringify(printedStatements).replace('["keyferry:ceremony"]', '["keyferry:ceremony","team"]');
  const settings = underPolicy(JSON.parse(withTeam));
  const practice = await practise(t, { settings });
  const root = practice.kms('us-east-1', practice.server.credentialsOf('root'));
  const { KeyMetadata } = await root.send(new CreateKeyCommand({}));
  await root.send(new CreateAliasCommand({ AliasName: 'alias/ours', TargetKeyId: KeyMetadata?.KeyId }));
  const described = { alias: 'alias/ours', 'move-alias': true, tags: ['team=payments'] };
  const ceremony = await beginImport(t, { practice, answers: { ...policyForOthers, 'describe-key': described } });
  await ceremony.upTo();
  assert.deepEqual(deniedCalls(ceremony), []);
  assert.equal(ceremony.countOf('KMS.UpdateAlias'), 1);
});

test('without any one action that a straight run needs, something is denied', async (t) => {
  const needed = [...new Set(printedStatements.filter(isFor('KeyferryNeeds')).flatMap(({ Action }) => Action))];
  // Practice AWS does not ask IAM whether a caller could change the policy of the key that CreateKey makes.
  const tested = needed.filter((action) => action !== 'kms:PutKeyPolicy');
  assert.equal(tested.length, needed.length - 1);
  for (const action of tested) {
    const ceremony = await under(t, withoutActions([action]));
    const failure = await ceremony.upTo().then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(failure !== undefined || deniedCalls(ceremony).length > 0, action);
  }
});

test('without what is only convenient, a ceremony finishes as well', async (t) => {
  const statements = printedStatements.filter((statement) => !isFor('KeyferryConvenience')(statement));
  const ceremony = await under(t, statements);
  await ceremony.upTo();
  // The ARN of the caller's role stays unknown, so that IAM is not asked to simulate for it.
  assert.deepEqual([...deniedCalls(ceremony)].toSorted(), [
    'IAM.GetRole',
    'IAM.GetUser',
    'IAM.ListRoles',
    'S3.ListBuckets',
  ]);
});

test('unattended, an answers file says that no unseen key is the one of the ceremony', async (t) => {
  const faults = [{ operation: 'kms:CreateKey', do: 'drop-before', times: 1 } as const];
  const statements = withoutActions(['kms:ListKeys']);
  const ceremony = await outside({ settings: { ...underPolicy(statements), faults }, changes: policyForOthers });
  t.after(ceremony.close);
  // The line may stand there from the beginning. It counts once the answer of CreateKey was lost.
  const answers = join(ceremony.cut.folder, 'answers.yaml');
  const text = readFileSync(answers, 'utf8');
  writeFileSync(answers, `${text}policy:\n  unseen-keys: none\n`);
  const lost = await ceremony.run();
  assert.equal(lost.status, 3, lost.stderr);
  assert.match(lost.stderr, /x Can't tell whether the KMS key was made\.[\s\S]*No second key is made\./);
  const { status, stderr } = await ceremony.run();
  assert.equal(status, 0, stderr);
  const { endpoint, credentialsOf } = ceremony.aws;
  await assertOneOfEach({ endpoint, credentials: credentialsOf('root') }, ceremony.workdir);
});

test('each call of a way back was made in one of these ceremonies', () => {
  const wayBack = Object.entries(permissionsOfCalls).flatMap(([call, permissions]) =>
    permissions.some(({ when }) => when === 'way back') ? [call] : [],
  );
  assert.deepEqual(
    wayBack.filter((call) => !called.has(call)),
    [],
  );
});
