import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { atATime } from '../crash/cut-off.ts';
import { sampleOf } from '../seed.ts';
import { outside } from './outside.ts';

/*
 * Every operation that a change of an expiry calls meets each passing fault. It finishes by itself, or after the same command
 * once more; KMS has the new expiry then, and one record says it.
 */

const timeout = 600_000;

const faults = [
  { do: 'throttle', times: 3 },
  { do: 'fail', times: 1 },
  { do: 'drop-before', times: 1 },
  { do: 'drop-after', times: 1 },
] as const;

/** A day, and not days from now: a run that finds all of it done has nothing to do. */
const validTo = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);

/** A finished first import whose material does not expire, and the change of that. */
async function imported() {
  const ceremony = await outside();
  const { aws, cut, workdir, run } = ceremony;
  const { status, stderr } = await run();
  assert.equal(status, 0, stderr);
  const kms = new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });
  const KeyId = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8')).key.keyId;
  const answers = `ceremony: expiry\nchange-expiry:\n  expiry: date\n  valid-to: ${validTo}\n  shorten: true\n`;
  writeFileSync(join(cut.folder, 'expiry.yaml'), answers);
  const named = (pattern: RegExp) => readdirSync(workdir).filter((name) => pattern.test(name));
  return {
    ...ceremony,
    change: () => run({}, (args) => args.map((word) => (word === 'answers.yaml' ? 'expiry.yaml' : word))),
    expiryOf: async () => (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.ValidTo?.toISOString(),
    records: () => named(/^record-expiry-.*\.json$/),
    called: () =>
      named(/^journal-expiry-/)
        .flatMap((name) => readFileSync(join(workdir, name), 'utf8').trimEnd().split('\n'))
        .map((line) => JSON.parse(line))
        .filter(({ kind }) => kind === 'call'),
  };
}

test('a change of an expiry gets over each passing fault of each operation that it calls', { timeout }, async (t) => {
  const undisturbed = await imported();
  assert.equal((await undisturbed.change()).status, 0);
  const operations = [...new Set(undisturbed.called().map(({ operation }) => operation as string))];
  await undisturbed.close();
  assert.ok(operations.includes('KMS.ImportKeyMaterial') && operations.length >= 8, operations.join());
  const cases = operations.flatMap((operation) => faults.map((fault) => ({ operation, ...fault })));
  const failures: string[] = [];
  const ranAgain: string[] = [];
  const chosen = sampleOf(cases, 20);
  await atATime(3, chosen, async ({ operation, ...fault }) => {
    const ceremony = await imported();
    const name = `${operation} ${fault.do}`;
    try {
      ceremony.set({
        faults: [
          { operation: operation.replace(/^\w+/, (service) => service.toLowerCase()).replace('.', ':'), ...fault },
        ],
      });
      const first = await ceremony.change();
      if (first.status !== 0) ranAgain.push(name);
      const last = first.status === 0 ? first : await ceremony.change();
      assert.equal(last.status, 0, first.stderr + last.stderr);
      assert.equal(await ceremony.expiryOf(), `${validTo}T00:00:00.000Z`);
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
