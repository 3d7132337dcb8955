import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Exchange, header } from './exchange.ts';

/** The signature of a request with its parameters, from the header Authorization or from the query of a presigned request. */
export type Signature = {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly value: string;
  /** When the request was signed, such as `20261124T031500Z`. */
  readonly moment: string;
  /** For how many seconds a presigned request is valid. */
  readonly expiresIn?: number;
};

const authorization =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the signature of a request. Gives `undefined` when the request has none, `malformed` when it cannot be read. */
export function readSignature(exchange: Exchange): Signature | 'malformed' | undefined {
  const given = header(exchange, 'authorization') ?? presigned(exchange.query);
  if (given === undefined) return undefined;
  const [, accessKeyId, date, region, service, signedHeaders, value] = authorization.exec(given.trim()) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !value) return 'malformed';
  const moment = header(exchange, 'x-amz-date') ?? exchange.query.get('X-Amz-Date') ?? '';
  if (Number.isNaN(momentOf(moment))) return 'malformed';
  const expires = exchange.query.get('X-Amz-Expires');
  return {
    accessKeyId,
    date,
    region,
    service,
    signedHeaders: signedHeaders.split(';'),
    value,
    moment,
    ...(expires === null ? {} : { expiresIn: Number(expires) }),
  };
}

/** Gives the milliseconds since 1970 of an `X-Amz-Date`; NaN when the text is not such a date. */
export function momentOf(moment: string): number {
  return Date.parse(moment.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}

/**
 * True when a request was signed with this secret. Source: "Create a signed AWS API request", IAM user guide.
 * @param payloadHash the SHA-256 of the body in hex, or the value of `x-amz-content-sha256`.
 */
export function isSignatureValid(
  exchange: Exchange,
  signature: Signature,
  secret: string,
  payloadHash: string,
): boolean {
  const headers = signature.signedHeaders.map(
    (name) => `${name}:${(header(exchange, name) ?? '').trim().replace(/ +/g, ' ')}\n`,
  );
  const canonical = [
    exchange.method,
    canonicalPath(signature.service, exchange.path),
    canonicalQuery(exchange.rawQuery),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const scope = scopeOf(signature);
  const text = ['AWS4-HMAC-SHA256', signature.moment, scope, createHash('sha256').update(canonical).digest('hex')];
  return timingSafeEqual(hmac(signingKey(scope, secret), text.join('\n')), Buffer.from(signature.value, 'hex'));
}

/** Checks the signatures of a body in signed chunks. Each signature depends on the one before: check the chunks in order. */
export type ChunkSignatures = {
  /** True when `value` is the signature of the next chunk. @param contentHash the SHA-256 of the chunk in hex. */
  chunkHolds(contentHash: string, value: string): boolean;
  /** True when `value` is the signature of the trailing headers, which are given as lines `name:value`. */
  trailerHolds(lines: string, value: string): boolean;
};

/**
 * Prepares the check of the chunks of one request. Source: "Signature calculations: transferring payload in multiple chunks"
 * and "including trailing headers", S3 API reference.
 */
export function chunkSignatures(signature: Signature, secret: string): ChunkSignatures {
  const scope = scopeOf(signature);
  const key = signingKey(scope, secret);
  let before = signature.value;
  const holds = (kind: string, parts: readonly string[], value: string) => {
    const expected = hmac(key, [`AWS4-HMAC-SHA256-${kind}`, signature.moment, scope, before, ...parts].join('\n'));
    before = expected.toString('hex');
    const given = Buffer.from(value, 'hex');
    return given.length === expected.length && timingSafeEqual(expected, given);
  };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    chunkHolds: (contentHash, value) => holds('PAYLOAD', [sha256(''), contentHash], value),
    trailerHolds: (lines, value) => holds('TRAILER', [sha256(lines)], value),
  };
}

function scopeOf({ date, region, service }: Signature): string {
  return `${date}/${region}/${service}/aws4_request`;
}

function signingKey(scope: string, secret: string): Buffer {
  return scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** Gives the signature of a presigned request in the form of the header Authorization. */
function presigned(query: URLSearchParams): string | undefined {
  const [algorithm, credential, signedHeaders, value] = ['Algorithm', 'Credential', 'SignedHeaders', 'Signature'].map(
    (name) => query.get(`X-Amz-${name}`),
  );
  return algorithm
    ? `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${value}`
    : undefined;
}

/** S3 signs the path as it is sent, Account Management encodes it once more; the other services have none. */
function canonicalPath(service: string, path: string): string {
  switch (service) {
    case 's3': {
      return path;
    }
    case 'account': {
      return path.split('/').map(encodeURIComponent).join('/');
    }
    default: {
      return '/';
    }
  }
}

/** Gives the query in the form that is signed: encoded, sorted, and without the signature itself. */
function canonicalQuery(rawQuery: string): string {
  return rawQuery
    .split('&')
    .filter((pair) => pair !== '' && !pair.startsWith('X-Amz-Signature='))
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [strictlyEncoded(name), strictlyEncoded(value.join('='))] as const;
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Encodes a text of the query as signatures need it: all but letters, digits and `-_.~` (RFC 3986). */
function strictlyEncoded(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return text;
  }
}
