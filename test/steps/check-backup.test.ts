import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DescribeKeyCommand, DisableKeyCommand } from '@aws-sdk/client-kms';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { between } from '../faults/between.ts';
import { identity } from '../faults/identity.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { AnswerRefused, beginCheck, beginImport, type RunningCeremony } from './ceremony.ts';

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
