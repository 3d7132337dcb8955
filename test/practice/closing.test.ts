import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { removeState, StateInUse, summarizeState } from '../../source/practice/remove-state.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { openStore } from '../../source/practice/store.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey, practise, setControl } from './practising.ts';

/* How practice AWS stops. */

/** A client that has its answer before it has sent all of its request: the server cannot call the connection idle. */
async function amidRequest(t: TestContext, endpoint: string) {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port) });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  socket.write('PUT /a-bucket/a HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9\r\n\r\nhalf');
  await once(socket, 'data');
  return socket;
}

test('practice AWS ends at once, also while a request is arriving, and a second close waits for the same end', async (t) => {
  const server = await startPracticeAws({ stateFolder: newFolder() });
  const socket = await amidRequest(t, server.endpoint);
  const isCut = once(socket, 'close', { signal: AbortSignal.timeout(5000) });
  const closing = [server.close(), server.close()];
  await assert.doesNotReject(isCut, 'the connection is cut');
  await Promise.all(closing);
  await assert.rejects(fetch(server.endpoint), 'nobody listens any more');
});

test('the state folder is in use while practice AWS runs, and free after its end and after a start that failed', async () => {
  const [stateFolder, other] = [newFolder(), newFolder()];
  const server = await startPracticeAws({ stateFolder });
  assert.throws(() => removeState(stateFolder), StateInUse);
  const port = Number(new URL(server.endpoint).port);
  await assert.rejects(startPracticeAws({ stateFolder: other, port }), { code: 'EADDRINUSE' });
  assert.equal(removeState(other), true);
  await server.close();
  assert.equal(removeState(stateFolder), true);
  assert.deepEqual([existsSync(stateFolder), existsSync(other)], [false, false]);
});

test('the end of practice AWS slows its clock down for whoever serves the folder next', async () => {
  const stateFolder = newFolder();
  const server = await startPracticeAws({ stateFolder, settings: { clockSpeed: 1000 } });
  const store = openStore(stateFolder);
  const speed = () => store.first<{ speed: number }>('SELECT speed FROM clock')?.speed;
  assert.equal(speed(), 1000);
  await server.close();
  assert.equal(speed(), 1);
  store.close();
});

test('what a state folder holds is counted, and all of it is removed but for the files of others', async (t) => {
  const { folder, kms, s3, server } = await practise(t);
  await externalKey(kms());
  await externalKey(kms());
  for (const Bucket of ['one-bucket', 'other-bucket', 'third-bucket'])
    await s3().send(new CreateBucketCommand({ Bucket }));
  await s3().send(new PutObjectCommand({ Bucket: 'one-bucket', Key: 'k', Body: 'text' }));
  setControl({ folder }, {});
  const counts = { keys: 2, buckets: 3, objects: 1, others: [] };
  assert.deepEqual(summarizeState(folder), counts);
  await server.close();
  writeFileSync(join(folder, 'notes.txt'), '');
  assert.deepEqual(summarizeState(folder), { ...counts, others: ['notes.txt'] });
  const link = join(newFolder(), 'link');
  symlinkSync(folder, link);
  for (const path of [link, newFolder(), join(folder, 'missing')]) assert.equal(summarizeState(path), undefined, path);
  assert.equal(removeState(folder), false);
  assert.deepEqual(readdirSync(folder), ['notes.txt']);
});

test('a state folder with a broken database is not removed', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'practice.sqlite'), 'no database '.repeat(100));
  assert.throws(() => removeState(folder), /file is not a database/);
  assert.deepEqual(readdirSync(folder), ['practice.sqlite']);
});
