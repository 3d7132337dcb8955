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

/** The state and the settings that every operation of practice AWS uses. */
export type World = {
  readonly store: Store;
  readonly hsm: Hsm;
  readonly wrappingPairs: WrappingPairs;
  readonly credentials: CredentialBook;
  /** The clock of practice AWS. It decides on expiry and deletion; for signatures, the system clock counts. */
  readonly now: () => Date;
  /** When this process began to serve: milliseconds since 1970, by the system clock. */
  readonly started: number;
  /** The faults, denials and policies that are set. */
  readonly control: Control;
  readonly usage: UsageLog;
  readonly log: Log;
};

/** The input of an operation for one request: the world, the caller and the Region. */
export type Call = World & {
  readonly identity: PracticeIdentity;
  readonly region: string;
  readonly partition: Partition;
  readonly requestId: string;
  /** The requested action in IAM's form, such as `kms:CreateKey`. */
  readonly action: string;
  /** The actions for which this request has checked a permission so far. */
  readonly checkedActions: Set<string>;
};

/** An HTTP request as it arrived. `path` is not decoded and has no query. `rawQuery` is not decoded and has no `?`. */
export type Exchange = {
  readonly method: string;
  readonly path: string;
  readonly rawQuery: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** Gives the body. The first call sends `100 Continue` to a client that waits for it. */
  readonly body: () => AsyncIterable<Buffer>;
};

/** The HTTP answer to a request. */
export type HttpResponse = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable;
};

/** Gives one header as text, or `undefined` when the request does not have it. @param name the name in lower case. */
export function header(exchange: Exchange, name: string): string | undefined {
  const value = exchange.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
