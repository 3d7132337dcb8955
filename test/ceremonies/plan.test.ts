import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { guidedFirstImport } from '../../source/ceremonies/first-import/guided.ts';
import type { ChoiceQuestion, Option, Question } from '../../source/ceremony/question.ts';
import { acknowledgeQuestion } from '../../source/steps/describe-key.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { policyWords } from '../../source/steps/policy-words.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { generatedSecret, openedBackup } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { makeServices } from '../services.ts';
import { type AllAnswers, RunningCeremony } from '../steps/ceremony.ts';

/** A ceremony in the recommended set-up that has come to the plan. */
async function atPlan(t: TestContext, answers: AllAnswers = {}) {
  const running = new RunningCeremony(await makeServices(t), guidedFirstImport, {
    ...answers,
    'set-up': { kind: 'recommended' },
    'secret-key': { keep: 'memory', ...answers['secret-key'] },
  });
  await running.upTo('permissions');
  const step = guidedFirstImport.steps.find(({ id }) => id === 'policy');
  const questions = (changed: Partial<Facts> = {}, given = {}): readonly Question[] =>
    step?.questions({ facts: { ...running.facts, ...changed }, answers: given, services: running.services }) ?? [];
  const plan = (changed: Partial<Facts> = {}) => questions(changed)[0] as ChoiceQuestion;
  const rows = (changed: Partial<Facts> = {}) => plan(changed).options as readonly Option[];
  const hints = (changed: Partial<Facts> = {}) =>
    Object.fromEntries(rows(changed).flatMap(({ label, hint }) => (hint === undefined ? [] : [[label, hint]])));
  return { running, questions, plan, rows, hints };
}

test('the plan says every choice that was taken, and each row opens its question', async (t) => {
  const { running, plan, rows, hints } = await atPlan(t);
  const checkValue = keyHere(running.facts.secret)?.checkValue;
  assert.equal(rows()[0]?.label, 'Create alias/my-first-key and import the secret');
  assert.deepEqual(hints(), {
    Name: 'alias/my-first-key, no description, no tags',
    Secret: `made here, check value ${checkValue?.value}`,
    Backup: 'none: only AWS will have the key',
    'Manage it': 'you (role SecurityAdmin)',
    'Use it': 'you (role SecurityAdmin)',
    Region: 'us-east-1 only; cannot be changed later',
    Wrapping: 'RSAES_OAEP_SHA_256, RSA_4096',
    Expires: 'never',
    Cost: '1 USD a month on AWS, nothing here',
    Policy: 'show who may do what',
    Bucket: 'look first: it may want another key',
  });
  const leads = rows().flatMap(({ label, leads }) =>
    leads === undefined || leads.action === 'panel' || leads.action === 'retry' || leads.action === 'ask-again'
      ? []
      : [[label, leads.step, leads.question]],
  );
  assert.deepEqual(leads, [
    ['Name', 'describe-key', undefined],
    ['Secret', 'secret-key', 'origin'],
    ['Backup', 'backup', undefined],
    ['Manage it', 'permissions', 'administrators'],
    ['Use it', 'permissions', 'users'],
    ['Region', 'describe-key', 'multi-region'],
    ['Wrapping', 'wrapping-key', 'wrapping'],
    ['Expires', 'import', 'expiry'],
  ]);
  assert.equal(plan().help, undefined, 'nothing is wrong');
  assert.equal(plan().asked, 'always');
});

test('every question that a row opens is one of its step', async (t) => {
  const { running, rows } = await atPlan(t);
  for (const { label, leads } of rows()) {
    if (leads?.action !== 'reopen' && leads?.action !== 'ask-ahead') continue;
    const step = guidedFirstImport.steps.find(({ id }) => id === leads.step);
    assert.ok(leads.question === undefined || step?.asks.includes(leads.question), label);
    assert.ok(step !== undefined, label);
  }
  assert.ok(running.facts.people !== undefined);
});

test('what was chosen otherwise stands on the plan', async (t) => {
  const { recipient, identityFile } = ageIdentity(newFolder());
  const { running, hints, rows } = await atPlan(t, {
    'describe-key': { description: 'Invoices', tags: ['team=payments'], 'multi-region': true },
    backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
    permissions: { users: [] },
  });
  const { journal } = running.services;
  journal.append({ kind: 'answered', step: 'import', answers: { expiry: 'date', 'valid-to': '90d' } });
  journal.append({ kind: 'answered', step: 'wrapping-key', answers: { wrapping: 'RSAES_OAEP_SHA_1 RSA_2048' } });
  const said = hints();
  assert.equal(said.Name, 'alias/my-first-key, Invoices, team=payments');
  assert.equal(said.Backup, 'my-first-key.key.age, read back, 1 recipient');
  assert.equal(said['Use it'], 'the account root alone');
  assert.equal(said.Region, 'us-east-1, multi-Region, for ever');
  assert.equal(said.Wrapping, 'RSAES_OAEP_SHA_1, RSA_2048');
  assert.match(said.Expires ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d UTC; then all under it is unreadable$/);
  const connection = running.facts.connection;
  assert.ok(connection !== undefined);
  assert.equal(hints({ connection: { ...connection, source: 'environment', practice: false } }).Cost, '1 USD a month');
  const [moved] = rows({
    description: { alias: 'alias/old', description: '', aliasFrom: '8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa' },
  });
  assert.equal(moved?.label, 'Create alias/old, move the alias to it, and import the secret');
});

test('the key is not made before the sentence is ticked, on the plan and behind a look at a bucket', async (t) => {
  const { plan, questions } = await atPlan(t);
  assert.equal(plan().tick?.before, 'create');
  assert.match(plan().tick?.ask ?? '', /^I understand: if KMS loses the secret, only my backup brings it back\.$/);
  const goOn = questions({}, { proceed: 'look', bucket: 'b' }).find(({ id }) => id === 'go-on') as ChoiceQuestion;
  assert.equal(goOn.tick?.before, 'yes');
});

test('what is wrong or not known stands above the rows', async (t) => {
  const { running, plan, rows, questions } = await atPlan(t);
  const { people } = running.facts;
  assert.ok(people !== undefined);
  const missing = [{ action: 'kms:CreateKey', on: 'account', by: 'no policy' }] as const;
  const lacking = { people: { ...people, test: { tested: true, missing } } } as const;
  assert.match(plan(lacking).help ?? '', /you may not kms:CreateKey/);
  assert.ok(rows(lacking).some(({ value }) => value === 'needed'));
  const despite = questions(lacking).find(({ id }) => id === 'despite-missing-permissions');
  assert.equal(despite?.asked, 'always');
  const untested = { people: { ...people, test: { tested: false, why: 'IAM does not answer.' } } } as const;
  assert.match(plan(untested).help ?? '', /Your permissions were not tested/);
  const foreign = { people: { ...people, users: ['arn:aws:iam::111122223333:role/Other'] } };
  assert.match(plan(foreign).help ?? '', /role Other is of another account/);
  const without = { people: { ...people, administrators: ['arn:aws:iam::000000000000:role/SecurityAudit'] } };
  assert.match(
    plan(without).help ?? '',
    /^You are not among the administrators: unless IAM lets you, you cannot import/,
  );
});

test('the acknowledgement is asked with the plan and not before, and the facts say so', async (t) => {
  const { running } = await atPlan(t);
  assert.equal(running.facts.description?.acknowledged, undefined);
  const { key } = await running.upTo('policy');
  assert.equal(key?.acknowledged, 'with the plan');
});

test('in any other set-up the acknowledgement is asked as before', async (t) => {
  const running = new RunningCeremony(await makeServices(t), guidedFirstImport, { 'set-up': { kind: 'everything' } });
  const facts = await running.upTo('policy');
  assert.deepEqual([facts.description?.acknowledged, facts.key?.acknowledged], [true, undefined]);
});

test('the acknowledgement is asked beside the description until a set-up is chosen, and in every one but the recommended', () => {
  const step = guidedFirstImport.steps.find(({ id }) => id === 'describe-key');
  const isAsked = (facts: Facts) =>
    step
      ?.questions({ facts, answers: {}, services: makeOfflineServices() })
      .some(({ id }) => id === acknowledgeQuestion.id);
  assert.equal(isAsked({}), true);
  for (const kind of ['everything', 'video', 'recommended'] as const)
    assert.equal(isAsked({ setUp: { kind } }), kind !== 'recommended', kind);
});

test('a step of the form for a person may read what it reads in the other form, the set-up, and what the plan shows', () => {
  for (const { id, mayRead = [], goesWrong } of firstImport.steps) {
    const guided = guidedFirstImport.steps.find((step) => step.id === id);
    const more = id === 'policy' ? (['secret', 'backup'] as const) : [];
    assert.deepEqual(new Set(guided?.mayRead), new Set([...mayRead, 'setUp', ...more]), id);
    const told = id === 'policy' ? (acknowledgeQuestion.help?.split('\n') ?? []) : [];
    assert.deepEqual(guided?.goesWrong, [...told, ...goesWrong], id);
  }
});

test('the plan says who keeps a secret that is not here, every tag, who may import, and a backup that nobody opened', async (t) => {
  const { running, plan, rows, hints } = await atPlan(t);
  const { people, description } = running.facts;
  assert.ok(people !== undefined && description !== undefined);
  const away: Partial<Facts> = { secret: { origin: 'elsewhere', keeper: 'the HSM' } };
  assert.equal(rows(away)[0]?.label, 'Create alias/my-first-key');
  assert.equal(hints(away).Secret, 'kept by the HSM, never here');
  assert.ok(!('Backup' in hints(away)));
  const tags = [
    { key: 'team', value: 'pay' },
    { key: 'cost', value: '7' },
  ];
  assert.match(hints({ description: { ...description, tags } }).Name ?? '', /, team=pay cost=7$/);
  const importers = [people.administrators[0] ?? ''];
  assert.equal(hints({ people: { ...people, policyKind: 'strict', importers } }).Import, 'you (role SecurityAdmin)');
  const backup = { ...openedBackup, file: 'a.age', recipients: ['age1a', 'age1b'], proven: 'written' } as const;
  assert.equal(hints({ backup }).Backup, 'a.age, read back, 2 recipients');
  assert.match(
    hints({ secret: { ...generatedSecret, file: 'plain.bin' } }).Secret ?? '',
    /^made here, in plain\.bin, check/,
  );
  // Ceremonies of earlier versions did not say which policy: theirs was that of the console.
  const { policyKind: _kind, ...older } = people;
  const without = { administrators: ['arn:aws:iam::000000000000:role/SecurityAudit'] };
  assert.match(
    plan({ people: { ...older, ...without } }).help ?? '',
    /^You are not among the administrators: unless IAM/,
  );
  const untested = { tested: false, why: 'IAM does not answer.' } as const;
  const page = rows({ people: { ...people, test: untested, users: ['arn:aws:iam::111122223333:role/Other'] } }).find(
    ({ label }) => label === 'Policy',
  )?.leads;
  const lines = page?.action === 'panel' ? page.panel.lines : [];
  const words = policyWords({ ...running.facts, people: { ...people, test: untested } });
  assert.ok(words.notes.length > 0 && words.test.length > 0);
  for (const line of [...words.notes, ...words.test]) assert.ok(lines.includes(line), line);
  assert.ok(lines.some((line) => line.includes('role Other is of another account')));
});
