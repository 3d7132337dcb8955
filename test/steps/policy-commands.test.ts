import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Description, Facts } from '../../source/steps/facts.ts';
import { policy } from '../../source/steps/policy.ts';
import { connectionOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';

const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';

/** The step that makes a key, in a ceremony with an id. */
function making(t: TestContext, description: Partial<Description> = {}, people: Partial<Facts['people']> = {}) {
  const { context, journal } = actingIn(t, {
    step: 'policy',
    facts: {
      connection: connectionOf(you),
      description: { alias: 'alias/a', description: 'a key', ...description },
      people: {
        ...{ administrators: [you], users: [you], administratorsMayDelete: false },
        test: { tested: true, missing: [] },
        ...people,
      },
    },
  });
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'this-one', version: '0.0.0' });
  const [create, alias] = policy.commands(context);
  return { context, create: create?.shell ?? '', alias: alias?.shell ?? '', says: alias?.says };
}

test('the printed commands make the key as the ceremony does: its kind, its tags, its policy and its alias', (t) => {
  const plain = making(t);
  assert.match(plain.create, /^KEY_ARN=\$\(aws kms create-key[\s\S]*--origin EXTERNAL[\s\S]*--description 'a key'/);
  assert.match(plain.create, /--tags \S*TagKey=[^ ]+,TagValue=this-one/);
  assert.match(plain.create, /--policy '\{[^']*Allow access for Key Administrators[^']*SecurityAdmin/);
  assert.doesNotMatch(plain.create, /multi-region|cli-input-json/);
  assert.match(plain.alias, /kms create-alias[\s\S]*--alias-name alias\/a[\s\S]*--target-key-id "\$KEY_ARN"/);
  const more = making(t, { multiRegion: true, tags: [{ key: 'team', value: 'a, b' }], aliasFrom: 'their-key' });
  assert.match(more.create, /--multi-region/);
  assert.match(more.create, /--tags '\[\{"TagKey":[^']*"this-one"\},\{"TagKey":"team","TagValue":"a, b"\}\]'/);
  assert.match(more.alias, /kms update-alias/);
  assert.equal(more.says, 'Move the alias to it, from key their-key');
});

test('a description that aws would read from a file or a page is given so that it stays as it is', (t) => {
  for (const description of ['file:///etc/passwd', 'fileb://x', 'http://a.test', 'https://a.test']) {
    const { create } = making(t, { description });
    assert.ok(create.includes(`--cli-input-json '{"Description":"${description}"}'`), create);
    assert.doesNotMatch(create, /--description/);
  }
  for (const description of ['see file://x', 'ftp://a.test'])
    assert.match(making(t, { description }).create, /--description /);
});

test('before a key is made its policy can be seen whole, with who may do what, and changed', (t) => {
  const optionsOf = (...given: [Partial<Description>?, Partial<Facts['people']>?]) => {
    const [question] = policy.questions(making(t, ...given).context);
    assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
    return { question, values: question.options.map(({ value }) => value), first: question.options[0]?.label };
  };
  const plain = optionsOf();
  assert.deepEqual(plain.values, ['create', 'json', 'look', 'people']);
  assert.equal(plain.first, 'Create the key and alias/a');
  assert.equal(plain.question.default, 'create');
  assert.equal(plain.question.table?.head.length, 6);
  assert.equal(optionsOf({ aliasFrom: 'their-key' }).first, 'Create the key, and move alias/a to it');
  const strict = optionsOf({}, { policyKind: 'strict', importers: [you] });
  assert.deepEqual(strict.values, ['create', 'duties', 'json', 'look', 'people']);
  const lacking = { tested: true, missing: [{ action: 'kms:CreateKey', on: 'key', by: 'no policy' }] } as const;
  const missing = optionsOf({}, { test: lacking });
  assert.deepEqual(missing.values, ['create', 'json', 'needed', 'look', 'people']);
  assert.match(missing.question.help ?? '', /^By IAM's test, you may not kms:CreateKey[\s\S]*1 USD a month/);
});

test('whether to go on without permissions is asked where some are missing, and before anything was tested', (t) => {
  const idsWith = (test: NonNullable<Facts['people']>['test']) => {
    const { context } = making(t);
    const { test: _, ...people } = context.facts.people ?? assert.fail('they are there');
    const facts = { ...context.facts, people: { ...people, ...(test === undefined ? {} : { test }) } };
    return policy.questions({ ...context, facts }).map(({ id }) => id);
  };
  const asked = ['proceed', 'despite-missing-permissions'];
  assert.deepEqual(idsWith(undefined), asked);
  assert.deepEqual(idsWith({ tested: true, missing: [{ action: 'kms:CreateKey', on: 'key' }] }), asked);
  for (const test of [
    { tested: true, missing: [] },
    { tested: true, missing: [{ action: 's3:PutObject', on: 'object' }] },
    { tested: false, why: 'IAM is away.' },
  ] as const)
    assert.deepEqual(idsWith(test), ['proceed']);
});

test('a key that is foreseen has no ARN yet, so that nothing is taken for made', (t) => {
  const { key } = policy.foresee?.(making(t).context) ?? {};
  assert.deepEqual([key?.keyArn, key?.alias], ['', 'alias/a']);
});
