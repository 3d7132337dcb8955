import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ceremonyTag } from '../../source/aws/kms.ts';
import type { Tag } from '../../source/aws/tags.ts';
import type { Description } from '../../source/steps/facts.ts';
import { giveAlias } from '../../source/steps/make-alias.ts';
import { makeKey } from '../../source/steps/make-key.ts';
import { answeringIam, answeringKms, inTurn, refusal } from '../aws/answering-clients.ts';
import { connectionOf } from '../known-facts.ts';
import { actingIn } from './acting.ts';
import { problemOf } from './ceremony.ts';

/* The key and its alias are made once, whatever answers are lost, and are in the end as the answers want them. */

const you = 'arn:aws:iam::000000000000:role/SecurityAdmin';
const [ours, theirs, third] = ['our-key', 'their-key', 'a-third-key'];
const alias = 'alias/a';

/** What KMS answers to a command, by its name. */
type Answers = Readonly<Record<string, () => object>>;

/** The step that makes a key; KMS gives these answers, and an empty one to any other command. */
function making(t: TestContext, answers: Answers, description: Partial<Description> = {}) {
  const calls: string[] = [];
  const inputs = new Map<string, object[]>();
  const kms = answeringKms((input, command) => {
    calls.push(command);
    inputs.set(command, [...(inputs.get(command) ?? []), input]);
    return answers[command]?.() ?? {};
  });
  const iam = answeringIam(() => ({
    Role: { Path: '/', RoleName: '', RoleId: '', CreateDate: new Date(0), Arn: you },
  }));
  const acting = actingIn(t, {
    step: 'policy',
    kms,
    iam,
    facts: {
      connection: connectionOf(you),
      description: { alias, description: 'a key', ...description },
      people: { administrators: [you], users: [you], administratorsMayDelete: false },
    },
  });
  acting.journal.append({ kind: 'begun', ceremony: 'first-import', id: 'this-one', version: '0.0.0' });
  return { ...acting, calls, inputs };
}

const failing =
  (...of: Parameters<typeof refusal>) =>
  () =>
    refusal(...of);
const lost = failing('KMSInternalException', 500);
const aliasAt = (owner: string | undefined) => () => ({
  Aliases: owner === undefined ? [] : [{ AliasName: alias, TargetKeyId: owner }],
});

test('an alias is created for a new name, and moved from the key that the person was shown', async (t) => {
  const created = making(t, {});
  await giveAlias(created.context, ours);
  assert.deepEqual(created.calls, ['CreateAlias']);
  assert.deepEqual(created.inputs.get('CreateAlias'), [{ AliasName: alias, TargetKeyId: ours }]);
  assert.deepEqual(
    created.reports.map(({ label }) => label),
    ['Creating alias/a', 'alias/a points to it'],
  );
  for (const owner of [theirs, ours]) {
    const moved = making(t, { ListAliases: aliasAt(owner) }, { aliasFrom: theirs });
    await giveAlias(moved.context, ours);
    assert.deepEqual(moved.calls, ['ListAliases', 'UpdateAlias']);
    assert.deepEqual(moved.inputs.get('UpdateAlias'), [{ AliasName: alias, TargetKeyId: ours }]);
    assert.equal(moved.reports[0]?.label, 'Moving alias/a');
    await giveAlias(moved.context, ours);
    assert.equal(moved.calls.length, 2, 'it is done');
  }
});

test('an alias that points to another key by now is not moved, and what has it is told', async (t) => {
  for (const [owner, says] of [
    [third, `Now it points to key ${third}.`],
    [undefined, 'Now no key has it.'],
  ] as const) {
    const { context, calls } = making(t, { ListAliases: aliasAt(owner) }, { aliasFrom: theirs });
    const { what, why, state, remedies } = await problemOf(giveAlias(context, ours));
    assert.equal(what, 'alias/a was not moved.');
    assert.equal(why, `You agreed to move the alias from key ${theirs}. ${says}`);
    assert.equal(state, `The key ${ours} exists, without an alias.`);
    assert.deepEqual(remedies, [{ action: 'reopen', label: 'Choose another alias', step: 'describe-key' }]);
    assert.deepEqual(calls, ['ListAliases']);
  }
});

test('an alias that is taken counts as made where this key has it, and is refused where another one has', async (t) => {
  const taken = failing('AlreadyExistsException', 400);
  const own = making(t, { CreateAlias: taken, ListAliases: aliasAt(ours) });
  await giveAlias(own.context, ours);
  assert.equal(own.reports.at(-1)?.state, 'done');
  const other = making(t, { CreateAlias: taken, ListAliases: aliasAt(theirs) });
  const { what, state, remedies } = await problemOf(giveAlias(other.context, ours));
  assert.deepEqual([what, state], ["Can't create alias/a.", `The key ${ours} exists, without an alias.`]);
  assert.deepEqual(
    remedies?.map(({ label }) => label),
    ['Choose another alias'],
  );
  const unmoved = making(
    t,
    { UpdateAlias: failing('AccessDeniedException', 400), ListAliases: aliasAt(theirs) },
    { aliasFrom: theirs },
  );
  assert.equal((await problemOf(giveAlias(unmoved.context, ours))).what, "Can't move alias/a.");
  const denied = making(t, { CreateAlias: failing('AccessDeniedException', 400), ListAliases: aliasAt(ours) });
  assert.equal((await problemOf(giveAlias(denied.context, ours))).code, 'AccessDeniedException');
});

test('a new key that KMS does not know everywhere is waited for', async (t) => {
  let tries = 0;
  const { context, waits } = making(t, {
    CreateAlias: () => {
      tries += 1;
      return tries < 3 ? refusal('NotFoundException', 400) : {};
    },
  });
  await giveAlias(context, ours);
  assert.deepEqual([tries, waits[0]?.label], [3, 'The new key is not everywhere yet']);
});

test('after a lost answer the alias is looked for before it is made again, and an outcome that nobody knows is told so', async (t) => {
  for (const [owner, creations] of [
    [ours, 1],
    [undefined, 2],
  ] as const) {
    let tries = 0;
    const { context, calls } = making(t, {
      CreateAlias: () => {
        tries += 1;
        return tries === 1 ? lost() : {};
      },
      ListAliases: aliasAt(owner),
    });
    await giveAlias(context, ours);
    assert.equal(calls.filter((call) => call === 'CreateAlias').length, creations);
  }
  const unknown = making(t, {
    CreateAlias: lost,
    ListAliases: failing('AccessDeniedException', 400),
    DescribeKey: lost,
  });
  const { state } = await problemOf(giveAlias(unknown.context, ours));
  assert.equal(
    state,
    `The key ${ours} exists. Whether it has its alias is not known. Trying again looks for it first.`,
  );
});

const created = { KeyId: ours, Arn: 'arn:ours', CreationDate: new Date('2026-11-25T14:00:00.000Z') };
const asAsked = { Origin: 'EXTERNAL', KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', MultiRegion: false };
const newKey = (more: object = {}) => ({ KeyMetadata: { ...created, ...asAsked, ...more } });
const tags: readonly Tag[] = [{ key: 'team', value: 'payments' }];

test('a key is made once with its policy, description and tags; later answers change it instead of making another', async (t) => {
  const { context, inputs, calls } = making(t, { CreateKey: () => newKey() }, { tags });
  const made = await makeKey(context, 'one');
  assert.deepEqual(made, {
    ...{ keyId: ours, keyArn: 'arn:ours', createdAt: '2026-11-25T14:00:00.000Z' },
    ...{ policy: 'one', description: 'a key', tags, multiRegion: false },
  });
  const [request] = inputs.get('CreateKey') as { Policy?: string; Description?: string; Tags?: object[] }[];
  assert.deepEqual([request?.Policy, request?.Description], ['one', 'a key']);
  assert.deepEqual(request?.Tags?.slice(1), [{ TagKey: 'team', TagValue: 'payments' }]);
  assert.match(JSON.stringify(request?.Tags), /"this-one"/);
  assert.deepEqual(calls, ['CreateKey'], 'it is as it was asked for');
  await makeKey(context, 'one');
  assert.deepEqual(calls, ['CreateKey']);
  await makeKey(context, 'two');
  assert.deepEqual(calls.slice(1), ['PutKeyPolicy', 'UpdateKeyDescription']);
  assert.deepEqual(inputs.get('PutKeyPolicy'), [{ KeyId: ours, PolicyName: 'default', Policy: 'two' }]);
  const described = { ...context.facts, description: { alias, description: 'another', tags: [] } };
  calls.length = 0;
  await makeKey({ ...context, facts: described }, 'one');
  assert.deepEqual(calls, ['PutKeyPolicy', 'UpdateKeyDescription', 'UntagResource']);
  assert.deepEqual(inputs.get('UpdateKeyDescription')?.at(-1), { KeyId: ours, Description: 'another' });
});

test('a key that was made for one Region or for several does not become the other, and nothing of it is changed', async (t) => {
  for (const before of [false, true]) {
    const { context, calls } = making(t, { CreateKey: () => newKey({ MultiRegion: before }) }, { multiRegion: before });
    await makeKey(context, 'one');
    const facts = { ...context.facts, description: { alias, description: 'other', multiRegion: !before } };
    const { what, why, state, remedies } = await problemOf(makeKey({ ...context, facts }, 'two'));
    assert.equal(what, 'The key cannot be changed into what you ask for now.');
    assert.match(why ?? '', before ? /made our-key as a multi-Region key/ : /made our-key as a single-Region key/);
    assert.equal(state, 'The key exists, without an alias. Nothing was changed.');
    assert.deepEqual(
      remedies?.map(({ label }) => label),
      ['Change the answer'],
    );
    assert.deepEqual(calls, ['CreateKey']);
  }
});

test('how a key differs from what was asked for is noted', async (t) => {
  const { context } = making(t, { CreateKey: () => newKey({ Origin: 'AWS_KMS', KeySpec: undefined }) });
  assert.deepEqual((await makeKey(context, 'one')).differences, ['Origin is AWS_KMS, and EXTERNAL was asked for']);
});

test('after a lost answer the key is looked for by its tag, and made again only where it is surely not there', async (t) => {
  for (const [tagged, creations] of [
    ['this-one', 1],
    ['another-one', 2],
  ] as const) {
    let tries = 0;
    const { context, calls, reports } = making(t, {
      CreateKey: () => {
        tries += 1;
        return tries === 1 ? lost() : newKey();
      },
      ListKeys: () => ({ Keys: [{ KeyId: ours, KeyArn: 'arn:ours' }] }),
      DescribeKey: () => newKey({ CreationDate: new Date() }),
      ListResourceTags: () => ({ Tags: [{ TagKey: ceremonyTag, TagValue: tagged }] }),
    });
    const { keyId } = await makeKey(context, 'one');
    assert.equal(keyId, ours);
    assert.equal(calls.filter((call) => call === 'CreateKey').length, creations);
    // A list may lag behind, so that a key that is not found is looked for again.
    assert.equal(calls.filter((call) => call === 'ListKeys').length, creations === 1 ? 1 : 4);
    const found = creations === 1 ? 'Found the key that was made' : 'No key of this ceremony was found';
    assert.ok(reports.some(({ label }) => label === found));
  }
});

test('a key is not made again while it may be among keys that the caller may not look at', async (t) => {
  const denied = failing('AccessDeniedException', 400);
  for (const [looks, answers] of [
    [1, { ListKeys: denied }],
    [
      4,
      {
        ListKeys: () => ({ Keys: [{ KeyId: third, KeyArn: 'arn:third' }] }),
        DescribeKey: denied,
        ListResourceTags: denied,
      },
    ],
  ] as readonly (readonly [number, Answers])[]) {
    const { context, calls, journal } = making(t, { CreateKey: lost, ...answers });
    const { what } = await problemOf(makeKey(context, 'one'));
    assert.equal(what, "Can't tell whether the KMS key was made.");
    assert.equal(calls.filter((call) => call === 'CreateKey').length, 1);
    assert.equal(calls.filter((call) => call === 'ListKeys').length, looks, 'a denied list shows nothing later either');
    journal.append({ kind: 'answered', step: 'policy', answers: { 'unseen-keys': 'none' } });
    await problemOf(makeKey({ ...context, answers: { 'unseen-keys': 'none' } }, 'one'));
    assert.ok(calls.filter((call) => call === 'CreateKey').length > 1, 'the person has ruled it out');
  }
});

test('of several looks for the key the last one counts', async (t) => {
  const { context, calls } = making(t, {
    CreateKey: inTurn([lost(), newKey()]),
    // The first look sees a key that the caller may not look at, and which is gone by the next one.
    ListKeys: inTurn([{ Keys: [{ KeyId: third, KeyArn: 'arn:third' }] }, { Keys: [] }]),
    DescribeKey: failing('AccessDeniedException', 400),
    ListResourceTags: failing('AccessDeniedException', 400),
  });
  assert.equal((await makeKey(context, 'one')).keyId, ours);
  const countOf = (command: string) => calls.filter((call) => call === command).length;
  assert.equal(countOf('CreateKey'), 2);
  assert.ok(countOf('ListKeys') > 1);
});

test('a refusal says whether the key exists, and offers to change the people', async (t) => {
  const denied = failing('AccessDeniedException', 400);
  const none = await problemOf(makeKey(making(t, { CreateKey: denied }).context, 'one'));
  assert.deepEqual([none.what, none.state], ["Can't create the KMS key.", 'No key was made.']);
  assert.deepEqual(
    none.remedies?.map(({ label }) => label),
    ['Change the people'],
  );
  const { context } = making(t, { CreateKey: () => newKey(), PutKeyPolicy: denied });
  await makeKey(context, 'one');
  const there = await problemOf(makeKey(context, 'two'));
  assert.equal(there.state, 'The key exists, with the policy it was made with.');
  const unknown = making(t, { CreateKey: lost, ListKeys: lost });
  const { state } = await problemOf(makeKey(unknown.context, 'one'));
  assert.equal(state, 'Whether a key was made is not known. Trying again looks for it first.');
});

test('a policy with somebody whom KMS does not know yet is sent again, as long as IAM has them', async (t) => {
  let tries = 0;
  const { context, waits, reports } = making(t, {
    CreateKey: () => {
      tries += 1;
      const message = 'Policy contains a statement with one or more invalid principals.';
      return tries === 1 ? refusal('MalformedPolicyDocumentException', 400, { message }) : newKey();
    },
  });
  assert.equal((await makeKey(context, 'one')).keyId, ours);
  assert.match(waits[0]?.label ?? '', /^KMS does not see all the people yet: IAM has them/);
  assert.deepEqual(
    reports.map(({ label, note }) => [label, note]),
    [
      ['Creating the key', undefined],
      ['Key our-key created', 'waits for its material'],
    ],
  );
});
