import type { JournalLine } from '../ceremony/journal.ts';
import { code, inline, tableWithHead } from './markdown.ts';

/** A session: who worked on the ceremony in one run of the program, and from where. */
export type RecordedSession = {
  /** When the session began, ISO 8601. */
  readonly at: string;
  /** The ARN that STS gave. */
  readonly callerArn: string;
  /** The user of the operating system. */
  readonly osUser: string;
  readonly host: string;
  /** The version of Keyferry. */
  readonly version: string;
};

/** A step that was done. */
export type RecordedStep = {
  /** The id of the step. */
  readonly step: string;
  /** When the step was done the last time, ISO 8601. */
  readonly at: string;
  /** The index in the list of sessions, from 0. Null when an older version did the step, which did not note sessions. */
  readonly session: number | null;
};

/** The sessions of a ceremony, and the steps that were done in them. */
type WhoDidWhat = { readonly sessions: readonly RecordedSession[]; readonly steps: readonly RecordedStep[] };

/** Finds in the lines of a journal who did each step. A step that was opened again and not done again is left out. */
export function findWhoDidWhat(lines: readonly JournalLine[]): WhoDidWhat {
  const sessions: RecordedSession[] = [];
  const steps = new Map<string, RecordedStep>();
  /** The index of the present session. */
  let session: number | null = null;
  for (const line of lines) {
    switch (line.kind) {
      case 'begun':
      case 'continued':
        // Another run begins. Its session line comes later, when the run is connected.
        session = null;
        break;
      case 'session': {
        const { at, callerArn, osUser, host, version } = line;
        session = sessions.push({ at, callerArn, osUser, host, version }) - 1;
        break;
      }
      case 'done':
        // Deleted first, so that the step moves to the end of the order.
        steps.delete(line.step);
        steps.set(line.step, { step: line.step, at: line.at, session });
        break;
      case 'reopened':
        steps.delete(line.step);
        break;
    }
  }
  return { sessions, steps: [...steps.values()] };
}

/** The sessions and steps, with the caller of the account: that caller is named for steps without a noted session. */
type Recorded = WhoDidWhat & { readonly account: { readonly callerArn: string } };

/**
 * Gives the cell of a table that lists everybody who did a step. For a step without a noted session, and when no step is done,
 * names the connected caller.
 */
export function listCallers({ sessions, steps, account }: Recorded): string {
  const callers = steps.map(({ session }) =>
    session === null ? connectedCaller(account.callerArn) : code(sessions[session]?.callerArn ?? ''),
  );
  return [...new Set(callers.length === 0 ? [connectedCaller(account.callerArn)] : callers)].join('<br>');
}

/**
 * Gives Markdown for people: a table of the sessions, unless none was noted; a table of the steps with the session in which each
 * was done; and a sentence that names the connected caller, when the session of a step was not noted.
 */
export function whoDidWhatTables({ sessions, steps, account }: Recorded): readonly string[] {
  const areAllNoted = steps.every(({ session }) => session !== null);
  return [
    ...(sessions.length === 0
      ? []
      : [
          tableWithHead(
            ['Session', 'Since', 'Who', 'User and host', 'Keyferry'],
            sessions.map(({ at, callerArn, osUser, host, version }, index) => [
              String(index + 1),
              at,
              code(callerArn),
              inline(`${osUser} on ${host}`),
              inline(version),
            ]),
          ),
        ]),
    tableWithHead(
      ['Step', 'Done at', 'Session'],
      steps.map(({ step, at, session }) => [step, at, session === null ? 'not noted' : String(session + 1)]),
    ),
    ...(areAllNoted
      ? []
      : [
          `Where no session is noted, an earlier version of Keyferry did the step. It noted once who was connected: ${code(account.callerArn)}.`,
        ]),
  ];
}

/** Names the caller of the account, for steps whose session was not noted. */
const connectedCaller = (callerArn: string) => `${code(callerArn)}, who was connected; who did each step was not noted`;
