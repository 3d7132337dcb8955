import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { newFolder } from '../new-folder.ts';

test('of several processes that find an abandoned lock at the same moment, one gets it', async () => {
  const folder = newFolder();
  const count = 800;
  const gone = spawn(process.execPath, ['-e', '0']);
  await once(gone, 'exit');
  const dead = JSON.stringify({ pid: gone.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' });
  for (let number = 0; number < count; number += 1) symlinkSync(dead, join(folder, `lock-${number}`));
  const taker = fileURLToPath(new URL('lock-taker.ts', import.meta.url));
  const args = [taker, folder, String(count), String(Date.now() + 1500)];
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  try {
    const got = await Promise.all(children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()));
    const holders = Array.from({ length: count }, (_, number) => got.filter((line) => line[number] === '+').length);
    assert.deepEqual(
      holders.filter((many) => many !== 1),
      [],
    );
    // Nobody has left a claim behind.
    assert.equal(readdirSync(folder).length, count);
  } finally {
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => once(child, 'close')));
  }
});
