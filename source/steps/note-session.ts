import { hostname, userInfo } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { Caller } from '../aws/identity.ts';
import type { Entry, Journal } from '../ceremony/journal.ts';
import { endpointsOf } from './endpoints.ts';
import type { Source } from './facts.ts';
import type { Services } from './services.ts';

type Session = Extract<Entry, { kind: 'session' }>;

/**
 * Writes into the journal who acts from now on, and from where: once in a run, and again where a later connection of the
 * same run is somebody else's. Needs the connection. A finished ceremony, in which nobody acts any more, stays as it is.
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
  if (journal.state.finished || isDeepStrictEqual(sessionNow(journal), entry)) return;
  journal.append(entry);
}

/** The session that this run has noted last. */
function sessionNow({ lines }: Journal): Session | undefined {
  const line = lines.findLast(({ kind }) => kind === 'session' || kind === 'continued' || kind === 'begun');
  if (line?.kind !== 'session') return undefined;
  const { at: _, prev: __, ...entry } = line;
  return entry;
}

/** A container may run as a number that has no name: getpwuid_r(3) finds none, and Node throws. */
function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.()}`;
  }
}
