import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type DiskEvent, watchDisk } from '../disk-log.ts';
import { beginImport } from './ceremony.ts';

/* What must outlive a power cut is flushed before anything goes on that relies on it. */

/** The kind of a line of the journal, such as `intent create-key`; nothing for the note of a single call. */
function lineOf(event: DiskEvent): string | undefined {
  if (event.does !== 'write' || event.file !== 'journal.jsonl') return undefined;
  const { kind, name, step } = JSON.parse(String(event.data));
  return kind === 'call' ? undefined : `${kind} ${name ?? step ?? ''}`;
}

test('every line of the journal, but for notes of single calls, is on the disk before the next request goes out', async (t) => {
  const events = watchDisk(t);
  const ceremony = await beginImport(t);
  await ceremony.upTo();
  const unflushed: string[] = [];
  const late: string[] = [];
  const sent = new Set<string>();
  const lines = new Set<string>();
  for (const event of events) {
    const line = lineOf(event);
    if (line !== undefined) {
      lines.add(line);
      unflushed.push(line);
    } else if (event.does === 'flush' && event.file === 'journal.jsonl') unflushed.length = 0;
    else if (event.does === 'send') {
      sent.add(event.request.split(' ')[0] ?? '');
      for (const left of unflushed) late.push(`${left} at ${event.request}`);
    }
  }
  assert.deepEqual(late, []);
  assert.deepEqual(unflushed, [], 'nothing is left at the end');
  for (const request of ['CreateKey', 'CreateAlias', 'ImportKeyMaterial', 'PUT']) assert.ok(sent.has(request), request);
  for (const name of ['create-key', 'create-alias', 'import'])
    for (const kind of ['intent', 'outcome']) assert.ok(lines.has(`${kind} ${name}`), `${kind} ${name}`);
});

test('each intent stands on the disk before the request that it announces', async (t) => {
  const events = watchDisk(t);
  const ceremony = await beginImport(t);
  await ceremony.upTo('import');
  for (const [name, request] of [
    ['create-key', 'CreateKey'],
    ['create-alias', 'CreateAlias'],
    ['import', 'ImportKeyMaterial'],
  ]) {
    const before = events.slice(
      0,
      events.findIndex((event) => event.does === 'send' && event.request === request),
    );
    const intent = before.findLastIndex((event) => lineOf(event) === `intent ${name}`);
    assert.ok(intent >= 0, `${name} is announced`);
    assert.ok(
      before.slice(intent).some((event) => event.does === 'flush' && event.file === 'journal.jsonl'),
      `${name} is flushed`,
    );
  }
});

test('a plain key that is destroyed is overwritten, flushed and only then removed', async (t) => {
  const name = 'plain_text_aes_key.bin';
  const ceremony = await beginImport(t, {
    answers: {
      'encrypt-objects': { where: 'later' },
      finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy plain key file' },
    },
  });
  await ceremony.upTo('encrypt-objects');
  const key = readFileSync(ceremony.services.folder.file(name));
  const events = watchDisk(t);
  await ceremony.upTo();
  const ofKey = events.filter((event) => 'file' in event && event.file === name);
  assert.deepEqual(
    ofKey.map(({ does }) => does),
    ['write', 'flush', 'remove'],
  );
  const [written] = ofKey;
  assert.ok(written?.does === 'write');
  assert.equal(written.data.length, key.length);
  assert.ok(!written.data.equals(key) && !written.data.equals(Buffer.alloc(key.length)));
});
