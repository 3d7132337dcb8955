import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { bareEnvironment, program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { isLong } from '../seed.ts';
import { startDiscarding } from './discarding.ts';

/* Memory while the built program sends very much: to a server that discards all. Every day a small part, the whole in test:long. */

const mebibyte = 2 ** 20;
const timeout = 3_600_000;

/** Sends a folder to a discarding server, and gives the most memory that the program held, in MiB (Linux alone tells). */
async function send(fill: (folder: string) => void) {
  const server = await startDiscarding();
  const folder = newFolder();
  mkdirSync(join(folder, 'tree'));
  fill(join(folder, 'tree'));
  const place = ['--endpoint-url', server.endpoint, '--region', 'us-east-1', '--workdir', 'w', '--json'];
  const words = ['encrypt', 'tree', '--to', 's3://a-bucket/in', '--key', server.keyArn, ...place];
  const keys = { AWS_ACCESS_KEY_ID: 'AKIAKEYFERRYSECOPS01', AWS_SECRET_ACCESS_KEY: 'x' };
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { ...bareEnvironment(folder), ...keys },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let peak = 0;
  const look = () => {
    try {
      const [, kilobytes = 0] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
      peak = Math.max(peak, Number(kilobytes) / 1024);
    } catch {
      // It has ended, or this is not Linux.
    }
  };
  const watch = setInterval(look, 200);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  clearInterval(watch);
  server.close();
  assert.equal(child.exitCode, 0, stderr);
  return { taken: server.taken, peak, result: JSON.parse(stdout) };
}

const count = isLong ? 100_000 : 2000;

test(`${count} files of 1 kB are planned and sent in less than 250 MiB`, { timeout }, async (t) => {
  const { taken, peak, result } = await send((folder) => {
    const bytes = Buffer.alloc(1000);
    for (let file = 0; file < count; file += 1) {
      if (file % 1000 === 0) mkdirSync(join(folder, String(file / 1000)));
      bytes.writeUInt32BE(file);
      writeFileSync(join(folder, String(Math.floor(file / 1000)), `${file}.bin`), bytes);
    }
  });
  assert.deepEqual([taken.objects, taken.bytes, result.count], [count, count * 1000, count]);
  assert.equal(taken.sizes.size, count, 'every object once');
  t.diagnostic(`${peak.toFixed(0)} MiB`);
  assert.ok(peak < 250 && (peak > 0 || process.platform !== 'linux'), `${peak} MiB`);
});

const size = isLong ? 400 * 1024 * mebibyte : 128 * mebibyte;

test(`a file of ${size / mebibyte} MiB is sent in less than 350 MiB`, { timeout }, async (t) => {
  const { taken, peak, result } = await send((folder) => {
    const path = join(folder, 'large.bin');
    closeSync(openSync(path, 'w'));
    // It takes no room on the disk.
    truncateSync(path, size);
  });
  assert.deepEqual([taken.objects, result.bytes], [1, size]);
  t.diagnostic(`${peak.toFixed(0)} MiB`);
  assert.ok(peak < 350 && (peak > 0 || process.platform !== 'linux'), `${peak} MiB`);
});
