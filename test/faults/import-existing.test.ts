import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  ListKeyRotationsCommand,
} from '@aws-sdk/client-kms';
import { atATime } from '../crash/cut-off.ts';
import { ofEnvironment } from '../e2e/answers.ts';
import { existingWith } from '../e2e/existing-answers.ts';
import { sampleOf } from '../seed.ts';
import { outside } from './outside.ts';

/*
 * Every operation that an import into an existing key calls meets each passing fault. It finishes by itself, or after the
 * same command once more; the key has one material then, and one record says so.
 */

const timeout = 600_000;

const faults = [
  { do: 'throttle', times: 3 },
  { do: 'fail', times: 1 },
  { do: 'drop-before', times: 1 },
  { do: 'drop-after', times: 1 },
] as const;

/** A key of somebody else that waits, and the import into it. */
async function waiting() {
  const ceremony = await outside();
  const { aws, cut, workdir, run } = ceremony;
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  const KeyId = KeyMetadata?.KeyId;
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/theirs', TargetKeyId: KeyId }));
  writeFileSync(join(cut.folder, 'answers.yaml'), existingWith(ofEnvironment));
  writeFileSync(join(cut.folder, 'passphrase.txt'), 'correct horse battery staple', { mode: 0o600 });
  return {
    ...ceremony,
    run: () => run(),
    materialsOf: async () => {
      const all = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      return ((await kms.send(all)).Rotations ?? []).map(({ KeyMaterialId }) => KeyMaterialId);
    },
    stateOf: async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState,
    recorded: () =>
      existsSync(join(workdir, 'record.json'))
        ? JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8')).material.keyMaterialId
        : undefined,
    called: () =>
      readFileSync(join(workdir, 'journal.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
        .filter(({ kind }) => kind === 'call'),
  };
}

test('an import into an existing key gets over each passing fault of each operation that it calls', {
  timeout,
}, async (t) => {
  const undisturbed = await waiting();
  const first = await undisturbed.run();
  assert.equal(first.status, 0, first.stderr);
  const operations = [...new Set(undisturbed.called().map(({ operation }) => operation as string))];
  await undisturbed.close();
  assert.ok(operations.includes('KMS.GetKeyPolicy') && operations.length >= 12, operations.join());
  const cases = operations.flatMap((operation) => faults.map((fault) => ({ operation, ...fault })));
  const failures: string[] = [];
  const ranAgain: string[] = [];
  const chosen = sampleOf(cases, 20);
  await atATime(3, chosen, async ({ operation, ...fault }) => {
    const ceremony = await waiting();
    const name = `${operation} ${fault.do}`;
    try {
      ceremony.set({
        faults: [
          { operation: operation.replace(/^\w+/, (service) => service.toLowerCase()).replace('.', ':'), ...fault },
        ],
      });
      const once = await ceremony.run();
      if (once.status !== 0) ranAgain.push(name);
      const last = once.status === 0 ? once : await ceremony.run();
      assert.equal(last.status, 0, once.stderr + last.stderr);
      assert.equal(await ceremony.stateOf(), 'Enabled');
      assert.deepEqual(await ceremony.materialsOf(), [ceremony.recorded()]);
      assert.ok(
        ceremony.called().some(({ error, tries }) => error !== undefined || tries !== undefined),
        'the fault was met',
      );
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
    } finally {
      await ceremony.close();
    }
  });
  t.diagnostic(
    `${chosen.length} of ${cases.length} cases, ${ranAgain.length} after a second run: ${ranAgain.join(', ')}`,
  );
  assert.deepEqual(failures, []);
});
