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

/** What came back is no answer of AWS: it does not end, or it is no HTTP. It is not tried again. */
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
