import assert from 'node:assert/strict';
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import { usualLimits } from '../../source/objects/part-size.ts';
import { readBack } from '../../source/objects/read-back.ts';
import type { TransferSettings } from '../../source/objects/transfer-context.ts';
import { bucket, keyArn } from '../aws/an-object.ts';
import { answeringS3, refusal } from '../aws/answering-clients.ts';
import { noDescriptors, openIn } from '../disk/open-in.ts';
import { newFolder } from '../new-folder.ts';
import { plannedManifest, uploadedLine } from './planned-manifest.ts';
import { watchSignals } from './sending.ts';
import { usualSettings } from './transferring.ts';

/* What one object comes to that is read back: what is asked of S3, noted in the manifest, and told. */

const sent = 'my bytes!';

/** How S3 answers to one object, where that is not as it should be. An error is thrown. */
type Theirs = {
  readonly head?: object | Error;
  readonly bytes?: string;
  readonly get?: Error;
  /** Called before the bytes are given. */
  readonly onGet?: (path: string) => void;
};

/** An uploaded file, its line in a manifest, and a reading back of its object. */
function uploaded(t: TestContext, theirs: Theirs, { rangeBytes = 100, readTo = 0 } = {}) {
  const path = join(newFolder(), 'file');
  writeFileSync(path, sent);
  const size = sent.length;
  const { mtimeMs: changedMs } = statSync(path);
  const file = { is: 'object', path, key: 'a', size, changedMs } as const;
  const manifest = plannedManifest(t, [file]);
  const line = uploadedLine(0, file, { sha256: sha256Of(sent), kmsKeyArn: keyArn });
  manifest.note(line);
  if (readTo > 0) manifest.note({ is: 'read', n: 0, to: readTo });
  const asked: string[] = [];
  const s3 = answeringS3((input, command) => {
    if (command === 'HeadObject') {
      if (theirs.head instanceof Error) throw theirs.head;
      return { ETag: 'e', SSEKMSKeyId: keyArn, ServerSideEncryption: 'aws:kms', ContentLength: size, ...theirs.head };
    }
    const { Range, IfMatch } = input as { readonly Range?: string; readonly IfMatch?: string };
    asked.push(`${IfMatch} ${Range ?? 'all'}`);
    theirs.onGet?.(path);
    if (theirs.get !== undefined) throw theirs.get;
    const [, from = 0, to = Number.POSITIVE_INFINITY] = /^bytes=(\d+)-(\d+)$/.exec(Range ?? '') ?? [];
    const part = (theirs.bytes ?? sent).slice(Number(from), Number(to) + 1);
    // It comes in two pieces.
    return { Body: Readable.from([Buffer.from(part.slice(0, 1)), Buffer.from(part.slice(1))]) } as never;
  });
  const { signal } = new AbortController();
  const settings: TransferSettings = {
    ...{ ...usualSettings, s3, ...bucket, keyArn, manifest, signal },
    limits: { ...usualLimits, rangeBytes },
  };
  const came: number[] = [];
  const read = () => readBack(settings, line, (bytes) => void came.push(bytes));
  const noted = () => [...manifest.linesOf('checked'), ...manifest.linesOf('wrong')];
  const readTos = () => [...manifest.linesOf('read')].map(({ to }) => to);
  const total = () => came.reduce((sum, bytes) => sum + bytes, 0);
  return { path, settings, manifest, asked, read, noted, readTos, total };
}

const isRead = { is: 'checked', n: 0, readBack: true, looked: true };
const denied = refusal('AccessDenied', 403);

for (const [rangeBytes, ranges] of [
  [sent.length, ['e all']],
  [4, ['e bytes=0-3', 'e bytes=4-7', 'e bytes=8-8']],
  [3, ['e bytes=0-2', 'e bytes=3-5', 'e bytes=6-8']],
] as const)
  test(`an object is read back whole or in ranges, no byte twice, and each range is noted: ${rangeBytes}`, async (t) => {
    const { read, asked, noted, readTos, total, manifest } = uploaded(t, {}, { rangeBytes });
    assert.equal(await read(), undefined);
    assert.deepEqual([asked, noted(), total()], [ranges, [isRead], sent.length]);
    assert.deepEqual(
      readTos(),
      ranges.length === 1 ? [] : ranges.map((_, index) => Math.min(9, (index + 1) * rangeBytes)),
    );
    assert.deepEqual([manifest.states.checked, manifest.states.readBack], [1, 1]);
  });

test('an object of which ranges were read before goes on behind them, and these count as read', async (t) => {
  const { read, asked, noted, total } = uploaded(t, {}, { rangeBytes: 4, readTo: 4 });
  assert.equal(await read(), undefined);
  assert.deepEqual([asked, noted(), total()], [['e bytes=4-7', 'e bytes=8-8'], [isRead], sent.length]);
});

for (const [what, theirs, says] of [
  ['gone', { head: refusal('NotFound', 404) }, /^s3:\/\/a-bucket\/a is gone\. It was removed after it was uploaded/],
  ['replaced', { head: { ETag: 'other' } }, /^s3:\/\/a-bucket\/a is not the object that was uploaded\./],
  ['replaced meanwhile', { get: refusal('PreconditionFailed', 412) }, /is not the object that was uploaded\./],
  ['under another key', { head: { SSEKMSKeyId: 'arn:other' } }, /is not under your key\. S3 names arn:other\./],
  ['longer', { head: { ContentLength: 10 } }, /did not come back .* It has 10 bytes, and 9 were sent:/],
  ['of other bytes', { bytes: 'my bytes?' }, /did not come back as it was sent\. Its SHA-256 differs:/],
  ['shorter than it says', { bytes: 'my' }, /did not come back as it was sent\. Its SHA-256 differs:/],
] as const)
  test(`an object that is ${what} is told, and may be replaced by the next try`, async (t) => {
    for (const rangeBytes of [100, 4]) {
      const { read, noted, manifest } = uploaded(t, theirs, { rangeBytes });
      const problem = await read();
      assert.match(`${problem?.what} ${problem?.why}`, says);
      assert.deepEqual(noted(), [{ is: 'wrong', n: 0, etag: 'e', size: 9, why: problem?.why }]);
      assert.deepEqual([manifest.states.uploaded, manifest.states.wrongEtag(0)], [0, 'e']);
    }
  });

test('who may not look or not read is not told of a problem, and it is noted what was not done', async (t) => {
  const unread = { ...isRead, readBack: false };
  for (const [theirs, line] of [
    [{ head: denied }, isRead],
    [{ get: denied }, unread],
    [
      { head: denied, get: denied },
      { ...unread, looked: false },
    ],
  ] as const) {
    const { read, noted } = uploaded(t, theirs);
    assert.equal(await read(), undefined);
    assert.deepEqual(noted(), [line]);
  }
});

test('an error that says nothing of the object is thrown, and nothing is noted of it', async (t) => {
  const { read, noted } = uploaded(t, { get: refusal('InternalError', 500) });
  await assert.rejects(read(), { name: 'InternalError' });
  assert.deepEqual(noted(), []);
});

test('each request that reads an object ends when the person stops', async (t) => {
  for (const rangeBytes of [100, 4]) {
    const { read, settings } = uploaded(t, {}, { rangeBytes });
    const areEnded = watchSignals(t, settings.s3, settings.signal);
    await read();
    const [, ...reads] = areEnded();
    assert.ok(reads.length > 0 && reads.every((isEnded) => isEnded), `${rangeBytes}: ${reads}`);
  }
});

test('where a file cannot be compared any more, the whole object is compared with what was sent', async (t) => {
  const other = (path: string) => writeFileSync(path, 'another file');
  const changed = uploaded(t, {}, { rangeBytes: 4 });
  other(changed.path);
  const gone = uploaded(t, {}, { rangeBytes: 4 });
  rmSync(gone.path);
  for (const { read, asked, noted, total } of [changed, gone]) {
    assert.equal(await read(), undefined);
    assert.deepEqual([asked, noted(), total()], [['e all'], [isRead], sent.length]);
  }
  let isChanged = false;
  const onGet = (path: string) => {
    if (!isChanged) other(path);
    isChanged = true;
  };
  const meanwhile = uploaded(t, { onGet }, { rangeBytes: 4 });
  assert.equal(await meanwhile.read(), undefined);
  assert.deepEqual([meanwhile.asked, meanwhile.noted()], [['e bytes=0-3', 'e all'], [isRead]]);
  isChanged = false;
  const wrong = uploaded(t, { onGet, bytes: 'my bytes?' }, { rangeBytes: 4 });
  assert.match((await wrong.read())?.why ?? '', /^Its SHA-256 differs/);
});

test('the first range with other bytes tells enough', async (t) => {
  const { read, asked, readTos } = uploaded(t, { bytes: 'my wrong!' }, { rangeBytes: 4 });
  assert.match((await read())?.why ?? '', /^Its SHA-256 differs/);
  assert.deepEqual([asked, readTos()], [['e bytes=0-3'], []]);
});

test('a file with whose bytes an object was compared is closed again', { skip: noDescriptors }, async (t) => {
  for (const theirs of [{}, { bytes: 'my wrong!' }, { get: refusal('InternalError', 500) }]) {
    const { read, path } = uploaded(t, theirs, { rangeBytes: 4 });
    await read().catch(() => {});
    assert.equal(openIn(path), 0);
  }
});
