import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { onOneLine } from '../../source/steps/aws-command-line.ts';
import type { Facts, Key, Material } from '../../source/steps/facts.ts';
import { findImportedKey, findKeyWithMaterial } from '../../source/steps/find-key.ts';
import { findKeyOfKeeper } from '../../source/steps/find-key-of-keeper.ts';
import { toChangeExpiry } from '../../source/steps/find-purpose.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { workIn } from '../kept-environment.ts';
import { connectionOf, foreverImported, materialOf, waitingKey } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, withClients } from '../offline-services.ts';
import { must } from '../practice/practising.ts';
import { bareContext } from './acting.ts';
import { problemOf } from './ceremony.ts';

const { Arn: arn } = waitingKey;
const key: Key = { keyId: 'one', keyArn: arn, alias: 'alias/a', createdAt: '2026-11-24' };
const found = (all: readonly Material[], keyState = 'PendingImport'): Facts => ({
  key,
  materials: { asOf: '', keyState, wasDisabled: false, all },
});
const withRecord = (recorded: Facts | undefined, preset: Services['preset'] = {}): Services => ({
  ...makeOfflineServices(),
  preset,
  ...(recorded === undefined ? {} : { recorded }),
});

test('the receipt says how many of the materials that the key needs are missing', () => {
  const [here, gone] = [materialOf(), materialOf({ isImported: false })];
  const waiting = materialOf({ state: 'PENDING_ROTATION', isImported: false });
  const older = materialOf({ state: 'NON_CURRENT' });
  for (const [all, words] of [
    [[here], 'its material is there'],
    [[here, waiting], 'its material is there'],
    [[here, older], 'all of its 2 materials are there'],
    [[gone], 'its material is missing'],
    [[gone, waiting], 'its material is missing'],
    [[gone, older], '1 of its 2 materials is missing'],
    [[gone, gone, older], '2 of its 3 materials are missing'],
  ] as const)
    assert.equal(findImportedKey.receipt(found(all)), `Key found: alias/a is PendingImport, ${words}`);
});

test('the commands name the key of the folder, of the command line or of the answer, and its id once that is known', () => {
  const keysIn = (answers: Answers, services: Services, facts: Facts = {}) =>
    findImportedKey
      .commands({ facts, answers, services })
      .map(({ shell }) => /^aws kms (\S+) --key-id (\S+)/.exec(onOneLine(shell))?.slice(1));
  const both = (name: string, id = name) => [
    ['describe-key', name],
    ['list-key-rotations', id],
  ];
  assert.deepEqual(keysIn({}, withRecord(undefined)), both('KEY'));
  assert.deepEqual(keysIn({ key: ' alias/mine ' }, withRecord(undefined)), both('alias/mine'));
  assert.deepEqual(keysIn({ key: 'alias/mine' }, withRecord(undefined, { key: 'alias/flag' })), both('alias/flag'));
  assert.deepEqual(keysIn({ key: 'alias/mine' }, withRecord({ key }, { key: 'alias/flag' })), both('one'));
  assert.deepEqual(keysIn({ key: 'alias/mine' }, withRecord(undefined), { key }), both('alias/mine', 'one'));
});

test('a rehearsal has the key of the record and what is likely of its material', () => {
  const foreseen = (step: KeyferryStep, recorded?: Facts) => {
    const services = withRecord(recorded);
    const facts = must(step.foresee?.({ facts: {}, answers: {}, services }));
    const { keyState, wasDisabled, all } = must(facts.materials);
    const [{ keyMaterialId, isImported, expiry } = materialOf(), ...more] = all;
    assert.deepEqual([more, wasDisabled], [[], false]);
    return [must(facts.key).alias, keyState, keyMaterialId, isImported, expiry];
  };
  const { keyMaterialId } = foreverImported;
  const validTo = '2027-03-01T11:59:00.000Z';
  const recorded: Facts = { key, imported: { ...foreverImported, validTo } };
  assert.deepEqual(foreseen(findImportedKey), ['alias/key', 'PendingImport', '', false, 'never']);
  assert.deepEqual(foreseen(findImportedKey, recorded), ['alias/a', 'PendingImport', keyMaterialId, false, validTo]);
  assert.deepEqual(foreseen(findKeyWithMaterial, recorded), ['alias/a', 'Enabled', keyMaterialId, true, 'unknown']);
});

test('a journal of another key than that of its folder is not gone on with', async () => {
  const restored = async (step: KeyferryStep, recorded: Facts | undefined) =>
    step.restore?.(bareContext({ facts: found([materialOf()]), services: withRecord(recorded) }));
  for (const recorded of [undefined, {}, { key }]) assert.equal(await restored(findImportedKey, recorded), undefined);
  const other = { key: { ...key, keyArn: `${arn}-other` } };
  for (const [step, title] of [
    [findImportedKey, "Can't go on with this reimport: it is of another key."],
    [findKeyWithMaterial, "Can't go on with this change of an expiry: it is of another key."],
  ] as const) {
    const { what, why, state, next } = await problemOf(restored(step, other));
    assert.deepEqual([what, state], [title, 'Nothing was sent or changed.']);
    assert.equal(why, `journal.jsonl is of ${arn}; the key of this folder is ${arn}-other.`);
    assert.match(next[0] ?? '', /^Move journal\.jsonl to the folder that it belongs to/);
  }
});

test('only a key that all cards here name is suggested, and a folder or a flag that names the key leaves nothing to ask', (t) => {
  const here = workIn(t);
  const folder = new CeremonyFolder(newFolder(), false);
  const card = (place: string, name: string, keyArn: string) =>
    writeFileSync(
      join(place, `${name}.key.age.json`),
      JSON.stringify({
        keyArn,
        keyMaterialId: 'a'.repeat(64),
        checkValue: { method: 'AES-CMAC', value: 'A1B2C3' },
        backup: { file: `${name}.key.age`, sha256: 'f' },
      }),
    );
  const asked = (more: Partial<Services> = {}) =>
    findImportedKey
      .questions({ facts: {}, answers: {}, services: { ...makeOfflineServices(folder), preset: {}, ...more } })
      .map((question) => (question.kind === 'text' ? question.default : assert.fail('it is a text')));
  assert.deepEqual(asked(), [undefined]);
  card(folder.path, 'a', arn);
  assert.deepEqual(asked(), [arn]);
  card(here, 'b', arn);
  assert.deepEqual(asked(), [arn]);
  card(here, 'c', `${arn}-other`);
  assert.deepEqual(asked(), [undefined]);
  assert.deepEqual(asked({ preset: { key: 'one' } }), []);
  assert.deepEqual(asked({ recorded: { key } }), []);
});

test('a key that is named is looked for without the spaces around its name, and one that takes no material is refused', async (t) => {
  const asked: unknown[] = [];
  const refusalOf = (metadata: object | Error, name = ' alias/a ') => {
    const kms = answeringKms((input) => {
      asked.push((input as { readonly KeyId?: string }).KeyId);
      if (metadata instanceof Error) throw metadata;
      return { KeyMetadata: { ...waitingKey, ...metadata } };
    });
    const services = { ...withClients(t, { kms }), preset: {} };
    const facts = { connection: connectionOf('arn:aws:iam::000000000000:user/alice') };
    const [question] = findImportedKey.questions({ facts, answers: {}, services });
    return question?.verify?.(name);
  };
  assert.equal(await refusalOf({}), undefined);
  assert.deepEqual(asked, ['alias/a']);
  assert.match(String(await refusalOf({ Origin: 'AWS_KMS' })), /^Its origin is AWS_KMS/);
  assert.match(String(await refusalOf(refusal('NotFoundException', 400))), /^There is no key alias\/a /);
  assert.match(String(await refusalOf({}, arn.replace('us-east-1', 'eu-west-1'))), /^That key is in eu-west-1/);
});

/** Does the step in the folder of this record, with these answers of KMS; an error where it refuses. */
async function lookedAt(t: TestContext, recorded: Facts | undefined, shown: Readonly<Record<string, object>> = {}) {
  const answers: Readonly<Record<string, object>> = {
    DescribeKey: { KeyMetadata: waitingKey },
    ListKeyRotations: {
      Rotations: [{ KeyMaterialId: 'a'.repeat(64), KeyMaterialState: 'CURRENT', ImportState: 'PENDING_IMPORT' }],
    },
    ListAliases: {
      Aliases: [
        { AliasName: 'alias/b', TargetKeyId: 'one' },
        { AliasName: 'alias/a', TargetKeyId: 'one' },
      ],
    },
    ...shown,
  };
  const kms = answeringKms((_, command) => answers[command] ?? assert.fail(command));
  const services = withClients(t, { kms }, { ...withRecord(recorded), clock: () => new Date('2026-11-25T14:00:00Z') });
  const told: (string | undefined)[][] = [];
  const context = bareContext({
    facts: { connection: connectionOf('arn:aws:iam::000000000000:user/alice') },
    answers: { key: 'one' },
    services,
    report: ({ id, state, label, note }) => void told.push([`${id} ${state}`, label, note]),
  });
  const facts = await findImportedKey.act(context);
  services.journal.close();
  return { facts, told };
}

test('what KMS says of the key is told and noted, beside what is on record of it', async (t) => {
  const policy = '{}';
  const recorded: Facts = { key: { ...key, alias: 'alias/a', policy } };
  const { facts, told } = await lookedAt(t, recorded);
  assert.deepEqual(told, [
    ['key working', 'Asking KMS about the key', undefined],
    ['key done', 'The key is PendingImport', 'its material is missing'],
  ]);
  const createdAt = '2026-11-24T10:00:00.000Z';
  assert.deepEqual(facts.key, { keyId: 'one', keyArn: arn, alias: 'alias/a', createdAt, policy });
  assert.deepEqual(
    [facts.materials?.keyState, facts.materials?.wasDisabled, facts.materials?.asOf],
    ['PendingImport', false, '2026-11-25T14:00:00.000Z'],
  );
  const { CreationDate: _, ...undated } = waitingKey;
  const disabled = { KeyMetadata: { ...undated, KeyState: 'Disabled' } };
  const { facts: found } = await lookedAt(t, recorded, { DescribeKey: disabled });
  assert.deepEqual([found.materials?.wasDisabled, found.key?.createdAt, found.materials?.all.length], [true, '', 1]);
  const nameless = await lookedAt(t, undefined, { ListAliases: refusal('AccessDeniedException', 400) });
  assert.deepEqual(nameless.facts.key, { keyId: 'one', keyArn: arn, alias: 'one', createdAt });
});

test('nothing is asked about a key of another account or Region, and another key can be chosen where it was asked for', async (t) => {
  const connection = connectionOf('arn:aws:iam::000000000000:user/alice');
  for (const more of [{ region: 'eu-west-1' }, { accountId: '111122223333' }]) {
    const recorded = { key, connection: { ...connection, ...more } };
    const unasked = { DescribeKey: new Error('KMS is not asked') };
    assert.equal((await problemOf(lookedAt(t, recorded, unasked))).what, "Can't bring the material back from here.");
  }
  const down = { DescribeKey: refusal('AccessDeniedException', 400) };
  const remediesOf = async (recorded: Facts | undefined) => {
    const { what, state, remedies = [] } = await problemOf(lookedAt(t, recorded, down));
    assert.deepEqual([what, state], ["Can't look at the key.", 'Nothing was sent or changed.']);
    return remedies.map(({ label }) => label);
  };
  assert.deepEqual(await remediesOf(undefined), ['Choose another key']);
  assert.deepEqual(await remediesOf({ key }), []);
});

test('an expiry is changed only where no material is missing, and what is missing is named', () => {
  const refusal = (...missing: readonly Material[]) =>
    toChangeExpiry.refuse?.({ alias: 'alias/a', keyState: 'PendingImport', missing }, makeOfflineServices());
  assert.equal(refusal(), undefined);
  const [one, two] = ['1', '2'].map((digit) => materialOf({ keyMaterialId: digit.repeat(64) })) as [Material, Material];
  assert.match(refusal(one)?.why ?? '', /^alias\/a is PendingImport: its material 1+\S* is missing\.$/);
  assert.match(refusal(one, two)?.why ?? '', /: its materials 1+\S*, 2+\S* are missing\.$/);
  assert.equal(refusal(one)?.code, 'PendingImport');
  assert.match(refusal(one)?.next[0] ?? '', /: keyferry reimport --workdir w$/);
});

test('of a key elsewhere the rehearsal has its keeper from the record, or nobody by name', () => {
  const foreseen = (recorded?: Facts) => {
    const services = withRecord(recorded);
    const {
      description,
      secret,
      backup,
      key: at,
    } = must(findKeyOfKeeper.foresee?.({ facts: {}, answers: {}, services }));
    return [description, secret, backup, at?.alias];
  };
  assert.deepEqual(foreseen(), [
    { alias: 'alias/key', description: '', acknowledged: true },
    { origin: 'elsewhere', keeper: 'its keeper' },
    { by: 'keeper' },
    'alias/key',
  ]);
  const secret = { origin: 'elsewhere', keeper: 'HSM' } as const;
  const description = { alias: 'alias/a', description: 'pay' };
  assert.deepEqual(foreseen({ key, secret, description }), [description, secret, { by: 'keeper' }, 'alias/a']);
  const here = { origin: 'generated', bytes: 32, checkValue: { method: 'AES-CMAC', value: 'A1' } } as const;
  assert.deepEqual(foreseen({ key, secret: here })[1], { origin: 'elsewhere', keeper: 'its keeper' });
});
