import { hostname, userInfo } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../aws/identity.ts';
import type { Journal, JournalEntry } from '../ceremony/journal.ts';
import { endpointsOf } from './endpoints.ts';
import type { Source } from './facts.ts';
import type { Services } from './services.ts';

type Session = Extract<JournalEntry, { kind: 'session' }>;

/**
 * Writes into the journal who acts from now on, and from which computer. Writes nothing when this run has already written the
 * same, or when the ceremony is finished. The session must be connected.
 */
export function noteSession({ arn, accountId }: Caller, source: Source, services: Services): void {
  const { journal, session, version } = services;
  const entry: Session = {
    kind: 'session',
    callerArn: arn,
    accountId,
    osUser: osUser(),
    host: hostname(),
    version,
    node: process.versions.node,
    ...endpointsOf(source, session.clients),
  };
  if (journal.state.finished || isDeepStrictEqual(lastSession(journal), entry)) return;
  journal.append(entry);
}

/** Gives the last session line of this run, without its time and hash; `undefined` when this run has written none. */
function lastSession({ lines }: Journal): Session | undefined {
  // A run begins with the line `begun` or `continued`. An earlier session line is of an earlier run.
  const line = lines.findLast(({ kind }) => kind === 'session' || kind === 'continued' || kind === 'begun');
  if (line?.kind !== 'session') return undefined;
  const { at: _, prev: __, ...entry } = line;
  return entry;
}

/**
 * Gives the name of the user of this system; `uid NUMBER` when the user has no name, as in some containers. Then Node throws
 * (getpwuid_r(3)).
 */
export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
