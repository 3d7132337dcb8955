import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Tag } from '@aws-sdk/client-kms';
import { importExisting } from '../../source/ceremonies/import-existing/import-existing.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { keyPolicy } from '../../source/steps/key-policy.ts';
import { connectionOf, foreignKey, keyOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { denyCaller, must } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { problemOf, refusalOf } from './ceremony.ts';
import { accountId, beginExisting, othersKey, policyOf, you } from './existing-ceremony.ts';

const root = `arn:aws:iam::${accountId}:root`;
const uploader = `arn:aws:iam::${accountId}:role/app-uploader`;
const byS3 = { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } };

/** The page of a key with this policy, and the ceremony that stands before it. */
async function pageOf(
  t: TestContext,
  Policy: string,
  { denied = [], ...more }: { readonly denied?: readonly string[]; readonly Tags?: Tag[] } = {},
) {
  const { practice } = await makeServices(t);
  const { keyId } = await othersKey(practice, { Policy, BypassPolicyLockoutSafetyCheck: true, ...more });
  if (denied.length > 0) denyCaller(practice, ...denied);
  const ceremony = await beginExisting(t, { practice, key: keyId });
  await ceremony.upTo('existing-key');
  const question = must(ceremony.questionsOf('key-policy', {})[0]);
  assert.equal(question.kind, 'choice');
  const options = question.kind === 'choice' && typeof question.options !== 'function' ? question.options : [];
  return { ceremony, help: question.help ?? '', table: question.table, options };
}

test('the page shows who may do what by the policy, and who can lock out whom', async (t) => {
  const { help, table, options } = await pageOf(
    t,
    policyOf(
      [root, 'kms:*'],
      [you, ['kms:ImportKeyMaterial', 'kms:PutKeyPolicy', 'kms:Delete*']],
      [uploader, 'kms:Decrypt', byS3],
    ),
  );
  assert.deepEqual(table?.rows, [
    ['account root', true, true, true, true, true],
    ['role SecurityAdmin', false, true, false, true, false],
    ['role app-uploader', false, false, 'if', false, false],
  ]);
  assert.match(
    help,
    /^You and everyone whom IAM allows it \(account root\) can change this policy, and so give and take away every right to the key\.$/m,
  );
  assert.match(help, /"if": a condition of the policy decides\./);
  assert.match(help, /Tags: team=payments\. Policy, tags and name stay as they are\./);
  assert.doesNotMatch(help, /You seem to lack/);
  assert.deepEqual(
    options.map(({ value }) => value),
    ['use', 'json', 'look', 'another'],
  );
});

test('where IAM does not say the ARN of the caller, a policy that names the role by any path names the caller', async (t) => {
  const { help } = await pageOf(t, policyOf([you, 'kms:*']), { denied: ['iam:*'] });
  assert.match(help, /^You can change this policy/m);
  assert.doesNotMatch(help, /You cannot|You seem to lack/);
});

test('who can give rights by a grant without changing the policy is told', async (t) => {
  const { help } = await pageOf(t, policyOf([root, 'kms:*'], [uploader, ['kms:Decrypt', 'kms:CreateGrant']]));
  assert.match(
    help,
    /every right to the key\. By a grant, role app-uploader can still give rights to the key to anybody\.$/m,
  );
});

test('a policy that leaves out the account root is told: nobody could change it once its people are gone', async (t) => {
  const { help } = await pageOf(t, policyOf([you, 'kms:*']));
  assert.match(
    help,
    /^You can change this policy, .* The account root cannot: once these are gone, only AWS Support can help\.$/m,
  );
  const nobody = await pageOf(t, policyOf([you, ['kms:Describe*', 'kms:Get*', 'kms:ImportKeyMaterial', 'kms:List*']]));
  assert.match(nobody.help, /^Nobody can change this policy: it allows kms:PutKeyPolicy to no one\.$/m);
});

test('what the policy withholds is told and blocks nothing; IAM cannot give it', async (t) => {
  const { ceremony, help, options } = await pageOf(
    t,
    policyOf([you, ['kms:Describe*', 'kms:Get*', 'kms:ImportKeyMaterial', 'kms:List*', 'kms:PutKeyPolicy']]),
  );
  assert.match(help, /^The key policy does not let you use the key: one of its users uploads, later\.$/m);
  assert.doesNotMatch(help, /You seem to lack/);
  assert.equal(
    options.some(({ value }) => value === 'needed'),
    false,
  );
  const facts = await ceremony.upTo();
  assert.deepEqual([facts.notOpened, facts.proof, facts.finish?.keyState], ['refused', undefined, 'Enabled']);
  assert.match(ceremony.receiptOf('prove'), /^Nothing was opened with the key: you may not use it$/);
  const { status, page } = await importExisting.conclude(facts, ceremony.services);
  assert.equal(status, 0);
  assert.match(page.lines.join('\n'), /Nothing was opened with it: you may not use it\. Let a user of the key try\./);
  const [where] = ceremony.questionsOf('encrypt-objects', {});
  assert.match(where?.help ?? '', /^KMS did not let you use the key, and an upload needs that\./);
  assert.equal(where?.kind === 'choice' ? where.default : undefined, 'later');
});

test('what the policy gives to nobody is told, though IAM allows it; the call itself is refused then', async (t) => {
  const actions = ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:PutKeyPolicy', 'kms:GenerateDataKey', 'kms:Decrypt'];
  const { ceremony, help } = await pageOf(t, policyOf([you, actions]));
  assert.match(help, /^You seem to lack kms:ImportKeyMaterial\. IAM cannot give that: the key policy has to\./m);
  const { what, code } = await problemOf(ceremony.upTo());
  assert.deepEqual([what, code], ['The material was not imported.', 'AccessDeniedException']);
});

test('what IAM denies is told with the IAM policy that gives it, narrowed to this key; the call itself is the test', async (t) => {
  const { ceremony, help, options } = await pageOf(t, policyOf([root, 'kms:*']), { denied: ['kms:ImportKeyMaterial'] });
  assert.match(help, /^You seem to lack kms:ImportKeyMaterial\. This can be wrong: the call itself tells\.$/m);
  const needed = options.find(({ value }) => value === 'needed');
  assert.ok(needed?.leads?.action === 'panel');
  const { Statement } = JSON.parse(needed.leads.panel.lines.join('\n'));
  assert.deepEqual(
    Statement.map(({ Action, Resource }: { Action: string; Resource: string }) => [Action, Resource]),
    [[['kms:ImportKeyMaterial'], ceremony.facts.key?.keyArn]],
  );
  denyCaller(ceremony.practice);
  assert.equal((await ceremony.upTo()).finish?.keyState, 'Enabled');
});

test('nobody goes on without the tick that imported keys are understood', async (t) => {
  const { ceremony } = await pageOf(t, policyOf([root, 'kms:*']));
  ceremony.answer('key-policy', { acknowledge: false });
  assert.match(await refusalOf(ceremony.upTo()), /^key-policy\.acknowledge: /);
});

test('the record tells that somebody else made the key: when, its tags, its policy as read', async (t) => {
  const policy = policyOf([root, 'kms:*'], [uploader, 'kms:Decrypt', byS3]);
  const { ceremony } = await pageOf(t, policy);
  const facts = await ceremony.upTo();
  importExisting.record?.(facts, ceremony.services, true);
  const { folder } = ceremony.services;
  const record = JSON.parse(readFileSync(folder.file('record.json'), 'utf8'));
  assert.deepEqual(record.key.policy, JSON.parse(policy));
  assert.equal(record.people, undefined);
  assert.deepEqual(record.existing.tags, [{ key: 'team', value: 'payments' }]);
  assert.deepEqual(
    record.existing.whoCanWhat.map((row: { principal: string; use: string }) => [row.principal, row.use]),
    [
      [root, 'yes'],
      [uploader, 'maybe'],
    ],
  );
  const page = readFileSync(folder.file('record.md'), 'utf8');
  assert.match(
    page,
    /^A KMS key with imported material, which somebody else made\. Its first material was imported with Keyferry/m,
  );
  assert.match(page, /^\| Key made \| at 20\d\d-\S+, by somebody else \|$/m);
  assert.match(page, /^\| Tags \| team = payments \|$/m);
  assert.match(page, /^\| Alias \| \(none\) \|$/m);
  assert.match(page, /^## Key policy, as read at 20/m);
  assert.doesNotMatch(page, /Made by|Administrators/);
});

test('a key that a ceremony of Keyferry made is told as such, and no other', async (t) => {
  const words = /^A ceremony of Keyferry made this key\. Where its folder is at hand, go on there instead\.$/m;
  const policy = policyOf([root, 'kms:*']);
  assert.doesNotMatch((await pageOf(t, policy)).help, words);
  const Tags = [{ TagKey: 'keyferry:ceremony', TagValue: 'of another folder' }];
  assert.match((await pageOf(t, policy, { Tags })).help, words);
});

test('of several that the caller lacks, it is said which the key policy has to give', async (t) => {
  const actions = ['kms:Describe*', 'kms:List*', 'kms:Get*', 'kms:PutKeyPolicy'];
  const { help } = await pageOf(t, policyOf([root, ['kms:Decrypt', 'kms:GenerateDataKey']], [you, actions]), {
    denied: ['kms:Decrypt'],
  });
  const [, lacked, byPolicy] =
    /^You seem to lack (.*)\. IAM cannot give (.*): the key policy has to\./m.exec(help) ?? [];
  assert.match(lacked ?? '', /kms:ImportKeyMaterial/);
  assert.match(lacked ?? '', /kms:Decrypt/);
  assert.equal(byPolicy, 'kms:ImportKeyMaterial');
});

/** What the step has found, with a key that the caller alone may use and change, but for these parts. */
const foundWith = (existing: Partial<NonNullable<Facts['existing']>>): Facts => ({
  connection: connectionOf(you),
  key: keyOf('one'),
  existing: { ...foreignKey, policy: policyOf([you, 'kms:*']), tags: [], ...existing },
});

/** The first question of the page about such a key, without a connection. */
function choiceAbout(existing: Partial<NonNullable<Facts['existing']>>) {
  const [question] = keyPolicy.questions({ facts: foundWith(existing), answers: {}, services: makeOfflineServices() });
  assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
  return { lines: (question.help ?? '').split('\n'), options: question.options };
}

test('what the test of the permissions found is told in full: what decided, what an upload lacks, what is not known', () => {
  const { lines } = choiceAbout({
    test: {
      tested: true,
      missing: [
        { action: 'kms:ImportKeyMaterial', on: 'key', by: 'explicit deny' },
        { action: 's3:PutObject', on: 'object' },
      ],
      unknown: [{ action: 'kms:DescribeKey', on: 'key', why: 'no answer' }],
    },
  });
  assert.deepEqual(lines.slice(0, 3), [
    'You seem to lack kms:ImportKeyMaterial. An IAM policy denies kms:ImportKeyMaterial. This can be wrong: the call itself tells.',
    'For the bucket s3://keyferry-a-one, you may not s3:PutObject. The upload at the end needs it; another bucket may differ.',
    'Whether you may kms:DescribeKey is not known: IAM did not say.',
  ]);
  assert.equal(lines.at(-1), 'It has no tags. Policy, tags and name stay as they are.');
});

test('it is told that the permissions were not tested, and nothing is said of that where they were', () => {
  const { lines } = choiceAbout({ test: { tested: false, why: 'IAM is away.' } });
  assert.equal(lines[0], 'Your permissions were not tested. IAM is away.');
  const tested = choiceAbout({ test: { tested: true, missing: [] } });
  assert.match(tested.lines[0] ?? '', /^You can change this policy/);
});

test('a policy that is no policy is told as that, and is shown as KMS gave it', () => {
  const { lines, options } = choiceAbout({ policy: 'one\ntwo' });
  assert.ok(lines.includes('The key policy cannot be read as a policy. Look at it as JSON.'));
  const json = options.find(({ value }) => value === 'json');
  assert.deepEqual(json?.leads?.action === 'panel' && json.leads.panel.lines, ['one', 'two']);
  const readable = choiceAbout({}).options.find(({ value }) => value === 'json');
  assert.equal(readable?.leads?.action === 'panel' && readable.leads.panel.lines[1], '  "Version": "2012-10-17",');
});

test('of several tags each is told, and one of a ceremony of Keyferry among them is seen', () => {
  const tags = [
    { key: 'team', value: 'pay' },
    { key: 'keyferry:ceremony', value: 'c' },
  ];
  const { lines } = choiceAbout({ tags });
  assert.equal(lines.at(-1), 'Tags: team=pay, keyferry:ceremony=c. Policy, tags and name stay as they are.');
  assert.match(lines.at(-2) ?? '', /^A ceremony of Keyferry made this key\./);
});

test('another key can be chosen from the page, and the receipt says whether the policy was looked at', () => {
  const { options } = choiceAbout({});
  assert.deepEqual(options.at(-1)?.leads, { action: 'reopen', label: 'Choose another key', step: 'existing-key' });
  assert.equal(keyPolicy.receipt(foundWith({})), 'Policy looked at, and left as it is');
  assert.equal(keyPolicy.receipt(foundWith({ policy: null })), 'Policy not known: you may not read it');
  const foreseen = keyPolicy.foresee?.({ facts: foundWith({}), answers: {}, services: makeOfflineServices() });
  assert.deepEqual(foreseen?.description, { alias: 'alias/a', description: '', acknowledged: true });
});

test('a person who looks first names a bucket, and then is told what was seen there', () => {
  const services = makeOfflineServices();
  const questionsAfter = (answers: Answers) => keyPolicy.questions({ facts: foundWith({}), answers, services });
  const idsAfter = (answers: Answers) => questionsAfter(answers).map(({ id }) => id);
  assert.deepEqual(idsAfter({ proceed: 'use' }), ['proceed', 'acknowledge']);
  assert.deepEqual(idsAfter({ proceed: 'look' }), ['proceed', 'bucket', 'acknowledge']);
  assert.equal(questionsAfter({ proceed: 'look' })[1]?.ask, 'Which bucket are the objects for?');
  const goOnAfter = (bucket: string) => {
    const question = questionsAfter({ proceed: 'look', bucket })[2];
    assert.ok(question?.kind === 'choice' && question.id === 'go-on');
    return question;
  };
  services.bucketNotes.keep('noted', ['It keeps every version.']);
  const last = 'The bucket is suggested to you again when the objects are uploaded.';
  assert.equal(goOnAfter('noted').help, `It keeps every version.\n${last}`);
  const nothing = 'Nothing that S3 shows of this bucket keeps uploads under your key out.';
  assert.equal(goOnAfter('other').help, `${nothing}\n${last}`);
  assert.deepEqual(goOnAfter('other').options, [{ value: 'yes', label: 'Use alias/a' }]);
});

const named = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;

/** The sentences about who can change such a policy, and who can give rights by a grant. */
const changersIn = (policy: string) =>
  choiceAbout({ policy }).lines.find((line) => line.includes(' change this policy')) ?? '';

test('of more than three who can change the policy, two are named; whoever can under a condition counts too', () => {
  const put = 'kms:PutKeyPolicy';
  const rest = 'can change this policy, and so give and take away every right to the key.';
  const onlyThese = 'The account root cannot: once these are gone, only AWS Support can help.';
  assert.equal(
    changersIn(policyOf([[you, named('a'), named('b')], put])),
    `You, role a and role b ${rest} ${onlyThese}`,
  );
  assert.equal(
    changersIn(policyOf([[you, named('a'), named('b'), named('c')], put])),
    `You, role a and 2 more ${rest} ${onlyThese}`,
  );
  assert.equal(changersIn(policyOf([you, 'kms:*'], [named('a'), put, byS3])), `You and role a ${rest} ${onlyThese}`);
  assert.equal(
    changersIn(policyOf([named('a'), put], [you, 'kms:Decrypt'])),
    `Role a ${rest} You cannot. ${onlyThese}`,
  );
  assert.equal(
    changersIn(policyOf([root, put], [you, 'kms:Decrypt'])),
    `Everyone whom IAM allows it (account root) ${rest}`,
  );
  assert.equal(changersIn(policyOf([[named('a'), named('b')], put], ['*', put, byS3])).includes('You cannot'), false);
});

test('who can change the policy is not told once more as one who can make grants', () => {
  assert.doesNotMatch(changersIn(policyOf([you, 'kms:*'], [named('a'), 'kms:CreateGrant', byS3])), /grant/);
  assert.match(
    changersIn(
      policyOf(
        [named('z'), 'kms:*'],
        [
          [you, named('a')],
          ['kms:CreateGrant', 'kms:Decrypt'],
        ],
      ),
    ),
    / By a grant, you and role a can still give rights to the key to anybody\.$/,
  );
});
