/**
 * A service did not answer in the allowed time. The error has the name that the SDK uses for this, so that the SDK tries
 * again. It has no HTTP status, because nobody knows whether the service carried out the request.
 */
export class SlowAnswerError extends Error {
  override readonly name = 'TimeoutError';
  /** The SDK stores the number of tries here. Without this member, it would treat the error as an error of its parser. */
  readonly $metadata: { attempts?: number } = {};
  readonly host: string;
  /** The end of a sentence, such as `no answer came within 30 s`. */
  readonly reason: string;
  /** True when the connection was open, so that the request may have arrived. */
  readonly isConnected: boolean;

  constructor(host: string, reason: string, connection: 'connected' | 'not connected') {
    super(`${host}: ${reason}`);
    this.host = host;
    this.reason = reason;
    this.isConnected = connection === 'connected';
  }
}

/** An answer did not come from AWS: it was far too long, or it was not HTTP. The request is not sent again. */
export class ForeignAnswerError extends Error {
  override readonly name = 'ForeignAnswerError';
  /** As in {@link SlowAnswerError}. */
  readonly $metadata: { attempts?: number } = {};
  readonly host: string;
  /** What the host did, as the end of a sentence that begins with the host. */
  readonly did: string;

  constructor(host: string, did: string) {
    super(`${host} ${did}.`);
    this.host = host;
    this.did = did;
  }
}
