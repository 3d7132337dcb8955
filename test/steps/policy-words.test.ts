import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PermissionTest } from '../../source/aws/permission-check.ts';
import type { Facts, People } from '../../source/steps/facts.ts';
import { neededJson } from '../../source/steps/permission-check.ts';
import { isStrict, kindQuestion } from '../../source/steps/policy-kind.ts';
import { isTestClean, policyOf, policyProblem, policyTable, policyWords } from '../../source/steps/policy-words.ts';
import { connectionOf } from '../known-facts.ts';

const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';
const ops = 'arn:aws:iam::000000000000:role/Ops';
const stranger = 'arn:aws:iam::111122223333:role/Partner';
const clean: PermissionTest = { tested: true, missing: [] };
const lacking: PermissionTest = { tested: true, missing: [{ action: 'kms:CreateKey', on: 'key', by: 'no policy' }] };

/** What is known before a key is made whose administrator and user the caller is, but for what `people` changes. */
const factsWith = (
  people: Partial<People> = {},
  connection: Partial<NonNullable<Facts['connection']>> = {},
): Facts => ({
  connection: { ...connectionOf(you), ...connection },
  description: { alias: 'alias/a', description: 'a key' },
  people: {
    administrators: [you],
    users: [you],
    administratorsMayDelete: false,
    policyKind: 'console',
    test: clean,
    ...people,
  },
});

test('what IAM finds missing is a warning, and everything else that it said stands with the test', () => {
  const missing = policyWords(factsWith({ test: lacking }));
  assert.match(missing.warnings.join(), /^By IAM's test, you may not kms:CreateKey/);
  assert.deepEqual(missing.test, []);
  const nothing = policyWords(factsWith());
  assert.deepEqual(nothing.warnings, []);
  assert.deepEqual(nothing.test, ["IAM's test finds nothing missing, as far as it can see."]);
  const untested = policyWords(factsWith({ test: { tested: false, why: 'IAM did not answer.' } }));
  assert.deepEqual(untested.warnings, []);
  assert.deepEqual(untested.test, ['Your permissions were not tested. IAM did not answer.']);
  const { test: _, ...notAsked } = factsWith().people as People;
  const rehearsed = policyWords({ ...factsWith(), people: notAsked });
  assert.deepEqual([rehearsed.warnings, rehearsed.test], [[], []]);
});

for (const role of ['administrators', 'importers', 'users'] as const)
  test(`somebody of another account among the ${role} is warned of, and so is an ARN that nobody has confirmed`, () => {
    const policyKind = role === 'importers' ? 'strict' : 'console';
    const nobody = { administrators: [], users: [], policyKind } as const;
    assert.match(
      policyWords(factsWith({ ...nobody, [role]: [stranger] })).warnings.join(),
      /^role Partner is of another account: that account must allow it too/,
    );
    assert.match(
      policyWords(
        factsWith({ ...nobody, [role]: [you] }, { unconfirmed: { is: 'derived', why: 'IAM is silent' } }),
      ).warnings.join(),
      new RegExp(`^${you} is derived from the profile`),
    );
    assert.deepEqual(policyWords(factsWith({ ...nobody, [role]: [ops] })).warnings, []);
  });

test('of a policy that AWS would refuse the reason is told, and not who could change it', () => {
  const many = Array.from({ length: 400 }, (_, index) => `arn:aws:iam::000000000000:role/a-role-with-a-name-${index}`);
  const tooLarge = factsWith({ users: many });
  const problem = policyProblem(tooLarge);
  assert.match(problem ?? '', /^The policy would be \d+ bytes; KMS takes 32768\./);
  const { warnings, notes } = policyWords(tooLarge);
  assert.deepEqual([warnings, notes], [[problem], []]);
  assert.equal(policyProblem(factsWith()), undefined);
});

test('who can take more for themselves is told, the caller as you, also where only the role of the session is known', () => {
  const notes = (people: Partial<People>, connection = {}) =>
    policyWords(factsWith(people, connection)).notes.join('\n');
  assert.match(
    notes({ administrators: [you, ops] }),
    /^You and role Ops can give themselves the rest, by policy or grant/,
  );
  assert.match(notes({ administrators: [ops], users: [you] }), /^Role Ops can give itself the rest/);
  const session = {
    callerArn: 'arn:aws:sts::000000000000:assumed-role/Ops/me',
    principalArn: 'arn:aws:sts::000000000000:assumed-role/Ops/me',
    unconfirmed: { is: 'unknown', why: 'IAM is silent' },
  };
  assert.match(notes({ administrators: [ops], users: [] }, session), /^You can give yourself the rest/);
});

test('under a strict policy its mark is explained, and nobody is said to give themselves rights', () => {
  const strict = factsWith({ policyKind: 'strict', administrators: [ops], importers: [you], users: [ops] });
  assert.deepEqual(policyWords(strict).notes, [
    'Account root: whoever IAM allows may change this policy.',
    '"S3": through S3 alone. Importers open the proof alone.',
  ]);
  assert.deepEqual(policyWords(strict).warnings, []);
  assert.doesNotMatch(policyWords(factsWith()).notes.join(), /through S3 alone/);
  assert.deepEqual([isStrict(strict), isStrict(factsWith()), isStrict({})], [true, false, false]);
});

test('what a key costs is said as a cost on AWS, and as what it would cost where one practises', () => {
  assert.match(policyWords(factsWith()).costs, /^On AWS the key would cost 1 USD a month/);
  assert.match(policyWords(factsWith({}, { source: 'environment' })).costs, /^The key costs 1 USD a month/);
});

test("IAM's test is clean only where it was made, and found nothing missing and nothing unknown", () => {
  const unknown = [{ action: 'kms:Decrypt', on: 'key', why: 'no answer' }] as const;
  const isClean = (given: PermissionTest) => isTestClean(factsWith({ test: given }));
  assert.deepEqual(
    [clean, { ...clean, unknown: [] }, lacking, { ...clean, unknown }, { tested: false, why: 'no' } as const].map(
      isClean,
    ),
    [true, true, false, false, false],
  );
  assert.equal(isTestClean({}), false);
});

test('the table of a policy has each of the people, with what they may do', () => {
  const { head, rows } = policyTable(policyOf(factsWith({ administrators: [ops], administratorsMayDelete: true })));
  assert.equal(head.length, 6);
  const rowOf = (name: string) => rows.find(([first]) => first === name);
  assert.deepEqual(rowOf('role Ops'), ['role Ops', true, true, false, true, true]);
  assert.deepEqual(rowOf('role SecurityAdmin'), ['role SecurityAdmin', false, false, true, false, false]);
});

test('an IAM policy is offered for what no policy allows, and not for what no policy can give', () => {
  const of = (...by: readonly ('no policy' | 'explicit deny' | 'boundary' | 'key policy')[]): PermissionTest => ({
    tested: true,
    missing: by.map((decided) => ({ action: 'kms:CreateKey', on: 'key', by: decided })),
  });
  assert.match(neededJson(factsWith(), of('explicit deny', 'no policy')) ?? '', /"kms:CreateKey"/);
  assert.equal(neededJson(factsWith(), of('explicit deny', 'boundary', 'key policy')), undefined);
  assert.equal(neededJson(factsWith(), { tested: false, why: 'no' }), undefined);
});

test('a strict policy can be chosen where the name of S3 is known, and by no account root', () => {
  const strictOf = (connection: Partial<NonNullable<Facts['connection']>>) => {
    const { options } = kindQuestion({ ...connectionOf(you), ...connection });
    assert.ok(Array.isArray(options));
    return options.find(({ value }) => value === 'strict');
  };
  assert.equal('disabled' in (strictOf({}) ?? {}), false);
  assert.match(strictOf({ callerArn: 'arn:aws:iam::000000000000:root' })?.disabled ?? '', /sign in as a user or role/);
  assert.match(strictOf({ partition: 'aws-iso-z' })?.disabled ?? '', /S3 in aws-iso-z is not known here/);
});
