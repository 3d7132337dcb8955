/** How long Keyferry waits for a service, and how much the service may send. */
export type Patience = {
  /** The longest time from the end of the request to the first byte of the answer. */
  readonly answerMs: number;
  /**
   * Replaces `answerMs` for requests in which S3 must first put an object together. S3 API reference,
   * CompleteMultipartUpload.
   */
  readonly assemblyMs: number;
  /** In each period of this length at least `leastBytes` bytes must be sent or received. */
  readonly windowMs: number;
  readonly leastBytes: number;
  /** The largest size of an answer that is read whole into memory. */
  readonly mostBytes: number;
};

/**
 * The standard limits. The slowest allowed transfer is 1 kB/s, measured over a minute. The longest answers that are parsed
 * are pages of ListRoles: 1,000 roles, each with a trust policy of at most 2,048 characters (IAM quotas), which the encoding
 * as a URL makes up to three times as long.
 */
export const patience: Patience = {
  answerMs: 30_000,
  assemblyMs: 10 * 60_000,
  windowMs: 60_000,
  leastBytes: 60_000,
  mostBytes: 8_000_000,
};

/** The longest time to open a connection, with TLS and the tunnel through a proxy. */
export const connectMs = 5000;

/**
 * How long an agent of Node keeps a connection that no request uses. When the server says how long it keeps one, the agent
 * closes it a second earlier (Node, `http.Agent`, `agentKeepAliveTimeoutBuffer`); without a limit of its own, the agent does
 * not. Then a request could be sent at the moment when the server closes the connection. Nobody would know whether the
 * request arrived, and Keyferry would have to look for the thing that the request makes.
 */
export const idleMs = connectMs + 1000;

/**
 * Options of a request handler. They limit only the opening of a connection, and how long it stays open unused. `bePatient` limits
 * all that is between.
 */
export const connectionLimits = {
  connectionTimeout: connectMs,
  requestTimeout: 0,
  socketTimeout: 0,
  httpAgent: { timeout: idleMs },
  httpsAgent: { timeout: idleMs },
} as const;
