import type { JournalLine } from '../ceremony/journal.ts';
import { code, inline, rows } from './markdown.ts';

/** Somebody who acted, from somewhere. */
export type RecordedSession = {
  readonly at: string;
  /** As STS gave it. */
  readonly callerArn: string;
  /** The user of the operating system. */
  readonly osUser: string;
  readonly host: string;
  /** Of Keyferry. */
  readonly version: string;
};

/** A step that was done. When it was done more than once, this is the last time. */
export type RecordedStep = {
  readonly step: string;
  readonly at: string;
  /** The index in the list of sessions, from 0, or null when an older version did the step without noting the session. */
  readonly session: number | null;
};

type WhoDidWhat = { readonly sessions: readonly RecordedSession[]; readonly steps: readonly RecordedStep[] };

/** Finds in the lines of a journal who did each step. */
export function findWhoDidWhat(lines: readonly JournalLine[]): WhoDidWhat {
  const sessions: RecordedSession[] = [];
  const steps = new Map<string, RecordedStep>();
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

type Recorded = WhoDidWhat & { readonly account: { readonly callerArn: string } };

/** Lists the ARNs of everybody who did a step. For a step without a noted session, says who was connected. */
export function listCallers({ sessions, steps, account }: Recorded): string {
  const callers = steps.map(({ session }) =>
    session === null ? connectedCaller(account.callerArn) : code(sessions[session]?.callerArn ?? ''),
  );
  return [...new Set(callers.length === 0 ? [connectedCaller(account.callerArn)] : callers)].join('<br>');
}

/** Writes two Markdown tables for people: the sessions, and the steps with the session in which each was done. */
export function whoDidWhatTables({ sessions, steps, account }: Recorded): readonly string[] {
  const isKnown = steps.every(({ session }) => session !== null);
  return [
    ...(sessions.length === 0
      ? []
      : [
          rows(
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
    rows(
      ['Step', 'Done at', 'Session'],
      steps.map(({ step, at, session }) => [step, at, session === null ? 'not noted' : String(session + 1)]),
    ),
    ...(isKnown
      ? []
      : [
          `Where no session is noted, an earlier version of Keyferry did the step. It noted once who was connected: ${code(account.callerArn)}.`,
        ]),
  ];
}

const connectedCaller = (callerArn: string) => `${code(callerArn)}, who was connected; who did each step was not noted`;
