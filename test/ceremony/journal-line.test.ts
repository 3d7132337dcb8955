import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DamagedJournalError, Journal, type JournalEntry } from '../../source/ceremony/journal.ts';
import { newFolder } from '../new-folder.ts';

const newPath = () => join(newFolder(), 'journal.jsonl');
const at = '2026-11-25T20:10:00.000Z';
const hashOf = (line: string) => createHash('sha256').update(line).digest('hex');

/** Writes lines as they are, each with the hash of the one before: whoever edits a journal can do that too. */
function chained(path: string, lines: readonly object[]): void {
  let prev = '0'.repeat(64);
  let text = '';
  for (const line of lines) {
    const written = JSON.stringify({ at, prev, ...line });
    prev = hashOf(written);
    text += `${written}\n`;
  }
  writeFileSync(path, text, { mode: 0o600 });
}

/** One line of every kind, with all its fields and with as few as it may have. */
const oneOfEach: readonly JournalEntry[] = [
  { kind: 'begun', ceremony: 'first-import', id: 'one', version: '1.0.0' },
  { kind: 'answered', step: 'backup', answers: { how: 'recipients', recipients: ['age1'], sure: true } },
  { kind: 'session', callerArn: 'arn', accountId: '1', osUser: 'you', host: '', version: '1', node: '24.1.0' },
  {
    kind: 'session',
    callerArn: 'arn',
    accountId: '1',
    osUser: 'you',
    host: 'here',
    version: '1',
    node: '24.1.0',
    endpoint: 'https://one.test',
    endpoints: { kms: 'https://two.test' },
  },
  { kind: 'drafted', step: 's3-bucket2', answers: { 'part-1': '1' } },
  { kind: 'intent', step: 'policy', name: 'create-key' },
  { kind: 'call', operation: 'KMS.CreateKey' },
  { kind: 'call', operation: 'KMS.CreateKey', requestId: 'r', error: 'Throttling', tries: 2 },
  {
    kind: 'call',
    operation: 'S3.PutObject',
    requestId: 'last',
    count: 2,
    since: at,
    until: at,
    firstRequestId: 'first',
    tls: 'none',
  },
  {
    kind: 'call',
    operation: 'KMS.ImportKeyMaterial',
    tls: { protocol: 'TLSv1.3', cipher: 'AES', group: 'X25519', issuer: 'Amazon' },
  },
  { kind: 'call', operation: 'KMS.ImportKeyMaterial', tls: { protocol: 'TLSv1.3', cipher: 'AES' } },
  { kind: 'outcome', step: 'policy', name: 'create-key', outcome: 'refused' },
  { kind: 'outcome', step: 'policy', name: 'create-key', outcome: 'done', result: { any: [1, null] }, probed: true },
  { kind: 'done', step: 'policy', facts: { key: { of: ['any', 1, null] } } },
  { kind: 'reopened', step: 'policy' },
  { kind: 'reopened', step: 'policy', note: 'once more' },
  { kind: 'continued', version: '1.0.0' },
  { kind: 'continued', version: '1.0.0', note: 'took over' },
  { kind: 'finished' },
];

test('a journal with every kind of line is read as it was written', () => {
  const path = newPath();
  chained(path, oneOfEach);
  const without = ({ at: _, prev: __, ...entry }: Journal['lines'][number]) => entry;
  assert.deepEqual(new Journal(path).lines.map(without), oneOfEach);
  for (const entry of oneOfEach) {
    const own = newPath();
    const journal = new Journal(own);
    journal.append(entry);
    journal.close();
    assert.deepEqual(new Journal(own).lines, journal.lines);
  }
});

const wrong: readonly (readonly [object, RegExp])[] = [
  [{ kind: 'dome', step: 'policy', facts: {} }, /is of a kind that this version does not know/],
  [{ kind: 'Finished' }, /is of a kind that this version does not know/],
  [{ step: 'policy', facts: {} }, /is of a kind that this version does not know/],
  [[1], /is of a kind that this version does not know/],
  [{ kind: 'done', step: 'policy' }, /is a line "done" whose "facts" is missing/],
  [{ kind: 'done', step: 'policy', facts: [] }, /whose "facts" must be an object/],
  [{ kind: 'done', step: 'policy', facts: null }, /whose "facts" must be an object/],
  [{ kind: 'done', step: '../policy', facts: {} }, /whose "step" must be a name of small letters/],
  [{ kind: 'done', step: 'policy', facts: {}, note: 'x' }, /whose "note" is no field of such a line/],
  [
    { kind: 'answered', step: 'policy', answers: { how: 1 } },
    /whose "answers.how" must be text, true, false or a list/,
  ],
  [{ kind: 'answered', step: 'policy', answers: { how: [1] } }, /whose "answers.how" must be text, true, false or/],
  [{ kind: 'answered', step: 'policy', answers: { 'HOW?': 'x' } }, /must be a name of small letters/],
  [{ kind: 'answered', step: 'policy', answers: 'none' }, /whose "answers" must be an object/],
  [{ kind: 'intent', step: 'policy', name: '' }, /whose "name" must not be empty/],
  [{ kind: 'outcome', step: 'policy', name: 'a', outcome: 'maybe' }, /whose "outcome" must be done or refused/],
  [{ kind: 'outcome', step: 'policy', name: 'a', outcome: 'unknown' }, /whose "outcome" must be done or refused/],
  [{ kind: 'drafted', step: 'A step', answers: {} }, /whose "step" must be a name of small letters/],
  [{ kind: 'outcome', step: 'policy', name: 'a', outcome: 'done', probed: false }, /whose "probed" must be true/],
  [{ kind: 'call', operation: 'KMS.Decrypt', tries: 'two' }, /whose "tries" must be a number/],
  [{ kind: 'call', operation: 'KMS.Decrypt', tries: 1.5 }, /whose "tries" must be a whole number/],
  [{ kind: 'call', operation: 'KMS.Decrypt', count: 1.5 }, /whose "count" must be a whole number/],
  [{ kind: 'call', operation: 'KMS.Decrypt', since: 'yesterday' }, /whose "since" must be a time such as/],
  [{ kind: 'call', operation: 'KMS.Decrypt', until: 'today' }, /whose "until" must be a time such as/],
  [{ kind: 'call', operation: 'KMS.Decrypt', tls: 'some' }, /whose "tls" must be none, or have protocol, cipher/],
  [{ kind: 'call', operation: '' }, /whose "operation" must not be empty/],
  [{ kind: 'answered', step: 'policy-', answers: {} }, /whose "step" must be a name of small letters/],
  [{ kind: 'finished', at: 'yesterday' }, /whose "at" must be a time such as/],
  [{ kind: 'finished', note: 'all of it' }, /whose "note" is no field of such a line/],
  [{ kind: 'intent', step: 'A step', name: '' }, /whose "step" must be a name of small letters/],
  [
    { kind: 'session', callerArn: '', accountId: '1', osUser: 'you', host: '', version: '1', node: '24' },
    /whose "callerArn" must not be empty/,
  ],
  [
    { kind: 'session', callerArn: 'arn', accountId: '1', osUser: 'you', host: '', version: '1' },
    /whose "node" is missing/,
  ],
  [{ kind: 'finished', prev: 'none' }, /whose "prev" must be a SHA-256 in hex/],
  [{ kind: 'finished', prev: `${'0'.repeat(64)}0` }, /whose "prev" must be a SHA-256 in hex/],
  [{ kind: 'begun', ceremony: 'first-import', id: '', version: '1' }, /whose "id" must not be empty/],
];
for (const [line, says] of wrong) {
  test(`a line that is none is reported with its number and what is wrong with it: ${JSON.stringify(line)}`, () => {
    const path = newPath();
    chained(path, [...oneOfEach.slice(0, 2), line]);
    const before = readFileSync(path);
    assert.throws(
      () => new Journal(path),
      (error) => {
        assert.ok(error instanceof DamagedJournalError);
        assert.equal(error.line, 3);
        assert.equal(error.problem.what, "Can't continue this ceremony: its journal is damaged at line 3.");
        assert.match(error.problem.why ?? '', says);
        assert.match(error.problem.why ?? '', /the file was changed, or a later version of Keyferry wrote it\.$/);
        assert.equal(error.before.id, 'one');
        assert.equal(error.text, String(before));
        const { kind, state = '', next } = error.problem;
        assert.equal(kind, 'fixable');
        assert.match(state, /^The lines before 3 are whole\. Nothing was done/);
        assert.deepEqual(next, [`Restore ${path} from a copy.`, 'Or begin a new ceremony in another folder.']);
        return true;
      },
    );
    assert.deepEqual(readFileSync(path), before);
  });
}

test('a whole line that is not JSON is reported as that, also as the last one', () => {
  const path = newPath();
  chained(path, oneOfEach.slice(0, 2));
  writeFileSync(path, '{"kind":\n', { flag: 'a' });
  assert.throws(
    () => new Journal(path),
    (error) => error instanceof DamagedJournalError && /^The line is not JSON, so/.test(error.problem.why ?? ''),
  );
  for (const value of ['null', '1', '"begun"']) {
    writeFileSync(path, `${value}\n`);
    assert.throws(
      () => new Journal(path),
      (error) => error instanceof DamagedJournalError && /^The line is not a JSON object/.test(error.problem.why ?? ''),
      value,
    );
  }
});

test('a line that could not be read again is never written', () => {
  const path = newPath();
  const journal = new Journal(path);
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  const before = readFileSync(path, 'utf8');
  assert.throws(() => journal.append({ kind: 'intent', step: 'Policy', name: 'a' }), /whose "step" must be a name/);
  assert.equal(readFileSync(path, 'utf8'), before);
  journal.append({ kind: 'finished' });
  assert.equal(new Journal(path).state.finished, true);
});

test('a journal of 10,000 lines is read in less than 300 ms', () => {
  const path = newPath();
  const parts = Array.from({ length: 10_000 - 2 }, (_, number): JournalEntry => {
    const operation = 'S3.UploadPart';
    return number % 2 === 0
      ? { kind: 'call', operation, requestId: `id ${number}` }
      : { kind: 'answered', step: 'import', answers: { expiry: 'date', 'valid-to': '30d', files: ['a', 'b'] } };
  });
  chained(path, [oneOfEach[0] ?? {}, ...parts, { kind: 'finished' }]);
  // The time of this process alone: what else the machine does is not the journal's.
  const times = Array.from({ length: 3 }, () => {
    const begun = process.cpuUsage();
    assert.equal(new Journal(path).lines.length, 10_000);
    const { user, system } = process.cpuUsage(begun);
    return (user + system) / 1000;
  });
  assert.ok(Math.min(...times) < 300, `${times} ms`);
});
