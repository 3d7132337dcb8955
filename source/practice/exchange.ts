import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Control } from './control.ts';
import type { CredentialBook } from './credentials.ts';
import type { Hsm } from './hsm.ts';
import type { PracticeIdentity } from './identities.ts';
import type { UsageLog } from './kms/usage-log.ts';
import type { WrappingPairs } from './kms/wrapping-pairs.ts';
import type { Log } from './log.ts';
import type { Partition } from './partition.ts';
import type { Store } from './store.ts';

/** What every operation of practice AWS works on. */
export type World = {
  readonly store: Store;
  readonly hsm: Hsm;
  readonly wrappingPairs: WrappingPairs;
  readonly credentials: CredentialBook;
  /** The clock of practice AWS: expiry and deletion go by it, signatures by the wall clock. */
  readonly now: () => Date;
  /** When this process began to serve, in milliseconds since 1970 by the wall clock. */
  readonly started: number;
  /** What goes wrong on request, and who is denied what. */
  readonly control: Control;
  readonly usage: UsageLog;
  readonly log: Log;
};

/** An operation's world, and who calls from which Region. */
export type Call = World & {
  readonly identity: PracticeIdentity;
  readonly region: string;
  readonly partition: Partition;
  readonly requestId: string;
  /** What is asked for, as IAM names it: `kms:CreateKey`. */
  readonly action: string;
  /** The actions that somebody was asked to allow so far. */
  readonly asked: Set<string>;
};

/** An HTTP request as it came in; `path` is undecoded and without the query. */
export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** The body. Reading it is what makes a client that waits for `100 Continue` go on. */
  readonly body: () => AsyncIterable<Buffer>;
};

/** What goes back. */
export type HttpResponse = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
};

/** Gives one header as text, or `undefined` when the request does not have it. */
export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
