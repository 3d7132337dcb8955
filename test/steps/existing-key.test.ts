import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
  ListResourceTagsCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { importExisting } from '../../source/ceremonies/import-existing/import-existing.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { existingKey } from '../../source/steps/existing-key.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { answeringKms, notingKms, refusal, simulatingIam } from '../aws/answering-clients.ts';
import { connectionOf, waitingKey } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, withClients } from '../offline-services.ts';
import { passphrase } from '../passphrase.ts';
import { denyCaller, enabledKey, importMaterial, must } from '../practice/practising.ts';
import { rowsOf } from '../rows-of.ts';
import { makeServices } from '../services.ts';
import { bareContext } from './acting.ts';
import { problemOf, refusalOf } from './ceremony.ts';
import { accountId, beginExisting, othersKey, policyOf, you } from './existing-ceremony.ts';

test('material goes into a key of somebody else, and nothing else of it changes', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId, arn } = await othersKey(practice, { alias: 'alias/theirs' });
  const kms = practice.kms();
  const setOn = async () => [
    (await kms.send(new GetKeyPolicyCommand({ KeyId: keyId }))).Policy,
    (await kms.send(new ListResourceTagsCommand({ KeyId: keyId }))).Tags,
  ];
  const before = await setOn();
  const ceremony = await beginExisting(t, { practice, key: 'alias/theirs' });
  const facts = await ceremony.upTo();
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
  assert.equal(KeyMetadata?.KeyState, 'Enabled');
  assert.equal(KeyMetadata?.CurrentKeyMaterialId, facts.imported?.keyMaterialId);
  assert.deepEqual(await setOn(), before);
  // The first two are dry runs.
  const use = ['KMS.GenerateDataKey', 'KMS.Decrypt'];
  assert.deepEqual(ceremony.changes, [...use, 'KMS.ImportKeyMaterial', ...use]);
  assert.deepEqual(facts.existing?.tags, [{ key: 'team', value: 'payments' }]);
  assert.equal(facts.key?.keyArn, arn);
  assert.equal(facts.key?.createdAt, KeyMetadata?.CreationDate?.toISOString());
  assert.equal(facts.description?.description, 'made by Terraform');
  const { page } = await importExisting.conclude(facts, ceremony.services);
  assert.match(page.lines.join('\n'), /Somebody else made it at .* UTC\. Its policy and tags were left as they are\./);
});

test('a key without an alias goes by its id: the folder, the backup and a bucket are called after it', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId } = await othersKey(practice);
  const path = join(newFolder(), 'keyferry-new');
  const folder = new CeremonyFolder(path, true);
  const ceremony = await beginExisting(t, {
    practice,
    key: keyId,
    path: newFolder(),
    parts: { folder },
    answers: { backup: { how: 'passphrase', passphrase, 'passphrase-again': passphrase } },
  });
  const facts = await ceremony.upTo('backup');
  assert.equal(folder.path, join(path, '..', `keyferry-${keyId}`));
  assert.equal(folder.has(`${keyId}.key.age`), true);
  assert.equal(facts.key?.alias, keyId);
  assert.match(ceremony.commandsOf('existing-key')[0] ?? '', new RegExp(`--key-id ${facts.key?.keyArn}`));
});

test('the alias that the person named is the name of the key, of several', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId } = await othersKey(practice, { alias: 'alias/zebra' });
  await practice.kms().send(new CreateAliasCommand({ AliasName: 'alias/ant', TargetKeyId: keyId }));
  const named = await beginExisting(t, { practice, key: 'alias/zebra' });
  assert.equal((await named.upTo('existing-key')).key?.alias, 'alias/zebra');
  const byId = await beginExisting(t, { practice, key: keyId });
  assert.equal((await byId.upTo('existing-key')).key?.alias, 'alias/ant');
});

const cases: readonly (readonly [
  says: string,
  make: (practice: Awaited<ReturnType<typeof makeServices>>['practice']) => Promise<string>,
  refusal: RegExp,
])[] = [
  [
    'of another origin',
    async (practice) => must((await practice.kms().send(new CreateKeyCommand({}))).KeyMetadata?.KeyId),
    /Its origin is AWS_KMS: material is imported only into keys with the origin EXTERNAL\. Name a key that was made with the origin EXTERNAL/,
  ],
  [
    'of another kind',
    async (practice) =>
      (await othersKey(practice, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', Tags: [] })).keyId,
    /It is a key of the kind HMAC_256; Keyferry imports SYMMETRIC_DEFAULT\. Import its material with the aws command\./,
  ],
  [
    'that waits for its deletion',
    async (practice) => {
      const { keyId } = await othersKey(practice);
      await practice.kms().send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
      return keyId;
    },
    /It will be deleted at .*\. After that nothing can be imported into it\. To keep it: aws kms cancel-key-deletion/,
  ],
  [
    'that has material',
    async (practice) => (await enabledKey(practice.kms())).keyId,
    /It is Enabled: it has its material already\. To change when that expires: keyferry expiry --key [0-9a-f-]{36}$/,
  ],
  [
    'that is Disabled',
    async (practice) => {
      const { keyId } = await enabledKey(practice.kms());
      await practice.kms().send(new DisableKeyCommand({ KeyId: keyId }));
      return keyId;
    },
    /It is Disabled: it has its material already\./,
  ],
  [
    'that had material',
    async (practice) => {
      const { keyId } = await enabledKey(practice.kms());
      await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
      return keyId;
    },
    /It had material before, and takes only the same bytes back\. KMS refuses any others: IncorrectKeyMaterialException\. Bring them back from a copy: keyferry reimport$/,
  ],
];

for (const [says, make, refusal] of cases)
  test(`a key ${says} is refused with the way on, named or on the command line, and nothing is sent`, async (t) => {
    const { practice } = await makeServices(t);
    const key = await make(practice);
    const asked = await beginExisting(t, { practice, key });
    assert.match(await refusalOf(asked.upTo()), refusal);
    const preset = await beginExisting(t, {
      practice,
      parts: { preset: { source: 'practice', region: 'us-east-1', key } },
    });
    const { why, next, state } = await problemOf(preset.upTo());
    assert.match(`${why} ${next[0]}`, new RegExp(refusal.source.replace(/^.*existing-key\.key: /, '')));
    assert.equal(state, 'Nothing was sent or changed.');
    assert.deepEqual([...asked.changes, ...preset.changes], []);
  });

test('the list has the keys that wait, and says of each that takes no first material why', async (t) => {
  const { practice } = await makeServices(t);
  const kms = practice.kms();
  const named = await othersKey(practice, { alias: 'alias/theirs' });
  const nameless = await othersKey(practice);
  const described = await othersKey(practice, {
    alias: 'alias/zebra',
    Description: 'for the archive, not for the rest',
  });
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/ant', TargetKeyId: described.keyId }));
  const undescribed = await othersKey(practice, { Description: '' });
  const mac = await othersKey(practice, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const had = await enabledKey(kms);
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: had.keyId }));
  const enabled = await othersKey(practice, { MultiRegion: true });
  await importMaterial(kms, enabled.keyId, randomBytes(32));
  await kms.send(new ReplicateKeyCommand({ KeyId: enabled.keyId, ReplicaRegion: 'eu-west-1' }));
  practice.clock.now = new Date(practice.clock.now.getTime() + 60_000);
  const optionsIn = async (region: string) => {
    const ceremony = await beginExisting(t, { practice, parts: { preset: { source: 'practice', region } } });
    await ceremony.upTo('connect');
    const [question] = ceremony.questionsOf('existing-key');
    assert.ok(question?.kind === 'choice');
    return new Map(
      (await rowsOf(question)).map(({ value, label, hint: shown, disabled }) => [
        value,
        [label, disabled === undefined ? shown : `not to be chosen: ${disabled}`],
      ]),
    );
  };
  const made = `made ${practice.clock.now.toISOString().slice(0, 10)}`;
  const hint = `made by Terraform, ${made}`;
  assert.deepEqual(
    await optionsIn('us-east-1'),
    new Map([
      [named.keyId, ['alias/theirs', hint]],
      [nameless.keyId, [nameless.keyId, hint]],
      [described.keyId, ['alias/ant', `for the archive, not for, ${made}`]],
      [undescribed.keyId, [undescribed.keyId, made]],
      [mac.keyId, [mac.keyId, 'not to be chosen: a key of the kind HMAC_256']],
      [had.keyId, [had.keyId, 'not to be chosen: had material: keyferry reimport']],
    ]),
  );
  assert.deepEqual(
    await optionsIn('eu-west-1'),
    new Map([[enabled.keyId, [enabled.keyId, 'not to be chosen: a replica']]]),
  );
});

test('the commands name the key by its ARN once it is known, and the receipt when it was made', () => {
  const services = makeOfflineServices();
  const key = { keyId: 'one', keyArn: 'arn:one', alias: 'alias/a', createdAt: '2026-11-24T10:00:00.000Z' };
  const shown = (facts: Facts, answers: Answers, preset = {}) =>
    existingKey
      .commands({ facts, answers, services: { ...services, preset } })
      .map(({ says, shell }) => [says, /--key-id (\S+)/.exec(shell)?.[1]]);
  const [found, fails] = ['Find the key by its', 'Fails where the key has had material, or does not wait for any'];
  const waits = [fails, '"$KEY_ARN"'];
  assert.deepEqual(shown({}, {}), [[`${found} name`, 'KEY'], waits]);
  assert.deepEqual(shown({}, { key: ' alias/b ' }), [[`${found} alias`, 'alias/b'], waits]);
  assert.deepEqual(shown({}, { key: 'alias/b' }, { key: ' two ' }), [[`${found} name`, 'two'], waits]);
  assert.deepEqual(shown({ key }, { key: 'alias/b' }), [[`${found} name: arn:one`, 'arn:one'], waits]);
  assert.equal(
    existingKey.receipt({ key }),
    'Key found: alias/a, arn:one, made at 2026-11-24 10:00 UTC, waits for its first material',
  );
  const idsWith = (preset: Services['preset']) =>
    existingKey.questions({ facts: {}, answers: {}, services: { ...services, preset } }).map(({ id }) => id);
  assert.deepEqual([idsWith({}), idsWith({ key: 'one' })], [['key'], []]);
  const foreseen = existingKey.foresee?.({ facts: {}, answers: { key: ' alias/b ' }, services });
  assert.deepEqual([foreseen?.key?.keyId, foreseen?.key?.alias, foreseen?.key?.keyArn], ['alias/b', 'alias/b', '']);
  assert.deepEqual([foreseen?.existing?.isMultiRegion, foreseen?.existing?.test.tested], [false, false]);
});

/** Does the step with answers of KMS; an error where it refuses. IAM allows all. */
async function lookedAt(t: TestContext, shown: Readonly<Record<string, object>> = {}, preset: Services['preset'] = {}) {
  const controller = new AbortController();
  const answers: Readonly<Record<string, object>> = {
    DescribeKey: { KeyMetadata: waitingKey },
    ListKeyRotations: { Rotations: [] },
    ListAliases: { Aliases: [{ AliasName: 'alias/a', TargetKeyId: 'one' }] },
    GetKeyPolicy: { Policy: policyOf([`arn:aws:iam::${accountId}:root`, 'kms:*']) },
    ListResourceTags: {
      Tags: [
        { TagKey: 'team', TagValue: 'pay' },
        { TagKey: 'kept', TagValue: '' },
      ],
    },
    GenerateDataKey: refusal('DryRunOperationException', 400),
    Decrypt: refusal('DryRunOperationException', 400),
    ...shown,
  };
  const kms = answeringKms((_, command) => {
    const answer = answers[command] ?? assert.fail(command);
    if (answer === stopped) controller.abort(new Error('stopped by the person'));
    return answer;
  });
  const { iam } = simulatingIam();
  const services = { ...withClients(t, { kms, iam }), preset };
  const told: string[] = [];
  const context = bareContext({
    facts: { connection: connectionOf(you) },
    answers: { key: ' one ' },
    services,
    signal: controller.signal,
    report: ({ id, state, label }) => void told.push(`${id} ${state}: ${label}`),
  });
  const facts = await existingKey.act(context);
  return { facts, told };
}

/** An answer with which the person stops. */
const stopped = refusal('TimeoutError', 500);
const denied = refusal('AccessDeniedException', 400);

test('what KMS shows of a key that waits is noted, and the person is told while it is read', async (t) => {
  const { facts, told } = await lookedAt(t, { DescribeKey: { KeyMetadata: { ...waitingKey, MultiRegion: false } } });
  const { createdAt, ...key } = must(facts.key);
  assert.deepEqual(
    [key, createdAt],
    [{ keyId: 'one', keyArn: waitingKey.Arn, alias: 'alias/a' }, '2026-11-24T10:00:00.000Z'],
  );
  const { tags, description, isMultiRegion, policy, test: tested, refusedUses } = must(facts.existing);
  assert.deepEqual(tags, [
    { key: 'team', value: 'pay' },
    { key: 'kept', value: '' },
  ]);
  assert.deepEqual([description, isMultiRegion], ['', false]);
  assert.deepEqual([tested, refusedUses], [{ tested: true, missing: [] }, []]);
  assert.match(policy ?? '', /:root/);
  assert.deepEqual(told, [
    'key working: Asking KMS about the key',
    'key done: alias/a waits for its first material',
    'policy working: Reading its policy, and asking what you may do',
    'policy done: Policy read',
  ]);
});

test('what KMS does not show is noted as that, and a key without a name goes by its id', async (t) => {
  const { CreationDate: _, ...undated } = waitingKey;
  const { facts, told } = await lookedAt(t, {
    DescribeKey: { KeyMetadata: { ...undated, Description: 'pay', MultiRegion: true } },
    ListAliases: denied,
    GetKeyPolicy: denied,
    ListResourceTags: denied,
    ListKeyRotations: denied,
    Decrypt: denied,
  });
  assert.deepEqual([facts.key?.alias, facts.key?.createdAt], ['one', '']);
  const { policy, tags, description, isMultiRegion, refusedUses } = must(facts.existing);
  assert.deepEqual([policy, tags, description, isMultiRegion, refusedUses], [null, null, 'pay', true, ['kms:Decrypt']]);
  assert.deepEqual(
    [told[1], told.at(-1)],
    ['key done: one waits for its first material', 'policy done: You may not read its policy'],
  );
});

test('the policy is told as not read although the tags are shown, and as read although they are not', async (t) => {
  const withTags = await lookedAt(t, { GetKeyPolicy: denied });
  assert.equal(withTags.told.at(-1), 'policy done: You may not read its policy');
  const withPolicy = await lookedAt(t, { ListResourceTags: denied });
  assert.equal(withPolicy.told.at(-1), 'policy done: Policy read');
});

test('a key of which only the list of its materials says that it had one is refused, and another can be chosen where it was asked for', async (t) => {
  const had = {
    Rotations: [{ KeyMaterialId: 'a'.repeat(64), KeyMaterialState: 'CURRENT', ImportState: 'PENDING_IMPORT' }],
  };
  const other = [{ action: 'ask-again', label: 'Choose another key', question: 'key' }];
  for (const [preset, remedies] of [
    [{}, other],
    [{ key: 'one' }, undefined],
  ] as const) {
    const listed = await problemOf(lookedAt(t, { ListKeyRotations: had }, preset));
    assert.match(listed.why ?? '', /^It had material before/);
    assert.deepEqual(listed.remedies, remedies);
    for (const call of ['GetKeyPolicy', 'ListKeyRotations']) {
      const down = await problemOf(lookedAt(t, { [call]: refusal('KMSInternalException', 500) }, preset));
      assert.deepEqual([down.what, down.state], ["Can't look at the key.", 'Nothing was sent or changed.']);
      assert.deepEqual(down.remedies, remedies);
    }
  }
  const unfit = await problemOf(lookedAt(t, { DescribeKey: { KeyMetadata: { ...waitingKey, Origin: 'AWS_KMS' } } }));
  assert.match(unfit.why ?? '', /^Its origin is AWS_KMS/);
});

test('a person who stops while KMS is asked about the key is told of no problem', async (t) => {
  await assert.rejects(lookedAt(t, { GetKeyPolicy: stopped }), /^Error: stopped by the person$/);
});

test('a replica takes only the bytes of its primary, and is refused', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId, arn } = await othersKey(practice, { MultiRegion: true });
  await importMaterial(practice.kms(), keyId, randomBytes(32));
  await practice.kms().send(new ReplicateKeyCommand({ KeyId: keyId, ReplicaRegion: 'eu-west-1' }));
  practice.clock.now = new Date(practice.clock.now.getTime() + 60_000);
  const preset = { source: 'practice', region: 'eu-west-1' } as const;
  const ceremony = await beginExisting(t, { practice, key: keyId, parts: { preset } });
  const refusal = await refusalOf(ceremony.upTo());
  assert.match(refusal, new RegExp(`It is a replica of ${arn}, and takes only the bytes that its primary has\\.`));
  assert.match(refusal, /keyferry reimport$/);
});

test('a multi-Region primary that waits is a key as any other', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId } = await othersKey(practice, { MultiRegion: true });
  const ceremony = await beginExisting(t, { practice, key: keyId });
  const facts = await ceremony.upTo();
  assert.deepEqual([facts.existing?.isMultiRegion, facts.finish?.keyState], [true, 'Enabled']);
});

test('a key that is nowhere, in another Region or of another account is told so, by the question and by the step', async (t) => {
  const { practice } = await makeServices(t);
  const { arn } = await othersKey(practice);
  for (const [key, says] of [
    ['theirs', /There is no key theirs in this account and Region\. An alias is written alias\/theirs\./],
    [arn.replace('us-east-1', 'eu-west-1'), /That key is in eu-west-1; you are connected to us-east-1\./],
    [arn.replace(accountId, '999999999999'), /Only its own account imports material\./],
  ] as const) {
    assert.match(await refusalOf((await beginExisting(t, { practice, key })).upTo()), says);
    const preset = { source: 'practice', region: 'us-east-1', key } as const;
    const { why } = await problemOf((await beginExisting(t, { practice, parts: { preset } })).upTo());
    assert.match(why ?? '', says);
  }
});

test('where KMS does not list materials, what DescribeKey says is enough', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId } = await othersKey(practice);
  const had = await enabledKey(practice.kms());
  await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: had.keyId }));
  denyCaller(practice, 'kms:ListKeyRotations', 'kms:ListAliases', 'kms:ListResourceTags', 'kms:GetKeyPolicy');
  const ceremony = await beginExisting(t, { practice, key: keyId });
  const facts = await ceremony.upTo('key-policy');
  assert.deepEqual([facts.existing?.policy, facts.existing?.tags, facts.key?.alias], [null, null, keyId]);
  const [policy] = ceremony.questionsOf('key-policy');
  assert.match(
    policy?.help ?? '',
    /You may not read the key policy \(kms:GetKeyPolicy\)\. So it is not known here who else may use the key/,
  );
  assert.match(policy?.help ?? '', /You may not list its tags\./);
  assert.equal(policy?.table, undefined);
  assert.match(
    await refusalOf((await beginExisting(t, { practice, key: had.keyId })).upTo()),
    /It had material before/,
  );
});

test('a key that may not be described cannot be looked at: nothing is sent', async (t) => {
  const { practice } = await makeServices(t);
  const { keyId } = await othersKey(practice);
  denyCaller(practice, 'kms:DescribeKey');
  const preset = { source: 'practice', region: 'us-east-1', key: keyId } as const;
  const { what, state } = await problemOf((await beginExisting(t, { practice, parts: { preset } })).upTo());
  assert.deepEqual([what, state], ["Can't look at the key.", 'Nothing was sent or changed.']);
});

test('a key that is typed is asked for without the blanks around its name', async (t) => {
  const { kms, sent } = notingKms({ KeyMetadata: waitingKey });
  const services = { ...withClients(t, { kms }), preset: {} };
  const facts = { connection: connectionOf(you) };
  const [question] = existingKey.questions({ facts, answers: {}, services });
  assert.equal(await question?.verify?.(' one '), undefined);
  assert.deepEqual(sent, [{ KeyId: 'one' }]);
});

test('a key of several names goes by the first of the alphabet in the list too, in whatever order KMS gives them', async (t) => {
  const answers: Readonly<Record<string, object>> = {
    ListKeys: { Keys: [{ KeyId: 'one', KeyArn: waitingKey.Arn }] },
    ListAliases: {
      Aliases: ['zebra', 'ant', 'bee'].map((name) => ({ AliasName: `alias/${name}`, TargetKeyId: 'one' })),
    },
    DescribeKey: { KeyMetadata: waitingKey },
    ListKeyRotations: { Rotations: [] },
    ListResourceTags: { Tags: [] },
  };
  const kms = answeringKms((_, command) => answers[command] ?? assert.fail(command));
  const services = { ...withClients(t, { kms }), preset: {} };
  const [question] = existingKey.questions({ facts: { connection: connectionOf(you) }, answers: {}, services });
  assert.ok(question?.kind === 'choice');
  assert.deepEqual(
    (await rowsOf(question)).map(({ label }) => label),
    ['alias/ant'],
  );
});
