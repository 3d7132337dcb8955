import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { everyFile } from '../../source/objects/file-pattern.ts';
import { Manifest } from '../../source/objects/manifest.ts';
import { countPlan, writePlan } from '../../source/objects/plan.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { openGuard, transferring } from './transferring.ts';

/** A folder with these files, each of as many bytes as it says. */
function folderWith(sizes: Readonly<Record<string, number>>): string {
  const folder = newFolder();
  for (const [name, size] of Object.entries(sizes)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), Buffer.alloc(size));
  }
  return folder;
}

const choice = { ...everyFile, prefix: '' };

test('a plan counts files, bytes and requests, and gives the first few reasons for what is not sent', async () => {
  const folder = folderWith({ a: 3, 'b/c': 9 * 2 ** 20, 'b/d': 0 });
  for (let number = 0; number < 7; number += 1) symlinkSync(join(folder, 'a'), join(folder, 'b', `link-${number}`));
  const absent = Array.from({ length: 7 }, (_, number) => join(folder, `absent-${number}`));
  const { leftOutWhy, wrong, ...totals } = await countPlan({ ...choice, inputs: [folder, ...absent] }, openGuard);
  assert.deepEqual(totals, { count: 3, bytes: 3 + 9 * 2 ** 20, requests: 6, leftOut: 7 });
  assert.deepEqual([leftOutWhy.length, wrong.length], [5, 5]);
  assert.match(wrong[4] ?? '', /absent-4 does not exist\.$/);
  const stopped = countPlan({ ...choice, inputs: [folder] }, openGuard, AbortSignal.abort(new Error('stopped')));
  await assert.rejects(stopped, /stopped/);
});

test('a plan is written with each file under the prefix, and with what is left out or wrong; only the first is told', async (t) => {
  const folder = folderWith({ a: 3, 'b/c': 5 });
  symlinkSync(join(folder, 'a'), join(folder, 'link'));
  const absent = join(folder, 'absent');
  const patterns = { include: [], exclude: [] };
  const head = { bucket: 'b', keyArn: 'k', replace: false, ...patterns, prefix: 'in', inputs: [folder, absent] };
  const told: string[] = [];
  const planned = async (signal: AbortSignal) => {
    const manifest = new Manifest(join(newFolder(), 'm.jsonl'));
    t.after(() => manifest.close());
    await writePlan(manifest, head, new Date(7), { guard: openGuard, signal, onLeftOut: (why) => told.push(why) });
    return manifest;
  };
  const manifest = await planned(new AbortController().signal);
  assert.deepEqual(
    [...manifest.remaining()].map(({ n, key, size, path }) => [n, key, size, path]),
    [
      [0, 'in/a', 3, join(folder, 'a')],
      [1, 'in/b/c', 5, join(folder, 'b/c')],
    ],
  );
  assert.deepEqual(manifest.planned, { is: 'planned', count: 2, bytes: 8 });
  assert.equal(manifest.plan?.at, new Date(7).toISOString());
  const [link, gone] = [
    `${join(folder, 'link')} is a symbolic link. Name it to send its file.`,
    `${absent} does not exist.`,
  ];
  assert.deepEqual(
    [...manifest.linesOf('left out')],
    [
      { is: 'left out', path: join(folder, 'link'), why: link },
      { is: 'left out', path: absent, why: gone, wrong: true },
    ],
  );
  assert.deepEqual(told, [link]);
  await assert.rejects(planned(AbortSignal.abort(new Error('stopped'))), /stopped/);
});

test('a file that is named twice, also in its folder, is one file', async () => {
  const folder = folderWith({ 'a.txt': 3 });
  const inputs = [folder, join(folder, 'a.txt'), join(folder, '*.txt')];
  const { count, wrong } = await countPlan({ ...choice, inputs }, openGuard);
  assert.deepEqual([count, wrong], [1, []]);
});

test('of several files of one name each is told but the first, which is one file also where it is named again', async () => {
  const folder = folderWith({ 'one/a.txt': 3, 'two/a.txt': 3, 'three/a.txt': 3 });
  const inputs = ['one', 'two', 'three', 'one'].map((name) => join(folder, name, 'a.txt'));
  const { count, wrong } = await countPlan({ ...choice, inputs }, openGuard);
  assert.equal(count, 1);
  assert.deepEqual(
    wrong.map((why) => why.split(' is ').at(-1)),
    inputs.slice(1, 3).map((path) => `${path}.`),
  );
});

test('a file that may not be sent, or whose object would have too long a name, is told and not counted', async () => {
  const folder = folderWith({ fine: 1, secret: 1, [`${'d'.repeat(200)}/${'e'.repeat(200)}`]: 1 });
  const guard = { ...openGuard, placeProblem: (path: string) => (basename(path) === 'secret' ? 'Secret.' : undefined) };
  const { count, wrong } = await countPlan({ ...choice, prefix: 'p'.repeat(700), inputs: [folder] }, guard);
  assert.equal(count, 1);
  assert.match(wrong.join(), /^The name of an object has at most 1024 bytes\. .*,Secret\.$/);
});

test('a folder that may not be sent is left out of a plan, and of what is counted, with the reason of the guard', async (t) => {
  const folder = folderWith({ fine: 1, 'kept/secret': 1 });
  // Like the real guard, it finds in itself what it compares with.
  const guard = {
    ...openGuard,
    kept: join(folder, 'kept'),
    folderProblem(path: string) {
      return path === this.kept ? 'It is a ceremony.' : undefined;
    },
  };
  const { count, leftOutWhy } = await countPlan({ ...choice, inputs: [folder] }, guard);
  assert.deepEqual([count, leftOutWhy], [1, ['It is a ceremony.']]);
  const manifest = new Manifest(join(newFolder(), 'm.jsonl'));
  t.after(() => manifest.close());
  const { signal } = new AbortController();
  const told: string[] = [];
  const head = { bucket: 'b', keyArn: 'k', replace: false, ...choice, include: [], exclude: [], inputs: [folder] };
  await writePlan(manifest, head, new Date(0), { guard, signal, onLeftOut: (why) => void told.push(why) });
  assert.deepEqual([manifest.planned?.count, manifest.leftOut, told], [1, 1, ['It is a ceremony.']]);
});

test('a plan that was cut off is made anew, and what is in it is sent once', async (t) => {
  const { put, send, names, manifestPath, tree } = await transferring(t);
  const path = put('a');
  const head = {
    bucket: 'a-bucket',
    prefix: '',
    keyArn: 'k',
    inputs: [tree],
    include: [],
    exclude: [],
    replace: false,
  };
  const lines = [
    { is: 'plan', version: 1, ...head, at: '2026-11-26T10:00:00.000Z' },
    { is: 'object', path, key: 'gone', size: 1, changedMs: 1 },
    { is: 'left out', path, why: 'It is a link.', wrong: true },
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(manifestPath('m'), text, { mode: 0o600 });
  const { planned, end } = await send('m');
  assert.deepEqual([planned.count, planned.bytes, end.problemCount, await names()], [1, 1, 0, ['a']]);
  assert.ok(!readFileSync(manifestPath('m'), 'utf8').includes('gone'));
});

test('a plan is on the disk before anything is sent, and so is what was sent before the transfer ends', async (t) => {
  const { put, send, folder } = await transferring(t);
  put('a');
  const events = watchDisk(t);
  await send('m');
  const written = (is: string) =>
    events.findIndex(
      (event) => event.does === 'write' && event.file === 'm.jsonl' && event.data.includes(`"is":"${is}"`),
    );
  const flushedAfter = (place: number) =>
    events.findIndex((event, index) => index > place && event.does === 'flush' && event.file === 'm.jsonl');
  const sent = events.findIndex((event) => event.does === 'send' && event.request.startsWith('PUT'));
  const [planned, uploaded] = [written('planned'), written('uploaded')];
  assert.ok(planned > -1 && flushedAfter(planned) > planned && flushedAfter(planned) < sent, 'the plan');
  const named = events.findIndex((event) => event.does === 'flush' && event.file === basename(folder));
  assert.ok(named > -1 && named < sent, 'the name of the manifest');
  assert.ok(uploaded > sent && flushedAfter(uploaded) > uploaded, 'the upload');
});
