import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import type { PracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey, practise, tryOnce } from './practising.ts';

test('kill -9 loses nothing that was acknowledged', async (t) => {
  const folder = newFolder();
  const server = JSON.stringify(new URL('../../source/practice/server.ts', import.meta.url).href);
  const program = `const { startPracticeAws } = await import(${server});
    const { endpoint, credentials } = await startPracticeAws({ stateFolder: ${JSON.stringify(folder)} });
    console.log(JSON.stringify({ endpoint, credentials }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const access = JSON.parse(line) as Pick<PracticeAws, 'endpoint' | 'credentials'>;
  const kms = new KMSClient(tryOnce(access));
  const acknowledged: string[] = [];
  const burst = Array.from({ length: 200 }, async () => {
    acknowledged.push(await externalKey(kms));
    if (acknowledged.length === 50) child.kill('SIGKILL');
  });
  await Promise.allSettled(burst);
  assert.ok(acknowledged.length >= 50 && acknowledged.length < 200, `${acknowledged.length} were acknowledged`);

  const again = await practise(t, { folder });
  const { Keys } = await again.kms().send(new ListKeysCommand({ Limit: 1000 }));
  const found = new Set(Keys?.map((key) => key.KeyId));
  assert.deepEqual(
    acknowledged.filter((keyId) => !found.has(keyId)),
    [],
  );
});
