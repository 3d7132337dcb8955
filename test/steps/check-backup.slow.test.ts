import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import { generateIdentity } from 'age-encryption';
import { checkClosing, offlineClosing } from '../../source/ceremonies/check-backup/closing.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { type Between, between } from '../faults/between.ts';
import { identity } from '../faults/identity.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import {
  AnswerRefused,
  beginCheck,
  beginImport,
  problemOf,
  proxyBefore,
  type RunningCeremony,
  refusalOf,
} from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());

/** A ceremony that has imported its key and has a backup of it. */
async function imported(t: TestContext, expiry: Readonly<Record<string, string>> = {}) {
  const ceremony = await beginImport(t, {
    answers: {
      'secret-key': { keep: 'memory' },
      backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
      import: expiry,
    },
  });
  await ceremony.upTo('prove');
  return ceremony;
}

const backupOf = ({ services }: RunningCeremony) => services.folder.file('my-first-key.key.age');

const check = (t: TestContext, ceremony: RunningCeremony, more: Partial<Parameters<typeof beginCheck>[2]> = {}) =>
  beginCheck(t, ceremony, {
    file: backupOf(ceremony),
    answers: { 're-import': { identity: identityFile } },
    ...more,
  });

async function stateOf({ practice, facts }: RunningCeremony): Promise<string | undefined> {
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: facts.key?.keyId }));
  return KeyMetadata?.KeyState;
}

test('the check of a backup leaves an Enabled key Enabled, and never disables it', async (t) => {
  const ceremony = await imported(t);
  const checking = await check(t, ceremony);
  const { answer, keyState } = await checking.upTo();
  assert.equal(answer?.same, true);
  assert.equal(keyState, 'Enabled');
  assert.equal(await stateOf(ceremony), 'Enabled');
  assert.equal(checking.countOf('KMS.ImportKeyMaterial'), 1);
  assert.equal(checking.countOf('KMS.DisableKey'), 0);
});

for (const [proceed, after] of [
  ['import', 'Disabled'],
  ['leave-enabled', 'Enabled'],
] as const) {
  test(`a Disabled key is ${after} after the check where the answer was ${proceed}`, async (t) => {
    const ceremony = await imported(t);
    await ceremony.practice.kms().send(new DisableKeyCommand({ KeyId: ceremony.facts.key?.keyId }));
    const checking = await check(t, ceremony, { answers: { 're-import': { identity: identityFile, proceed } } });
    assert.equal((await checking.upTo()).keyState, after);
    assert.equal(await stateOf(ceremony), after);
  });
}

for (const [name, expiry, goes] of [
  [
    'was deleted',
    {},
    ({ practice, facts }: RunningCeremony) =>
      practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: facts.key?.keyId })),
  ],
  [
    'has expired',
    { expiry: 'date', 'valid-to': '2d' },
    async ({ practice }: RunningCeremony) => {
      practice.clock.now = new Date(practice.clock.now.getTime() + 3 * 24 * 60 * 60 * 1000);
    },
  ],
] as const) {
  test(`the check of a backup whose material ${name} refuses, and the key stays without material`, async (t) => {
    const ceremony = await imported(t, expiry);
    await goes(ceremony);
    const checking = await check(t, ceremony);
    await assert.rejects(checking.upTo(), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.match(error.problem.what, /does not hold the material/);
      assert.match(error.problem.next.join(), /: keyferry reimport --workdir /);
      assert.equal(error.problem.endsHere, true);
      return true;
    });
    assert.equal(checking.countOf('KMS.ImportKeyMaterial'), 0);
    assert.equal(await stateOf(ceremony), 'PendingImport');
  });
}

test('the check of a backup with credentials of another account names both accounts and asks KMS nothing', async (t) => {
  const ceremony = await imported(t);
  const proxy = await between(ceremony.practice.server.endpoint);
  t.after(proxy.close);
  const account = '111122223333';
  proxy.decide((call) => (call === 'sts:GetCallerIdentity' ? { status: 200, body: identity(account) } : undefined));
  const checking = await check(t, ceremony, { endpoint: proxy.endpoint });
  await assert.rejects(checking.upTo(), (error) => {
    assert.ok(error instanceof ProblemError);
    for (const named of ['000000000000', account]) assert.match(error.problem.why ?? '', new RegExp(named));
    return true;
  });
  assert.deepEqual(
    checking.calls.map(({ operation }) => operation),
    ['STS.GetCallerIdentity'],
  );
});

for (const length of [16, 31, 33]) {
  test(`a backup that opens to ${length} bytes is told as no key, and nothing is sent`, async (t) => {
    const ceremony = await imported(t);
    const file = join(newFolder(), 'other.key.age');
    await sealedTo(recipient, randomBytes(length), file);
    const checking = await check(t, ceremony, { file });
    await assert.rejects(checking.upTo(), (error) => {
      assert.ok(error instanceof AnswerRefused);
      assert.match(error.message, new RegExp(`holds ${length} bytes`));
      return true;
    });
    assert.equal(checking.countOf('KMS.ImportKeyMaterial'), 0);
  });
}

/** All that KMS tells of the key and its material. */
async function allOf({ practice, facts }: RunningCeremony): Promise<object> {
  const KeyId = facts.key?.keyId;
  const kms = practice.kms();
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }));
  return { KeyMetadata, Rotations };
}

/** Encrypts a text under the key. @returns a look whether it can still be read. */
async function encryptUnder({ practice, facts }: RunningCeremony): Promise<() => Promise<void>> {
  const kms = practice.kms();
  const text = Buffer.from('a text');
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: facts.key?.keyId, Plaintext: text }));
  return async () => {
    const { Plaintext = [] } = await kms.send(new DecryptCommand({ CiphertextBlob }));
    assert.deepEqual(Buffer.from(Plaintext), text);
  };
}

/** A backup of another key, for the same recipient. */
async function backupOfAnother(): Promise<string> {
  const file = join(newFolder(), 'other.key.age');
  await sealedTo(recipient, randomBytes(32), file);
  return file;
}

test('the same bytes are taken, and the expiry of the material stays as it was', async (t) => {
  const ceremony = await imported(t, { expiry: 'date', 'valid-to': '30d' });
  const isReadable = await encryptUnder(ceremony);
  const before = await allOf(ceremony);
  const checking = await check(t, ceremony);
  const facts = await checking.upTo();
  assert.equal(facts.answer?.same, true);
  assert.deepEqual(await allOf(ceremony), before);
  await isReadable();
  assert.deepEqual(checking.changes, ['KMS.ImportKeyMaterial']);
  assert.match(checkClosing(facts).join('\n'), /^The backup is this key: KMS took it as the material that it holds\./);
  assert.match(checking.receiptOf('recorded-key'), /^Key found: alias\/my-first-key is Enabled, its material until /);
  assert.equal(checking.receiptOf('re-import'), 'KMS says: the same key');
  assert.equal(checking.receiptOf('key-state'), 'The key is Enabled');
  const shell = checking.commandsOf('re-import').join('');
  assert.match(shell, /--import-type EXISTING_KEY_MATERIAL/);
  assert.match(shell, /--valid-to /);
  assert.match(checking.commandsOf('recorded-key').join(''), /^aws kms describe-key/);
  assert.match(checking.commandsOf('key-state').join(''), /^aws kms disable-key/);
});

test('a check connects as the command line says, and takes over nothing that was noted about an earlier caller', async (t) => {
  const ceremony = await imported(t);
  const { connection } = ceremony.facts;
  assert.ok(connection !== undefined);
  // The first import had the credentials of somebody else, which are not here now.
  const earlier = {
    source: 'profile:of-somebody',
    callerArn: 'arn:aws:sts::000000000000:assumed-role/Other/session',
    principalArn: 'arn:aws:iam::000000000000:role/Other',
    unconfirmed: { is: 'derived', why: 'IAM did not say' },
  } as const;
  const recorded: Facts = { ...ceremony.facts, connection: { ...connection, ...earlier } };
  const checking = await check(t, ceremony, { parts: { recorded } });
  await checking.upTo('recorded-key');
  assert.deepEqual(checking.facts.connection, connection);
});

test('other bytes are refused and change nothing, and the last page says what to do', async (t) => {
  const ceremony = await imported(t);
  const isReadable = await encryptUnder(ceremony);
  const before = await allOf(ceremony);
  const checking = await check(t, ceremony, { file: await backupOfAnother() });
  const facts = await checking.upTo();
  assert.equal(facts.answer?.same, false);
  assert.deepEqual(await allOf(ceremony), before);
  await isReadable();
  const page = checkClosing(facts).join('\n');
  assert.match(page, /^The backup is another key: KMS refused it\./);
  assert.match(page, /do not let the material expire or be deleted before you have one/);
  assert.equal(checking.receiptOf('re-import'), 'KMS says: another key');
});

test('nothing is sent before the person agrees, and they are asked only once the backup is open', async (t) => {
  const ceremony = await imported(t);
  const stranger = join(newFolder(), 'stranger.txt');
  writeFileSync(stranger, `${await generateIdentity()}\n`, { mode: 0o600 });
  const checking = await check(t, ceremony, { answers: { 're-import': { identity: stranger } } });
  assert.match(await refusalOf(checking.upTo()), /re-import\.identity: It is not encrypted to this identity\./);
  assert.deepEqual(
    checking.questionsOf('re-import', {}).map(({ id }) => id),
    ['identity'],
  );
  assert.match(checking.questionsOf('re-import', {})[0]?.help ?? '', /Nothing is sent before you agree\./);

  checking.answer('re-import', { identity: identityFile, proceed: 'not now' });
  assert.match(await refusalOf(checking.upTo()), /^re-import\.proceed/);
  assert.deepEqual(checking.changes, []);
  assert.equal(checking.countOf('KMS.GetParametersForImport'), 0);
});

test('a file that is no backup is told before anything is asked of AWS', async (t) => {
  const ceremony = await imported(t);
  const file = join(newFolder(), 'letter.txt');
  writeFileSync(file, 'no backup at all');
  const checking = await check(t, ceremony, { file });
  const { what, state } = await problemOf(checking.upTo());
  assert.equal(what, `Can't use ${file} as a backup.`);
  assert.equal(state, 'Nothing was sent or changed.');
  assert.deepEqual(checking.calls, []);
});

test('a key that cannot be looked at leaves the backup closed', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  const body = JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' });
  proxy.decide((call) => (call === 'kms:ListKeyRotations' ? { status: 400, body } : undefined));
  const checking = await check(t, ceremony, { endpoint: proxy.endpoint });
  const { what, state } = await problemOf(checking.upTo());
  assert.equal(what, "Can't look at the key.");
  assert.equal(state, 'Nothing was changed; the backup was not opened.');
  assert.equal(checking.services.secrets.key, undefined);
  assert.deepEqual(checking.changes, []);
});

async function behindProxy(t: TestContext): Promise<{ ceremony: RunningCeremony; proxy: Between }> {
  const ceremony = await imported(t);
  return { ceremony, proxy: await proxyBefore(t, ceremony.practice) };
}

test('where KMS gives no answer, nobody is told that the backup is the key, and the key has what it had', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  const before = await allOf(ceremony);
  proxy.decide((call) => (call === 'kms:ImportKeyMaterial' ? 'cut' : undefined));
  const checking = await check(t, ceremony, { endpoint: proxy.endpoint });
  const { what, state } = await problemOf(checking.upTo());
  assert.equal(what, 'KMS did not answer whether the backup is the key.');
  assert.equal(state, 'The key has the material that it had.');
  assert.equal(checking.facts.answer, undefined);
  assert.deepEqual(await allOf(ceremony), before);
});

test('before it is agreed to, the check says which events it causes, and offers more than to agree', async (t) => {
  const ceremony = await imported(t);
  const checking = await check(t, ceremony);
  await checking.upTo('recorded-key');
  const proceed = () => {
    const asked = checking.questionsOf('re-import', { identity: identityFile }).at(-1);
    assert.ok(asked?.kind === 'choice' && typeof asked.options !== 'function');
    return { help: asked.help, options: asked.options };
  };
  const events =
    'DescribeKey and ListKeyRotations of this check, and gets GetParametersForImport and ImportKeyMaterial';
  assert.match(
    proceed().help ?? '',
    new RegExp(`^CloudTrail has ${events}\\. Alarms on ImportKeyMaterial may fire\\.`),
  );
  const offline = proceed().options.find(({ value }) => value === 'send-nothing')?.leads;
  assert.ok(offline?.action === 'panel');
  assert.match(offline.panel.lines.join('\n'), /keyferry check-backup --offline --workdir /);
  await ceremony.practice.kms().send(new DisableKeyCommand({ KeyId: ceremony.facts.key?.keyId }));
  const again = await check(t, ceremony, { journalName: 'journal-check-backup-20261125T140200Z.jsonl' });
  await again.upTo('recorded-key');
  const help = again.questionsOf('re-import', { identity: identityFile }).at(-1)?.help ?? '';
  assert.match(help, /gets GetParametersForImport and ImportKeyMaterial, DisableKey\. Alarms/);
});

test('a key that could not be disabled again is told as such, and the next try disables it', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  await ceremony.practice.kms().send(new DisableKeyCommand({ KeyId: ceremony.facts.key?.keyId }));
  const body = JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' });
  proxy.decide((call) => (call === 'kms:DisableKey' ? { status: 400, body } : undefined));
  const checking = await check(t, ceremony, {
    endpoint: proxy.endpoint,
    answers: { 're-import': { identity: identityFile, proceed: 'import' } },
  });
  const { what, state } = await problemOf(checking.upTo());
  assert.equal(what, 'The key was not disabled again.');
  assert.equal(state, 'The key may be Enabled now. What was imported stays as it is.');
  const asked = checking.questionsOf('re-import', { identity: identityFile }).at(-1);
  assert.match(asked?.help ?? '', /The key is Disabled\. An import enables it/);
  proxy.decide(() => undefined);
  await checking.upTo();
  assert.equal(await stateOf(ceremony), 'Disabled');
  assert.equal(checking.countOf('KMS.ImportKeyMaterial'), 1);
});

test('the key from the backup is zero in memory once KMS has answered', async (t) => {
  const ceremony = await imported(t);
  const checking = await check(t, ceremony);
  const { secrets } = checking.services;
  const held: Buffer[] = [];
  const hold = secrets.holdKey.bind(secrets);
  t.mock.method(secrets, 'holdKey', (key: Parameters<typeof hold>[0]) => {
    held.push(key.use((bytes) => bytes));
    hold(key);
  });
  await checking.upTo();
  assert.equal(held.length, 1);
  for (const bytes of held) assert.ok(bytes.every((byte) => byte === 0));
  assert.equal(secrets.key, undefined);
  assert.equal(readFileSync(checking.services.journal.path, 'utf8').includes('AGE-SECRET-KEY'), false);
});

test('the page of a comparison with the record names the command that lets KMS say it of the same file', async (t) => {
  const { services, facts } = await imported(t);
  const { key } = facts;
  const secret = keyHere(facts.secret);
  assert.ok(secret !== undefined && key !== undefined);
  const { value } = secret.checkValue;
  const other = '0000000000';
  const pageOf = (preset: { readonly backup?: string }, compared: Partial<NonNullable<typeof facts.compared>>) =>
    offlineClosing(
      {
        secret,
        key,
        look: { file: '/other.key.age', by: 'recipients', sha256: 'a'.repeat(64), recorded: false },
        compared: {
          same: true,
          checkValue: value,
          secretInKms: 'shown',
          comparedAt: '2026-11-25T14:02:00Z',
          ...compared,
        },
      },
      { ...services, preset: { ...services.preset, ...preset } },
    );
  const commandOf = (lines: readonly string[]) => lines.find((line) => line.startsWith('To let KMS say it: '));
  assert.match(commandOf(pageOf({ backup: '/other.key.age' }, {})) ?? '', / check-backup \/other\.key\.age --workdir /);
  assert.match(commandOf(pageOf({}, {})) ?? '', / check-backup --workdir /);
  const same = pageOf({}, {});
  assert.equal(same[0], 'The backup holds the key on record.');
  assert.ok(same.includes(`Its key check value is ${value}, as on record.`));
  assert.equal(same.includes('Yours to do'), false);
  const different = pageOf({}, { same: false, checkValue: other });
  assert.equal(different[0], 'The backup does not hold the key.');
  assert.ok(different.includes(`Its key check value is ${other}; the one on record is ${value}.`));
  assert.equal(different.at(-1), '- look for another copy, and check that one');
  const refused = pageOf({}, { same: false, secretInKms: 'other' });
  assert.ok(refused.includes('By the record, other bytes than these were imported into KMS.'));
  const unknown = pageOf({}, { secretInKms: 'not shown' });
  assert.ok(unknown.some((line) => line.startsWith('By the record, nobody has compared what was imported')));
});
