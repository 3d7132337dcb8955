import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { inflateSync } from 'node:zlib';
import * as files from 'cctv-age';
import { splitAgeFile } from '../../source/material/age-file.ts';
import { openAgeHeader } from '../../source/material/age-header.ts';
import { openAgePayload } from '../../source/material/age-payload.ts';
import { type AgeOpener, openBackup } from '../../source/material/backup.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';

/*
 * The vectors of the age format, from C2SP: what any program that reads age must open, and what it must refuse. The files of
 * the vectors hold no key of 32 bytes, so `openBackup` calls each one that opens `no key`, and the payload is compared here.
 */

/** Sound files of several chunks. A key never needs a second chunk of 64 KiB, and no more than that is read of a file. */
const longerThanAnyKey: ReadonlySet<string> = new Set([
  'stream_257_chunks',
  'stream_257_chunks_full',
  'stream_258_chunks',
  'stream_last_chunk_full_second',
  'stream_three_chunks',
  'stream_two_chunks',
]);

const vectors: Readonly<Record<string, Uint8Array>> = { ...files };

type Vector = { readonly fields: ReadonlyMap<string, string>; readonly file: Buffer; readonly openers: AgeOpener[] };

/** Reads a vector: lines of `field: value`, an empty line, and the file, which may be compressed. */
function readVector(bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes);
  const end = buffer.indexOf('\n\n');
  const rows = buffer
    .toString('utf8', 0, end)
    .split('\n')
    .map((line) => line.split(/: (.*)/s) as [string, string]);
  const fields = new Map(rows);
  const valuesOf = (field: string) => rows.flatMap(([name, value]) => (name === field ? [value] : []));
  const identities = valuesOf('identity');
  const file = buffer.subarray(end + 2);
  return {
    fields,
    file: fields.get('compressed') === 'zlib' ? inflateSync(file) : file,
    openers: [
      ...valuesOf('passphrase').map((text) => ({ by: 'passphrase', passphrase: Buffer.from(text) }) as const),
      // A few damaged files come without anything that would open them.
      ...(identities.length > 0 || valuesOf('passphrase').length === 0
        ? [{ by: 'identities', identities } as const]
        : []),
    ],
  };
}

/** Opens a file as `openBackup` does, but gives whatever it holds: its SHA-256, or `undefined`. */
async function openedHash(file: Buffer, opener: AgeOpener): Promise<string | undefined> {
  const parts = splitAgeFile(file);
  if (typeof parts === 'string') return undefined;
  const fileKey = await openAgeHeader(parts.header, opener);
  if (!(fileKey instanceof SecretBytes)) return undefined;
  return openAgePayload(fileKey, parts.payload)?.use((bytes) => createHash('sha256').update(bytes).digest('hex'));
}

/** The troubles that a vector may end in. What is said of damage is coarser here than in the vectors. */
function troublesFor(expected: string | undefined, name: string): readonly string[] {
  if (longerThanAnyKey.has(name)) return ['damaged'];
  if (expected === 'success') return ['no key'];
  if (expected === 'no match') return ['wrong passphrase', 'wrong identity'];
  return ['damaged', 'cut off', 'not an age file'];
}

for (const [name, bytes] of Object.entries(vectors)) {
  const { fields, file, openers } = readVector(bytes);
  const expected = fields.get('expect');
  const outcome = longerThanAnyKey.has(name) ? 'longer than any key' : expected;
  test(`the age vector ${name}: ${outcome}`, async () => {
    assert.ok(openers.length > 0);
    for (const opener of openers) {
      const opened = await openBackup(file, opener);
      const trouble = 'trouble' in opened ? opened.trouble : 'opened as a key';
      assert.ok(troublesFor(expected, name).includes(trouble), trouble);
      const hash = expected === 'success' && !longerThanAnyKey.has(name) ? fields.get('payload') : undefined;
      assert.equal(await openedHash(file, opener), hash);
    }
  });
}

test('the vectors are all there, and each that is too long for a key is sound', () => {
  assert.ok(Object.keys(vectors).length >= 141);
  for (const name of longerThanAnyKey) {
    const { fields } = readVector(vectors[name] ?? new Uint8Array());
    assert.equal(fields.get('expect'), 'success', name);
  }
});
