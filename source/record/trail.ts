import { basename } from 'node:path';
import type { Journal, JournalLine } from '../ceremony/journal.ts';
import { callsOf, callsTable, type RecordedCall } from './calls.ts';
import { code } from './markdown.ts';
import { findWhoDidWhat, type RecordedSession, type RecordedStep, whoDidWhatTables } from './who-did-what.ts';

/** A journal as it is at one moment: the name of its file, its lines, and the SHA-256 (hex) of the last one. */
export type JournalSoFar = { readonly file: string; readonly lines: readonly JournalLine[]; readonly lastHash: string };

/**
 * The part of a record that comes from its journal: who did what, the calls to AWS, and the facts that identify the journal.
 */
export type Trail = {
  /** Who acted from where, the oldest first. Empty when an older version wrote the journal, which did not note sessions. */
  readonly sessions: readonly RecordedSession[];
  /** The steps that were done, in their order. */
  readonly steps: readonly RecordedStep[];
  readonly journal: {
    readonly file: string;
    /** The number of lines when the record was written. */
    readonly lines: number;
    /** The hash of the last line without its newline, in hex. */
    readonly lastLineSha256: string;
  };
  /** Every call to AWS, the oldest first. */
  readonly calls: readonly RecordedCall[];
};

/** Gives the journal as it is now. */
export function journalSoFar({ path, lines, lastHash }: Journal): JournalSoFar {
  return { file: basename(path), lines, lastHash };
}

/** Builds the trail (sessions, steps and calls) from the lines of a journal. */
export function trailOf({ file, lines, lastHash }: JournalSoFar): Trail {
  return {
    ...findWhoDidWhat(lines),
    journal: { file, lines: lines.length, lastLineSha256: lastHash },
    calls: callsOf(lines),
  };
}

/** Gives the trail as two Markdown sections for people: who did what, and the calls to AWS. */
export function trailSections(record: Trail & { readonly account: { readonly callerArn: string } }): readonly string[] {
  return [
    '## Who did what',
    ...whoDidWhatTables(record),
    journalWords(record.journal),
    '## Calls',
    callsTable(record.calls),
  ];
}

/** Explains how a person checks that nobody changed the journal: the record has the hash of the journal's last line. */
function journalWords({ file, lines, lastLineSha256 }: Trail['journal']): string {
  const hashCommand = `sed -n ${lines}p ${file} | tr -d '\\n' | openssl dgst -sha256`;
  return `When this was written, ${code(file)} had ${lines} lines, and the SHA-256 of the last one was ${code(lastLineSha256)}. Each line carries the SHA-256 of the line before it, so nobody can change or cut these lines unnoticed without changing this record too. To compare: \`${hashCommand}\``;
}
