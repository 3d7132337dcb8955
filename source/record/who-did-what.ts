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

/** A step that was done; where it was done more than once, the last time counts. */
export type RecordedStep = {
  readonly step: string;
  readonly at: string;
  /** Its place in the list of sessions, from 0, or null where the version of that time did not note it. */
  readonly session: number | null;
};

type WhoDidWhat = { readonly sessions: readonly RecordedSession[]; readonly steps: readonly RecordedStep[] };

/** Finds in the lines of a journal who did each step. */
export function whoDid(lines: readonly JournalLine[]): WhoDidWhat {
  const sessions: RecordedSession[] = [];
  const steps = new Map<string, RecordedStep>();
  let session: number | null = null;
  for (const line of lines) {
    switch (line.kind) {
      case 'begun':
      case 'continued':
        // Another run: who acts in it is not known yet.
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

/** Lists everybody who did a step, for people. A caller that only the connection tells is marked as such. */
export function listCallers({ sessions, steps, account }: Recorded): string {
  const callers = steps.map(({ session }) =>
    session === null ? byConnection(account.callerArn) : code(sessions[session]?.callerArn ?? ''),
  );
  return [...new Set(callers.length === 0 ? [byConnection(account.callerArn)] : callers)].join('<br>');
}

/** Writes two Markdown tables for people: the sessions, and the steps with the session in which each was done. */
export function whoDidWhat({ sessions, steps, account }: Recorded): readonly string[] {
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

const byConnection = (callerArn: string) => `${code(callerArn)}, who was connected; who did each step was not noted`;
