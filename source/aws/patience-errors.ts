/**
 * A service did not answer in the allowed time. The error has the name that the SDK uses for this, so that the SDK tries
 * again. It has no HTTP status, because nobody knows whether the service carried out the request.
 */
export class SlowAnswerError extends Error {
  override readonly name = 'TimeoutError';
  /** The SDK stores the number of tries here. With this member, it does not treat the error as a parser error. */
  readonly $metadata: { attempts?: number } = {};
  readonly host: string;
  /** The end of a sentence, such as `no answer came within 30 s`. */
  readonly reason: string;
  /** True when the connection was there, so that the request may have arrived. */
  readonly isConnected: boolean;

  constructor(host: string, reason: string, connection: 'connected' | 'not connected') {
    super(`${host}: ${reason}`);
    this.host = host;
    this.reason = reason;
    this.isConnected = connection === 'connected';
  }
}

/** The response does not come from AWS: it does not end, or it is not HTTP. The request is not sent again. */
export class ForeignAnswerError extends Error {
  override readonly name = 'ForeignAnswerError';
  readonly $metadata: { attempts?: number } = {};
  readonly host: string;
  /** What the host did, as the end of a sentence whose first word is the host. */
  readonly did: string;

  constructor(host: string, did: string) {
    super(`${host} ${did}.`);
    this.host = host;
    this.did = did;
  }
}
