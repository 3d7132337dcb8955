import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { findImportedKey } from '../../source/steps/find-key.ts';
import { unfitForEncryption } from '../../source/steps/fit-for-encryption.ts';
import { nothingSent } from '../../source/steps/look-at-key.ts';
import type { Services } from '../../source/steps/services.ts';
import { findUsableKey } from '../../source/steps/usable-key.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { connectionOf, keyOf } from '../known-facts.ts';
import { must, practise } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { actingIn } from './acting.ts';
import { beginImport, problemOf } from './ceremony.ts';
import { beginEncrypt } from './encrypting.ts';

test('a key that cannot encrypt objects now is refused with the reason and the cure', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const make = async (input: Partial<CreateKeyCommandInput> = {}) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
    return must(KeyMetadata?.KeyId);
  };
  const disabled = await make();
  await kms.send(new DisableKeyCommand({ KeyId: disabled }));
  const leaving = await make();
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
  const waiting = await make({ Origin: 'EXTERNAL' });
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    [disabled, /^It is Disabled\.$/, /To enable it: aws kms enable-key --key-id /],
    [leaving, /^It will be deleted at .* After that nobody can read what is under it\.$/, /cancel-key-deletion/],
    [waiting, /^It waits for its first material\.$/, /keyferry import-existing arn:aws:kms:/],
    ['alias/nobody', /There is no key alias\/nobody in this account and Region/, /Name the key/],
    [
      'arn:aws:kms:eu-west-1:000000000000:key/x',
      /That key is in eu-west-1; you are connected to us-east-1/,
      /Name the key/,
    ],
    [
      'arn:aws:kms:us-east-1:111122223333:key/x',
      /Keyferry encrypts under keys of the account that it is/,
      /Name the key/,
    ],
  ];
  for (const [key, why, cure] of cases) {
    const ceremony = await beginEncrypt(t, { practice, key });
    const problem = await problemOf(ceremony.upTo());
    assert.match(problem.why ?? '', why);
    assert.match(problem.next.join('\n'), cure);
    assert.deepEqual(ceremony.changes, [], 'nothing was changed');
  }
});

test('where the key was asked for, another one can be chosen when it fits no more', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const key = must(KeyMetadata?.KeyId);
  await kms.send(new DisableKeyCommand({ KeyId: key }));
  const remediesOf = async (step: typeof findUsableKey, given: { readonly key?: string }) => {
    const ceremony = await beginEncrypt(t, { practice, ...given });
    const facts = await ceremony.upTo('connect');
    const { services } = ceremony;
    const { signal } = new AbortController();
    const attempt = () => Promise.reject(new Error('Nothing is tried here.'));
    const told = { report: () => {}, pause: async () => {}, attempt, signal };
    const { remedies } = await problemOf(step.act({ facts, answers: { key }, services, ...told }));
    return remedies?.map(({ label }) => label);
  };
  for (const step of [findUsableKey, findImportedKey]) {
    assert.deepEqual(await remediesOf(step, {}), ['Choose another key']);
    assert.equal(await remediesOf(step, { key }), undefined);
  }
});

test('a key whose material is gone is refused with the command that brings it back', async (t) => {
  const first = await beginImport(t);
  const recorded = await first.upTo();
  const { practice } = first;
  await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: recorded.key?.keyId }));
  const ceremony = await beginEncrypt(t, { practice, path: first.services.folder.path, recorded });
  const { code, why, next } = await problemOf(ceremony.upTo());
  assert.equal(code, 'PendingImport');
  assert.match(why ?? '', /KMS does not hold its material any more/);
  assert.match(next.join('\n'), /Bring the same 32 bytes back: keyferry reimport --workdir /);
});

test('a key of another kind, one of AWS, and one whose key store is away are refused, whatever their origin', async (t) => {
  const { services } = await makeServices(t);
  const problemWith = (metadata: object) =>
    unfitForEncryption(
      { KeyId: 'k', KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'Enabled', ...metadata },
      services,
      {},
    );
  const whyOf = (metadata: object) => problemWith(metadata)?.why;
  for (const Origin of ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])
    assert.equal(whyOf({ Origin }), undefined);
  assert.match(whyOf({ KeySpec: 'RSA_2048' }) ?? '', /a key of the kind RSA_2048 for ENCRYPT_DECRYPT/);
  assert.match(
    whyOf({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) ?? '',
    /HMAC_256 for GENERATE_VERIFY_MAC/,
  );
  assert.match(whyOf({ KeyManager: 'AWS' }) ?? '', /which AWS manages for one service/);
  assert.match(whyOf({ KeyState: 'Unavailable', Origin: 'AWS_CLOUDHSM' }) ?? '', /its key store is not connected/);
  assert.match(whyOf({ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'SIGN_VERIFY' }) ?? '', /for SIGN_VERIFY; S3 encrypts/);
  assert.match(whyOf({ KeyState: 'Unavailable', Origin: 'EXTERNAL_KEY_STORE' }) ?? '', /store is not connected/);
  assert.match(whyOf({ KeyState: 'Creating' }) ?? '', /^It is Creating now\.$/);
  const leaving = 'It will be deleted. After that nobody can read what is under it.';
  for (const [KeyState, DeletionDate, why] of [
    ['PendingDeletion', undefined, leaving],
    ['PendingReplicaDeletion', undefined, leaving],
    ['PendingDeletion', new Date('2027-03-01T11:59:00Z'), leaving.replace('.', ' at 2027-03-01 11:59 UTC.')],
  ] as const) {
    const problem = problemWith({ KeyState, DeletionDate });
    assert.equal(problem?.why, why);
    assert.match(
      problem.next.join('\n'),
      /^To keep it: .*cancel-key-deletion.*\nThen enable it: .*\nThen start again\.$/,
    );
  }
  for (const [metadata, kind, code] of [
    [{ KeyManager: 'AWS' }, 'fixable', undefined],
    [{ KeySpec: 'RSA_2048' }, 'fixable', undefined],
    [{ KeyState: 'Disabled' }, 'fixable', 'Disabled'],
    [{ KeyState: 'PendingDeletion' }, 'fixable', 'PendingDeletion'],
    [{ KeyState: 'PendingImport' }, 'fixable', 'PendingImport'],
    [{ KeyState: 'Creating' }, 'waiting', 'Creating'],
  ] as const) {
    const problem = problemWith(metadata);
    assert.deepEqual(
      [problem?.kind, problem?.what, problem?.state, problem?.code],
      [kind, "Can't encrypt under k.", nothingSent, code],
    );
  }
});

const recordedKey = keyOf('one', 'alias/b');
const { keyArn } = recordedKey;

/** The step that finds a key; KMS has the key of this ARN, with these aliases, or gives this error. */
function finding(
  t: TestContext,
  given: {
    readonly parts?: Partial<Services>;
    readonly answers?: Answers;
    readonly arn?: string;
    readonly aliases?: readonly string[] | Error;
    readonly error?: Error;
  } = {},
) {
  const { parts = {}, answers = {}, arn = keyArn, aliases = [], error } = given;
  const asked: (string | undefined)[] = [];
  const kms = answeringKms((input, command) => {
    if (command === 'ListAliases') {
      if (aliases instanceof Error) throw aliases;
      return { Aliases: aliases.map((AliasName) => ({ AliasName, TargetKeyId: 'one' })) };
    }
    asked.push((input as { readonly KeyId?: string }).KeyId);
    if (error !== undefined) throw error;
    const usable = { KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT' } as const;
    return { KeyMetadata: { KeyId: 'one', Arn: arn, Origin: 'EXTERNAL', ...usable } };
  });
  const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
  const acting = actingIn(t, { step: 'find-key', kms, answers, facts: { connection }, parts });
  return { ...acting, asked, act: () => findUsableKey.act(acting.context) };
}

test('the key of the command line goes before that of the folder, and that before an answer', async (t) => {
  const recorded = { key: recordedKey };
  for (const [given, wanted] of [
    [{ parts: { preset: { key: ' alias/a ' } } }, 'alias/a'],
    [{ parts: { preset: { key: 'alias/a' }, recorded } }, 'alias/a'],
    [{ parts: { recorded }, answers: { key: 'alias/c' } }, 'one'],
    [{ answers: { key: ' alias/c ' } }, 'alias/c'],
  ] as const) {
    const { act, asked, context } = finding(t, given);
    assert.equal((await act()).key?.keyArn, keyArn);
    assert.deepEqual(asked, [wanted]);
    assert.deepEqual(findUsableKey.questions(context).length, 'answers' in given && !('parts' in given) ? 1 : 0);
  }
});

test('a key goes by the alias by which it was named, then by that of the folder, then by its first, else by its id', async (t) => {
  const denied = refusal('AccessDeniedException', 400);
  const recorded = { key: recordedKey };
  for (const [named, aliases, parts, expected] of [
    ['alias/c', ['alias/a', 'alias/b', 'alias/c'], { recorded }, 'alias/c'],
    ['arn:aws:kms:us-east-1:000000000000:alias/c', ['alias/a', 'alias/c'], {}, 'alias/c'],
    ['one', ['alias/c', 'alias/b', 'alias/a'], { recorded }, 'alias/b'],
    ['one', ['alias/c', 'alias/a'], {}, 'alias/a'],
    ['alias/gone', ['alias/a'], {}, 'alias/a'],
    ['one', [], {}, 'one'],
    ['alias/c', denied, {}, 'alias/c'],
    ['one', denied, {}, 'one'],
  ] as const) {
    const { act, reports } = finding(t, { parts: { ...parts, preset: { key: named } }, aliases });
    assert.equal((await act()).key?.alias, expected);
    assert.equal(reports.at(-1)?.label, `${expected} is Enabled`);
  }
  await assert.rejects(finding(t, { aliases: refusal('DisabledException', 400) }).act(), ProblemError);
});

test('another key than that of the folder is not used there, in this run or when it goes on', async (t) => {
  const recorded = { key: recordedKey };
  const other = finding(t, { parts: { recorded, preset: { key: 'alias/a' } }, arn: `${keyArn}2` });
  const { what, why, remedies } = await problemOf(other.act());
  assert.equal(what, "Can't encrypt under alias/a here: the folder is of another key.");
  assert.ok(why?.endsWith(`holds what belongs to ${keyArn}.`), why);
  assert.equal(remedies, undefined, 'there is nothing to choose');
  const going = (parts: Partial<Services>, arn = keyArn, found = keyArn) => {
    const { context, asked } = finding(t, { parts, arn });
    const facts = { ...context.facts, key: { ...recordedKey, keyArn: found } };
    return { asked, restored: findUsableKey.restore?.({ ...context, facts }) ?? assert.fail('it restores') };
  };
  assert.match(
    (await problemOf(going({ recorded }, keyArn, `${keyArn}2`).restored)).what,
    /the folder is of another key/,
  );
  assert.match(
    (await problemOf(going({ preset: { key: 'alias/a' } }, `${keyArn}2`).restored)).what,
    /under alias\/a here/,
  );
  const same = going({ recorded, preset: { key: 'alias/a' } });
  await same.restored;
  assert.deepEqual(same.asked, ['alias/a']);
  const unnamed = going({ recorded });
  await unnamed.restored;
  assert.deepEqual(unnamed.asked, [], 'KMS is not asked for what the folder has');
});

test('where KMS does not show the key, another one can be chosen only where it was asked for', async (t) => {
  const error = refusal('AccessDeniedException', 400);
  for (const [given, labels] of [
    [{ answers: { key: 'alias/a' } }, ['Choose another key']],
    [{ parts: { preset: { key: 'alias/a' } } }, undefined],
  ] as const) {
    const { what, state, remedies } = await problemOf(finding(t, { ...given, error }).act());
    assert.deepEqual([what, state], ["Can't look at the key.", 'Nothing was sent or changed.']);
    assert.deepEqual(
      remedies?.map(({ label }) => label),
      labels,
    );
  }
  const stopped = finding(t, { answers: { key: 'alias/a' }, error });
  const enough = new Error('stopped by the person');
  stopped.stop.abort(enough);
  await assert.rejects(stopped.act(), (thrown) => thrown === enough);
});

test('the key of a folder is not looked for from another account or Region', async (t) => {
  const there = { ...connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin'), region: 'eu-west-1' };
  const { act, asked } = finding(t, { parts: { recorded: { key: recordedKey, connection: there } } });
  assert.equal((await problemOf(act())).what, "Can't encrypt under the key of this folder from here.");
  assert.deepEqual(asked, []);
});

test('a key that is typed is looked at, and why it does not fit is said', async (t) => {
  const verify = (given: Parameters<typeof finding>[1], typed = ' alias/a ') => {
    const { context, asked } = finding(t, given);
    const [question] = findUsableKey.questions(context);
    return { asked, said: question?.verify?.(typed) };
  };
  const right = verify({});
  assert.equal(await right.said, undefined);
  assert.deepEqual(right.asked, ['alias/a']);
  const gone = verify({ error: refusal('NotFoundException', 400) });
  assert.match(String(await gone.said), /^There is no key alias\/a in this account and Region\./);
});

test('the command has the key of the command line, else of the folder, else of the answer; foreseen is that of the folder first', (t) => {
  const { context, services } = actingIn(t, { step: 'find-key' });
  const recorded = { key: keyOf('ours', 'alias/ours') };
  const shown = (answers: Answers, parts: Partial<Services> = {}) => {
    const given = { facts: {}, answers, services: { ...services, preset: {}, ...parts } };
    const command = findUsableKey.commands({ ...context, ...given })[0]?.shell ?? '';
    return [/--key-id (\S+)/.exec(command)?.[1], findUsableKey.foresee?.(given)?.key?.keyId];
  };
  assert.deepEqual(shown({}), ['KEY', '']);
  assert.deepEqual(shown({ key: ' alias/a ' }), ['alias/a', 'alias/a']);
  assert.deepEqual(shown({ key: 'alias/a' }, { recorded }), ['ours', 'ours']);
  assert.deepEqual(shown({}, { preset: { key: 'alias/b' } }), ['alias/b', 'alias/b']);
  assert.deepEqual(shown({}, { recorded, preset: { key: 'alias/b' } }), ['alias/b', 'ours']);
});
