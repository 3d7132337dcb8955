import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs, {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { attemptsOf } from '../../source/ceremony/attempt.ts';
import { Journal, type JournalEntry } from '../../source/ceremony/journal.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Wait } from '../../source/ceremony/waiting.ts';
import { noDescriptors, openIn } from '../disk/open-in.ts';
import { isFolder, refuse } from '../disk/refuse.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';

const newPath = () => join(newFolder(), 'journal.jsonl');

function written(path: string) {
  const journal = new Journal(path);
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  journal.append({ kind: 'done', step: 'connect', facts: { region: 'us-east-1' } });
  journal.append({ kind: 'done', step: 'secret-key', facts: { secret: 1 } });
  journal.close();
}

test('a journal that is read again has the state that was written', () => {
  const path = newPath();
  written(path);
  const { state, lines } = new Journal(path);
  assert.deepEqual([state.id, state.ceremony, state.begunAt], ['one', 'first-import', lines[0]?.at]);
  assert.deepEqual(
    [...state.done],
    [
      ['connect', { region: 'us-east-1' }],
      ['secret-key', { secret: 1 }],
    ],
  );
});

test('only its owner can read a journal', () => {
  const path = newPath();
  written(path);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('a new journal has its name on the disk before its first line', (t) => {
  const path = newPath();
  const events = watchDisk(t);
  written(path);
  const folder = basename(dirname(path));
  assert.deepEqual(
    events.slice(0, 3).map((event) => ('file' in event ? `${event.does} ${event.file}` : event.does)),
    [`flush ${folder}`, 'write journal.jsonl', 'flush journal.jsonl'],
  );
});

test('a torn last line is dropped, and writing goes on behind the whole ones', () => {
  const path = newPath();
  written(path);
  appendFileSync(path, '{"kind":"done","step":"describe-k');
  const journal = new Journal(path);
  assert.deepEqual([...journal.state.done.keys()], ['connect', 'secret-key']);
  journal.append({ kind: 'finished' });
  journal.close();
  assert.equal(new Journal(path).state.finished, true);

  const first = newPath();
  writeFileSync(first, '{"kind":"beg', { mode: 0o600 });
  const anew = new Journal(first);
  anew.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  anew.close();
  assert.equal(new Journal(first).state.id, 'one', 'also where the first line was torn');
});

/** From now on the disk takes so many bytes more, and is full then. */
function fillDisk(t: TestContext, room: number): void {
  const { writeSync } = fs;
  let left = room;
  const limited = (descriptor: number, data: Buffer, offset: number): number => {
    if (left === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    const count = writeSync(descriptor, data, offset, Math.min(left, data.length - offset));
    left -= count;
    return count;
  };
  replaceMembers(t, fs, { writeSync: limited });
}

test('a line that did not fit on the disk leaves no half of itself, and the state stays as it was', (t) => {
  const path = newPath();
  written(path);
  const before = readFileSync(path, 'utf8');
  const journal = new Journal(path);
  fillDisk(t, 20);
  assert.throws(
    () => journal.append({ kind: 'finished' }),
    (error) => {
      assert.ok(error instanceof ProblemError);
      const { kind, what, why, state = '', next, endsHere, repeats } = error.problem;
      // Whoever makes room can try again.
      assert.deepEqual([kind, why], ['fixable', `${path}: The disk is full.`]);
      assert.deepEqual([next, endsHere, repeats], [['Remove the cause, then try again.'], undefined, undefined]);
      assert.match(what, /^Can't write down what is done, so nothing more is done\.$/);
      assert.match(state, /^Everything that was written before is saved\. A call that was under way is looked for/);
      return true;
    },
  );
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.equal(journal.state.finished, false);
});

test('a line that the disk takes in pieces is written whole', (t) => {
  const path = newPath();
  const { writeSync } = fs;
  replaceMembers(t, fs, {
    writeSync: (descriptor: number, data: Buffer, offset: number) =>
      writeSync(descriptor, data, offset, Math.min(7, data.length - offset)),
  });
  written(path);
  assert.equal(new Journal(path).state.done.size, 2);
});

test('a closed journal takes no more lines', () => {
  const path = newPath();
  const journal = new Journal(path);
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  journal.close();
  const before = readFileSync(path, 'utf8');
  assert.throws(() => journal.append({ kind: 'finished' }), /closed/);
  assert.equal(readFileSync(path, 'utf8'), before);
  journal.close();
});

test('a finished journal takes no more lines: calls are passed over, and anything else is a defect', () => {
  const path = newPath();
  written(path);
  const journal = new Journal(path);
  journal.append({ kind: 'finished' });
  const before = readFileSync(path, 'utf8');
  const { lastHash } = journal;
  journal.append({ kind: 'call', operation: 'KMS.DescribeKey' });
  for (const each of [journal, new Journal(path)]) {
    assert.throws(() => each.append({ kind: 'continued', version: '1' }), /finished/);
    assert.throws(() => each.append({ kind: 'finished' }), /finished/);
  }
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.equal(journal.lines.length, 4);
  assert.equal(journal.lastHash, lastHash);
});

test('the hash of the last line is what the next line carries', () => {
  const path = newPath();
  assert.equal(new Journal(path).lastHash, '0'.repeat(64));
  written(path);
  const journal = new Journal(path);
  const { lastHash } = journal;
  const last = readFileSync(path, 'utf8').split('\n').at(-2) ?? '';
  assert.equal(lastHash, createHash('sha256').update(last).digest('hex'));
  journal.append({ kind: 'finished' });
  assert.equal(journal.lines.at(-1)?.prev, lastHash);
});

test('a closed journal lets go of its file', { skip: noDescriptors }, () => {
  const path = newPath();
  const journal = new Journal(path);
  journal.append({ kind: 'finished' });
  assert.equal(openIn(path), 1);
  journal.close();
  assert.equal(openIn(path), 0);
});

test('a journal that is read again under the lock has what another process has written since', () => {
  const path = newPath();
  const journal = new Journal(path);
  written(path);
  assert.equal(journal.state.id, undefined);
  journal.refresh();
  assert.equal(journal.state.id, 'one');
  assert.equal(journal.lines.length, 3);
  // Half a line of a process that was killed is dropped here too.
  appendFileSync(path, '{"kind":"done","step":"describe-k');
  journal.refresh();
  journal.append({ kind: 'finished' });
  journal.refresh();
  assert.equal(journal.lines.length, 4);
  assert.equal(new Journal(path).state.finished, true);
  // Another process may have moved it away and begun another one.
  rmSync(path);
  const other = new Journal(path);
  other.append({ kind: 'begun', ceremony: 'first-import', id: 'two', version: '1' });
  other.close();
  journal.refresh();
  assert.deepEqual([journal.state.id, journal.state.finished, [...journal.state.done]], ['two', false, []]);
});

test('a journal that is a symbolic link is not written through', () => {
  const path = newPath();
  const target = newPath();
  fs.symlinkSync(target, path);
  assert.throws(() => new Journal(path).append({ kind: 'finished' }), ProblemError);
  assert.equal(fs.existsSync(target), false);
});

test('a link that takes the name of the journal after it was read is not written through either', () => {
  const path = newPath();
  const target = newPath();
  writeFileSync(target, 'of somebody else');
  const journal = new Journal(path);
  symlinkSync(target, path);
  assert.throws(
    () => journal.append({ kind: 'finished' }),
    (error) => error instanceof ProblemError && /symbolic link/.test(error.problem.why ?? ''),
  );
  assert.equal(readFileSync(target, 'utf8'), 'of somebody else');
  assert.equal(journal.state.finished, false);
});

test('a journal whose folder is not there is told with the reason of the system', () => {
  const journal = new Journal(join(newFolder(), 'gone', 'journal.jsonl'));
  assert.throws(
    () => journal.append({ kind: 'finished' }),
    (error) => error instanceof ProblemError && /There is no such file or folder/.test(error.problem.why ?? ''),
  );
});

test('a line that the disk does not keep is cut off again, and is not known', (t) => {
  const path = newPath();
  written(path);
  const before = readFileSync(path, 'utf8');
  const journal = new Journal(path);
  refuse(t, 'fsyncSync', 'EIO', (descriptor) => !isFolder(descriptor));
  assert.throws(
    () => journal.append({ kind: 'finished' }),
    (error) => error instanceof ProblemError && /The disk reports a fault/.test(error.problem.why ?? ''),
  );
  assert.equal(readFileSync(path, 'utf8'), before);
  assert.equal(journal.state.finished, false);
});

test('a changed line is reported with its number, and the file stays as it is', () => {
  const path = newPath();
  written(path);
  const changed = readFileSync(path, 'utf8').replace('us-east-1', 'eu-west-1');
  writeFileSync(path, changed);
  assert.throws(
    () => new Journal(path),
    (error) =>
      error instanceof ProblemError &&
      error.problem.what.includes('line 3') &&
      /does not follow from the one before it/.test(error.problem.why ?? ''),
  );
  assert.equal(readFileSync(path, 'utf8'), changed);
});

test('a removed line is reported', () => {
  const path = newPath();
  written(path);
  writeFileSync(path, readFileSync(path, 'utf8').split('\n').toSpliced(1, 1).join('\n'));
  assert.throws(() => new Journal(path), ProblemError);
});

test('reopening a step forgets what it established and what it attempted', () => {
  const journal = new Journal(newPath());
  journal.append({ kind: 'intent', step: 'policy', name: 'create-key' });
  journal.append({ kind: 'intent', step: 'policy-of-bucket', name: 'put' });
  journal.append({ kind: 'done', step: 'policy', facts: {} });
  journal.append({ kind: 'reopened', step: 'policy' });
  assert.equal(journal.state.done.size, 0);
  assert.deepEqual([...journal.state.attempts.keys()], ['policy-of-bucket/put'], 'and nothing of another step');
});

test('a probed outcome is noted, so that nobody need look again', async () => {
  const journal = new Journal(newPath());
  journal.append({ kind: 'intent', step: 's', name: 'a' });
  const attempt = attemptsOf(journal, 's', async () => {});
  const request = {
    name: 'a',
    act: async () => assert.fail('it was done already'),
    probe: async () => ({ found: 'done', result: 'probed' }) as const,
    refused: () => false,
  };
  assert.equal(await attempt<string>(request), 'probed');
  assert.equal(await attempt<string>({ ...request, probe: async () => assert.fail('it is known') }), 'probed');
  assert.equal(journal.state.attempts.get('s/a')?.outcome, 'done');
  const last = journal.lines.at(-1);
  assert.ok(last?.kind === 'outcome' && last.probed === true, 'it was found, and no answer told it');
});

test('a look at what was begun is told when that was, and an error that nobody calls passing ends at once', async () => {
  const begunAt = new Date('2026-11-25T20:10:00.000Z');
  const path = newPath();
  const before = new Journal(path, () => begunAt);
  before.append({ kind: 'intent', step: 's', name: 'a' });
  before.close();
  const looks: Date[] = [];
  const journal = new Journal(path);
  let acted = 0;
  await assert.rejects(
    attemptsOf(journal, 's', async () => assert.fail('nothing is waited for'))({
      name: 'a',
      act: async () => {
        acted += 1;
        throw new Error('no');
      },
      probe: async (at) => {
        looks.push(at);
        return { found: 'not done' };
      },
      refused: () => false,
    }),
    /^Error: no$/,
  );
  assert.deepEqual(looks, [begunAt]);
  assert.equal(acted, 1);
  assert.deepEqual(
    journal.lines.map(({ kind }) => kind),
    ['intent', 'intent'],
    'nobody has refused anything',
  );
});

test('an act of which nobody can tell whether it happened is told as that, and what to do', async () => {
  const { journal } = begunJournal();
  journal.append({ kind: 'intent', step: 'policy', name: 'create-key' });
  const attempt = attemptsOf(journal, 'policy', async () => {});
  await assert.rejects(
    attempt({
      name: 'create-key',
      act: async () => assert.fail('it may have happened'),
      probe: async () => ({ found: 'unknown' }),
      refused: () => false,
    }),
    (error) => {
      assert.ok(error instanceof ProblemError);
      const { kind, what, state = '', next } = error.problem;
      assert.deepEqual([kind, what], ['lost', 'Can\'t tell whether "create-key" happened.']);
      assert.match(state, /^Nothing more was sent\./);
      assert.match(next.join(), /^Try again .*Keyferry looks first/);
      return true;
    },
  );
  assert.equal(journal.state.attempts.get('policy/create-key')?.outcome, 'unknown');
});

test('an error that passes is tried five times in all, each after a pause and a look; any other ends at once', async () => {
  for (const { passes, acts } of [
    { passes: true, acts: 5 },
    { passes: false, acts: 1 },
  ]) {
    const journal = new Journal(newPath());
    const pauses: number[] = [];
    let acted = 0;
    let looked = 0;
    const attempt = attemptsOf(journal, 's', async ({ next }) => void pauses.push(next));
    await assert.rejects(
      attempt({
        name: 'a',
        act: async () => {
          acted += 1;
          throw new Error('no answer');
        },
        probe: async () => {
          looked += 1;
          return { found: 'not done' };
        },
        refused: () => false,
        passing: () => passes,
      }),
      /no answer/,
    );
    assert.equal(acted, acts);
    assert.equal(looked, acts - 1);
    assert.deepEqual(pauses, [2, 3, 4, 5].slice(0, acts - 1));
    assert.equal(journal.state.attempts.get('s/a')?.outcome, 'unknown');
  }
});

type Case = {
  readonly earlier: 'nothing' | 'intent' | 'done' | 'refused';
  readonly probe: 'done' | 'not done' | 'unknown';
  readonly acts: number;
  readonly gives: string | 'problem';
};
const cases: readonly Case[] = [
  { earlier: 'nothing', probe: 'unknown', acts: 1, gives: 'acted' },
  { earlier: 'done', probe: 'unknown', acts: 0, gives: 'recorded' },
  { earlier: 'refused', probe: 'unknown', acts: 1, gives: 'acted' },
  { earlier: 'intent', probe: 'done', acts: 0, gives: 'probed' },
  { earlier: 'intent', probe: 'not done', acts: 1, gives: 'acted' },
  { earlier: 'intent', probe: 'unknown', acts: 0, gives: 'problem' },
];
for (const { earlier, probe, acts, gives } of cases) {
  test(`an attempt whose journal says ${earlier} and whose probe says ${probe} gives ${gives}`, async () => {
    const path = newPath();
    const before = new Journal(path);
    if (earlier !== 'nothing') before.append({ kind: 'intent', step: 's', name: 'a' });
    if (earlier === 'done')
      before.append({ kind: 'outcome', step: 's', name: 'a', outcome: 'done', result: 'recorded' });
    if (earlier === 'refused') before.append({ kind: 'outcome', step: 's', name: 'a', outcome: 'refused' });
    before.close();
    let acted = 0;
    const attempt = attemptsOf(new Journal(path), 's', async () => {})({
      name: 'a',
      act: async () => {
        acted += 1;
        return 'acted';
      },
      probe: async () => (probe === 'done' ? { found: 'done', result: 'probed' } : { found: probe }),
      refused: () => false,
    });
    if (gives === 'problem')
      await assert.rejects(attempt, (error) => error instanceof ProblemError && error.problem.kind === 'lost');
    else assert.equal(await attempt, gives);
    assert.equal(acted, acts);
  });
}

test('the intent is on disk before the act, and a refusal is noted as one', async () => {
  const path = newPath();
  const journal = new Journal(path);
  const attempt = attemptsOf(journal, 's', async () => {});
  await assert.rejects(
    attempt({
      name: 'a',
      act: async () => {
        assert.match(readFileSync(path, 'utf8'), /"kind":"intent"/);
        throw new Error('no');
      },
      probe: async () => ({ found: 'unknown' }),
      refused: () => true,
    }),
    /no/,
  );
  assert.equal(journal.state.attempts.get('s/a')?.outcome, 'refused');
});

/** A journal with its first line, and its folder. */
function begunJournal(): { journal: Journal; path: string } {
  const path = newPath();
  const journal = new Journal(path);
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  return { journal, path };
}

for (const [what, change] of [
  ['removed with its folder', (path: string) => rmSync(dirname(path), { recursive: true })],
  ['replaced', (path: string) => renameSync(`${path}.other`, path)],
] as const)
  test(`a journal that was ${what} stops the ceremony before its next act`, async () => {
    const { journal, path } = begunJournal();
    writeFileSync(`${path}.other`, '');
    change(path);
    let acts = 0;
    const attempt = attemptsOf(journal, 'policy', async () => {});
    const act = async () => {
      acts += 1;
    };
    await assert.rejects(
      attempt({ name: 'CreateKey', act, probe: async () => ({ found: 'unknown' }), refused: () => false }),
      (error) =>
        error instanceof ProblemError &&
        /was removed while Keyferry was at work/.test(error.problem.why ?? '') &&
        // Neither another try in this run nor the same command again would help.
        error.problem.repeats === true &&
        error.problem.endsHere === true &&
        error.problem.kind === 'fixable' &&
        /^Restore the folder from a copy.*Or begin a new ceremony\.$/s.test(error.problem.next.join('\n')) &&
        /^What was done in AWS before stays there/.test(error.problem.state ?? ''),
    );
    assert.equal(acts, 0);
    journal.close();
  });

test('a journal goes with its folder when that gets another name', () => {
  const parent = newFolder();
  let folder = join(parent, 'one');
  mkdirSync(folder);
  const journal = new Journal(() => join(folder, 'journal.jsonl'));
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  renameSync(folder, join(parent, 'two'));
  folder = join(parent, 'two');
  journal.append({ kind: 'finished' });
  assert.equal(new Journal(journal.path).state.finished, true);
  journal.close();
});

/** Writes a file that anybody may change. */
function writeOpenFile(path: string): void {
  writeFileSync(path, '');
  chmodSync(path, 0o666);
}

for (const [what, plant, why] of [
  ['a pipe', (path: string) => void execFileSync('mkfifo', [path]), /not a regular file/],
  ['a link to a device', (path: string) => symlinkSync('/dev/zero', path), /symbolic link/],
  ['a folder', (path: string) => void mkdirSync(path), /It is a folder/],
  ['of mode 666', writeOpenFile, /permissions are 666/],
] as const)
  test(`a journal that is ${what} is not read, and the reason is told at once`, () => {
    const path = newPath();
    plant(path);
    assert.throws(
      () => new Journal(path),
      (error) => {
        assert.ok(error instanceof ProblemError);
        const { kind, state, next } = error.problem;
        assert.match(error.problem.why ?? '', why);
        assert.deepEqual([kind, state], ['fixable', 'Nothing was changed.']);
        assert.match(next.join('\n'), /^Remove the cause, then start Keyferry again\.\nOr begin a new ceremony/);
        return true;
      },
    );
  });

test('each line that says what is done is on the disk before anything else is', (t) => {
  const { journal } = begunJournal();
  const events = watchDisk(t);
  const entries: readonly JournalEntry[] = [
    { kind: 'continued', version: '1' },
    { kind: 'session', callerArn: 'arn', accountId: '1', osUser: 'you', host: '', version: '1', node: '24' },
    { kind: 'answered', step: 'policy', answers: { one: '1' } },
    { kind: 'intent', step: 'policy', name: 'create-key' },
    { kind: 'outcome', step: 'policy', name: 'create-key', outcome: 'refused' },
    { kind: 'done', step: 'policy', facts: {} },
    { kind: 'reopened', step: 'policy' },
    { kind: 'finished' },
  ];
  for (const entry of entries) {
    const before = events.length;
    journal.append(entry);
    assert.deepEqual(
      events.slice(before).map(({ does }) => does),
      ['write', 'flush'],
      entry.kind,
    );
  }
});

test('a journal with letters of more than one byte is written on behind its last line', () => {
  const { journal, path } = begunJournal();
  journal.append({ kind: 'answered', step: 'alias', answers: { name: 'clé 鍵' } });
  journal.close();
  const again = new Journal(path);
  again.append({ kind: 'finished' });
  again.close();
  assert.deepEqual(
    new Journal(path).lines.map(({ kind }) => kind),
    ['begun', 'answered', 'finished'],
  );
});

test('a journal that others may change by now takes no line', () => {
  const path = newPath();
  written(path);
  const before = readFileSync(path, 'utf8');
  const journal = new Journal(path);
  chmodSync(path, 0o666);
  assert.throws(
    () => journal.append({ kind: 'finished' }),
    (error) => error instanceof ProblemError && /permissions are 666/.test(error.problem.why ?? ''),
  );
  assert.equal(readFileSync(path, 'utf8'), before);
});

test('a file of the same number on another disk is not the journal', (t) => {
  const { journal, path } = begunJournal();
  const { lstatSync } = fs;
  const moved = (...args: Parameters<typeof lstatSync>) => {
    const stats = lstatSync(...args);
    return stats === undefined ? stats : Object.assign(stats, { dev: Number(stats.dev) + 1 });
  };
  replaceMembers(t, fs, { lstatSync: moved as typeof lstatSync });
  assert.throws(() => journal.append({ kind: 'finished' }), /Can't write down what is done/);
  assert.equal(readFileSync(path, 'utf8').includes('finished'), false);
});

test('a journal that somebody made shorter is not filled with zeroes', () => {
  const path = newPath();
  written(path);
  const journal = new Journal(path);
  const [first = ''] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, `${first}\n`);
  journal.append({ kind: 'finished' });
  journal.close();
  assert.equal(readFileSync(path).includes(0), false);
});

test('an attempt has the time of its last line', () => {
  const times = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'];
  const journal = new Journal(newPath(), () => new Date(times[journal?.lines.length ?? 0] ?? ''));
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  journal.append({ kind: 'intent', step: 'import', name: 'import' });
  assert.equal(journal.state.attempts.get('import/import')?.at, times[1]);
  journal.append({ kind: 'outcome', step: 'import', name: 'import', outcome: 'refused' });
  assert.equal(journal.state.attempts.get('import/import')?.at, times[2]);
  journal.close();
});

test('a file that is larger than any journal is not read', () => {
  const path = newPath();
  writeFileSync(path, '', { mode: 0o600 });
  truncateSync(path, 256 * 1024 * 1024 + 1);
  assert.throws(() => new Journal(path), /Can't read the journal of this ceremony/);
});

test('an act that is done is not done again: what it gave is known, also to a later run', async () => {
  const { journal, path } = begunJournal();
  const request = {
    name: 'create-key',
    act: async () => ({ keyId: 'made' }),
    probe: async () => assert.fail('it is known'),
    refused: () => false,
  };
  const attempt = attemptsOf(journal, 'policy', async () => {});
  assert.deepEqual(await attempt(request), { keyId: 'made' });
  const never = { ...request, act: async () => assert.fail('it was done already') };
  assert.deepEqual(await attempt(never), { keyId: 'made' });
  const other = { ...request, name: 'create', act: async () => ({ keyId: 'another' }) };
  assert.deepEqual(await attempt(other), { keyId: 'another' }, 'whose name is the beginning of the first');
  journal.close();
  const later = new Journal(path);
  assert.deepEqual(await attemptsOf(later, 'policy', async () => {})(never), { keyId: 'made' });
  later.close();
});

test('the pause before another try of an act is half a second at most at first, and doubles', async () => {
  const { journal } = begunJournal();
  const waits: Wait[] = [];
  const attempt = attemptsOf(journal, 'policy', async (wait) => void waits.push(wait));
  const failing = {
    name: 'create-key',
    act: async () => Promise.reject(new Error('no answer')),
    probe: async () => ({ found: 'not done' }) as const,
    refused: () => false,
    passing: () => true,
  };
  await assert.rejects(attempt(failing), /no answer/);
  assert.deepEqual(
    waits.map(({ milliseconds }, index) => milliseconds <= 500 * 2 ** index && milliseconds >= 250 * 2 ** index),
    [true, true, true, true],
  );
  assert.ok(waits.every(({ label }) => label !== ''));
});

test('a line that does not fit takes none with it that this run has written before', (t) => {
  const { journal, path } = begunJournal();
  journal.append({ kind: 'done', step: 'connect', facts: { region: 'us-east-1' } });
  const before = readFileSync(path, 'utf8');
  fillDisk(t, 20);
  assert.throws(() => journal.append({ kind: 'finished' }), ProblemError);
  assert.equal(readFileSync(path, 'utf8'), before);
});

test('a refusal is noted as one and ends the tries, whatever else is said of such an error', async () => {
  const { journal } = begunJournal();
  let acts = 0;
  const attempt = attemptsOf(journal, 'policy', async () => assert.fail('nothing is waited for'));
  const refused = {
    name: 'create-key',
    act: async () => {
      acts += 1;
      throw new Error('denied');
    },
    probe: async () => assert.fail('it is known'),
    refused: () => true,
    passing: () => true,
  };
  await assert.rejects(attempt(refused), /denied/);
  assert.equal(acts, 1);
  assert.equal(journal.state.attempts.get('policy/create-key')?.outcome, 'refused');
});
