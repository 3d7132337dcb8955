import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../../source/ceremony/journal.ts';
import { callsOf, callsTable, importTlsRows } from '../../source/record/calls.ts';

let second = 0;
const time = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

/** A call, a second after the one before. */
function call(operation: string, more: Partial<Extract<JournalLine, { kind: 'call' }>> = {}): JournalLine {
  second += 1;
  return { kind: 'call', operation, ...more, at: time(second), prev: '0'.repeat(64) };
}

test('the parts of one object are one row with a count, and every other call keeps its request id', () => {
  second = 0;
  const parts = Array.from({ length: 10_000 }, (_, number) => call('S3.UploadPart', { requestId: `part ${number}` }));
  const lines = [
    ...Array.from({ length: 40 }, (_, page) => call('KMS.ListKeys', { requestId: `page ${page}` })),
    call('S3.CreateMultipartUpload', { requestId: 'a' }),
    ...parts,
    call('S3.CompleteMultipartUpload', { requestId: 'b' }),
  ].map((line, index) => ({ ...line, at: time(index) }));
  const calls = callsOf(lines);
  assert.equal(calls.length, 40 + 3);
  assert.deepEqual(calls.at(-2), {
    at: time(41),
    operation: 'S3.UploadPart',
    requestId: 'part 0',
    count: 10_000,
    until: time(10_040),
    lastRequestId: 'part 9999',
  });
  assert.ok(calls.every(({ requestId }) => requestId !== undefined));
  const table = callsTable(calls);
  assert.ok(table.includes(`| ${time(41)} to ${time(10_040)} | S3.UploadPart, 10000 calls | part 0 to part 9999 |  |`));
  assert.equal(table.split('\n').length, 2 + calls.length);
});

test('an import was sent over the connection that took it, and not over one on which it was refused', () => {
  const importOver = (protocol: string, more: { error?: string } = {}) => ({
    at: time(0),
    operation: 'KMS.ImportKeyMaterial',
    tls: { protocol, cipher: 'TLS_AES_128_GCM_SHA256', group: 'X25519MLKEM768' },
    ...more,
  });
  const refused = importOver('TLSv1.2', { error: 'ExpiredImportTokenException' });
  assert.deepEqual(importTlsRows([refused]), []);
  assert.deepEqual(importTlsRows([refused, importOver('TLSv1.3')]), [
    ['Import sent over', 'TLSv1.3, X25519MLKEM768, TLS_AES_128_GCM_SHA256'],
  ]);
});

test('two objects are counted apart, a part that failed stands alone, and one part is as any call', () => {
  second = 0;
  const lines = [
    call('S3.UploadPart', { requestId: 'a1' }),
    call('S3.UploadPart', { requestId: 'a2', error: 'SlowDown' }),
    call('S3.UploadPart', { requestId: 'a3' }),
    call('S3.CompleteMultipartUpload'),
    call('S3.UploadPart', { requestId: 'b1' }),
    call('S3.HeadObject', { requestId: 'c' }),
  ];
  assert.deepEqual(callsOf(lines), [
    { at: time(1), operation: 'S3.UploadPart', requestId: 'a1', count: 2, until: time(3), lastRequestId: 'a3' },
    { at: time(2), operation: 'S3.UploadPart', requestId: 'a2', error: 'SlowDown' },
    { at: time(4), operation: 'S3.CompleteMultipartUpload' },
    { at: time(5), operation: 'S3.UploadPart', requestId: 'b1' },
    { at: time(6), operation: 'S3.HeadObject', requestId: 'c' },
  ]);
});

/** A line that reports several calls. */
const several = (operation: string, count: number, [first, last]: readonly [string, string]): JournalLine =>
  call(operation, {
    count,
    since: time(second - 10),
    until: time(second),
    firstRequestId: first,
    requestId: last,
  });

test('a line that reports many parts counts as many, and any other operation keeps a row for each line', () => {
  second = 100;
  const lines = [
    call('S3.UploadPart', { requestId: 'a1' }),
    several('S3.UploadPart', 50, ['a2', 'a51']),
    several('S3.UploadPart', 7, ['a52', 'a58']),
    call('S3.UploadPart', { requestId: 'a59' }),
    several('S3.PutObject', 20, ['b1', 'b20']),
    several('S3.PutObject', 30, ['b21', 'b50']),
    several('S3.UploadPart', 9, ['c1', 'c9']),
    several('S3.UploadPart', 5, ['c10', 'c14']),
  ];
  const calls = callsOf(lines);
  assert.deepEqual(calls, [
    { at: time(101), operation: 'S3.UploadPart', requestId: 'a1', count: 59, until: time(104), lastRequestId: 'a59' },
    {
      at: time(94),
      operation: 'S3.PutObject',
      requestId: 'b1',
      count: 20,
      until: time(104),
      lastRequestId: 'b20',
    },
    {
      at: time(95),
      operation: 'S3.PutObject',
      requestId: 'b21',
      count: 30,
      until: time(105),
      lastRequestId: 'b50',
    },
    { at: time(96), operation: 'S3.UploadPart', requestId: 'c1', count: 14, until: time(107), lastRequestId: 'c14' },
  ]);
  assert.ok(
    callsTable(calls).includes(`| ${time(101)} to ${time(104)} | S3.UploadPart, 59 calls | a1 to a59 |  |`),
    callsTable(calls),
  );
});

test('a line of many calls without times and request ids is told with the time of the line', () => {
  second = 0;
  const calls = callsOf([call('S3.PutObject', { count: 3 })]);
  assert.deepEqual(calls, [{ at: time(1), operation: 'S3.PutObject', count: 3, until: time(1) }]);
  assert.ok(callsTable(calls).endsWith(`| ${time(1)} to ${time(1)} | S3.PutObject, 3 calls |  to  |  |`));
  const [refused] = callsOf([call('S3.PutObject', { requestId: 'x', error: 'SlowDown' })]);
  assert.ok(callsTable(refused === undefined ? [] : [refused]).endsWith('| S3.PutObject | x | SlowDown |'));
});

test('the connections that took material are told once each, also plain HTTP and one without a named group', () => {
  const tls = { protocol: 'TLSv1.2', cipher: 'ECDHE-RSA-AES128-GCM-SHA256' };
  const importOver = (over: 'none' | typeof tls) => call('KMS.ImportKeyMaterial', { tls: over });
  const fetched = call('KMS.GetParametersForImport', { tls: { ...tls, protocol: 'TLSv1.3' } });
  const calls = callsOf([fetched, importOver(tls), importOver('none'), importOver(tls)]);
  assert.deepEqual(importTlsRows(calls), [
    [
      'Import sent over',
      'TLSv1.2, a key exchange that Node did not name, ECDHE-RSA-AES128-GCM-SHA256<br>plain HTTP, without TLS',
    ],
  ]);
  assert.deepEqual(importTlsRows(callsOf([fetched, call('KMS.ImportKeyMaterial')])), []);
});
