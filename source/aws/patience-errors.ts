/**
 * A service was waited for as long as it may take. It has the SDK's name for that, so that it is tried again; without a
 * status, it leaves open whether the request was carried out.
 */
export class SlowAnswerError extends Error {
  override readonly name = 'TimeoutError';
  /** The SDK notes the tries here, and takes what comes with this for no fault of its own parser. */
  readonly $metadata: { attempts?: number } = {};
  readonly host: string;
  /** The end of a sentence. */
  readonly reason: string;
  readonly isConnected: boolean;

  constructor(host: string, reason: string, connection: 'connected' | 'not connected') {
    super(`${host}: ${reason}`);
    this.host = host;
    this.reason = reason;
    this.isConnected = connection === 'connected';
  }
}

/** An answer that has to fit into memory does not end. It is not tried again. */
export class LongAnswerError extends Error {
  override readonly name = 'LongAnswerError';
  readonly $metadata: { attempts?: number } = {};
  /** A sentence. */
  readonly reason: string;

  constructor(host: string, mostBytes: number) {
    const reason = `${host} sent more than ${mostBytes / 1_000_000} MB where AWS sends a short answer.`;
    super(reason);
    this.reason = reason;
  }
}
