/**
 * A service was waited for as long as it may take. It has the SDK's name for that, so that it is tried again; without a
 * status, it leaves open whether the request was carried out.
 */
export class SlowAnswerError extends Error {
  override readonly name = 'TimeoutError';
  /** The SDK stores the number of tries here. With this member, it does not treat the error as a parser error. */
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

/** The response does not come from AWS: it does not end, or it is not HTTP. The request is not sent again. */
export class ForeignAnswerError extends Error {
  override readonly name = 'ForeignAnswerError';
  readonly $metadata: { attempts?: number } = {};
  readonly host: string;
  /** What the host did, as the end of a sentence that begins with it. */
  readonly did: string;

  constructor(host: string, did: string) {
    super(`${host} ${did}.`);
    this.host = host;
    this.did = did;
  }
}
