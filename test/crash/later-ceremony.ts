import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, type TestContext } from 'node:test';
import { exampleWith } from '../e2e/answers.ts';
import { newFolder } from '../new-folder.ts';
import { must } from '../practice/practising.ts';
import { assertWholeAndUnlocked, copyCeremony } from './copied-ceremony.ts';
import { resumed } from './cut-off.ts';
import { type Killable, matrix } from './killing.ts';

/** A ceremony that begins in the folder of a finished first import, and what is expected of it when it was killed. */
export type LaterCeremony = {
  /** The command line. The folder of the first import is `w`. */
  readonly args: () => readonly string[];
  /** The answers of the first import. */
  readonly answers?: (folder: string) => string;
  /** Prepares a folder after its first import has finished. */
  readonly prepare?: (folder: string) => Promise<void> | void;
  /** Checks a folder in which the killed ceremony went on and ended. */
  readonly check: (folder: string) => Promise<void>;
  /** Every day it is killed at one in so many of its points. */
  readonly oneIn: number;
  /** Requests and lines of the journal that a whole ceremony must have. */
  readonly requests: readonly string[];
  /** The file that a whole ceremony must write. */
  readonly file: string;
};

/** The longest time of a test that kills a ceremony, in milliseconds. */
export const timeout = 600_000;

/**
 * Makes a finished first import before the tests of this file. Gives two functions that kill a later ceremony at its points, one
 * copy of the folder a point, and go on with the same command: at its requests and at each write of the journal, and at all
 * other writes.
 */
export function prepareLaterCeremony(later: LaterCeremony) {
  const { oneIn, requests, file } = later;
  const home = newFolder();
  const prepared = newFolder();

  before(
    async () => {
      writeFileSync(join(prepared, 'answers.yaml'), later.answers?.(prepared) ?? exampleWith());
      const args = ['run', 'answers.yaml', '--practice', '--workdir', 'w'];
      const { status, stderr } = await resumed({ folder: prepared, home, of: '', args });
      assert.equal(status, 0, stderr);
      await later.prepare?.(prepared);
    },
    { timeout },
  );

  const copyToKill = async (of: string): Promise<Killable> => {
    const folder = copyCeremony(prepared);
    return { cut: { folder, home, of, args: later.args() }, check: () => later.check(folder) };
  };

  return {
    killAtRequests: (t: TestContext) =>
      matrix(t, () => copyToKill('^(before|after) (write journal|request)'), { oneIn, through: requests }),
    killAtFiles: (t: TestContext) =>
      matrix(t, () => copyToKill('^(before|half|after) (?!request|write journal)|^half write journal'), {
        oneIn,
        through: [file],
      }),
  };
}

/**
 * Reads the single record of a later ceremony. Asserts that its folder is whole, and that at most one of its journals is
 * unfinished.
 * @param id of the ceremony, such as `expiry`.
 */
export function readSingleRecord(folder: string, id: string) {
  const workdir = join(folder, 'w');
  const names = assertWholeAndUnlocked(workdir);
  const isFinished = (name: string) => readFileSync(join(workdir, name), 'utf8').includes('"kind":"finished"');
  const unfinished = names.filter((name) => new RegExp(`^journal-${id}-.*\\.jsonl$`).test(name) && !isFinished(name));
  assert.ok(unfinished.length <= 1, `unfinished: ${unfinished}`);
  const records = names.filter((name) => new RegExp(`^record-${id}-.*\\.json$`).test(name));
  assert.equal(records.length, 1, `records: ${records}`);
  const record = must(records[0]);
  assert.ok(names.includes(record.replace('.json', '.md')));
  return JSON.parse(readFileSync(join(workdir, record), 'utf8'));
}
