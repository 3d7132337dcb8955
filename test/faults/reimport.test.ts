import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { atATime } from '../crash/cut-off.ts';
import { sampleOf } from '../seed.ts';
import { outside } from './outside.ts';

/*
 * Every operation that a reimport calls meets each passing fault. It finishes by itself, or after the same command once
 * more; the key is Enabled then, and one record says what came back.
 */

const timeout = 600_000;

const faults = [
  { do: 'throttle', times: 3 },
  { do: 'fail', times: 1 },
  { do: 'drop-before', times: 1 },
  { do: 'drop-after', times: 1 },
] as const;

/** A finished first import whose material is gone, and its reimport. */
async function lost() {
  const ceremony = await outside();
  const { aws, cut, workdir, run } = ceremony;
  const { status, stderr } = await run();
  assert.equal(status, 0, stderr);
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const KeyId = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8')).key.keyId;
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  writeFileSync(join(cut.folder, 'reimport.yaml'), 'ceremony: reimport\nbring-back:\n  expiry: keep\n');
  const named = (pattern: RegExp) => readdirSync(workdir).filter((name) => pattern.test(name));
  return {
    ...ceremony,
    reimport: () => run({}, (args) => args.map((word) => (word === 'answers.yaml' ? 'reimport.yaml' : word))),
    stateOf: async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState,
    records: () => named(/^record-reimport-.*\.json$/),
    called: () =>
      named(/^journal-reimport-/)
        .flatMap((name) => readFileSync(join(workdir, name), 'utf8').trimEnd().split('\n'))
        .map((line) => JSON.parse(line))
        .filter(({ kind }) => kind === 'call'),
  };
}

test('a reimport gets over each passing fault of each operation that it calls', { timeout }, async (t) => {
  const undisturbed = await lost();
  assert.equal((await undisturbed.reimport()).status, 0);
  const operations = [...new Set(undisturbed.called().map(({ operation }) => operation as string))];
  await undisturbed.close();
  assert.ok(operations.includes('KMS.ImportKeyMaterial') && operations.length >= 8, operations.join());
  const cases = operations.flatMap((operation) => faults.map((fault) => ({ operation, ...fault })));
  const failures: string[] = [];
  const ranAgain: string[] = [];
  const chosen = sampleOf(cases, 10);
  await atATime(3, chosen, async ({ operation, ...fault }) => {
    const ceremony = await lost();
    const name = `${operation} ${fault.do}`;
    try {
      ceremony.set({
        faults: [
          { operation: operation.replace(/^\w+/, (service) => service.toLowerCase()).replace('.', ':'), ...fault },
        ],
      });
      const first = await ceremony.reimport();
      if (first.status !== 0) ranAgain.push(name);
      const last = first.status === 0 ? first : await ceremony.reimport();
      assert.equal(last.status, 0, first.stderr + last.stderr);
      assert.equal(await ceremony.stateOf(), 'Enabled');
      assert.equal(ceremony.records().length, 1);
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
