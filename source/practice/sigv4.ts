import { createHash, createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';
import { type Exchange, header } from './exchange.ts';

/** The signature of a request with its parameters, from the header Authorization or from the query of a presigned request. */
export type Signature = {
  readonly accessKeyId: string;
  /** The day for which the signature is valid, such as `20261124`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** The names of the headers that were signed, in lower case and in the order of signing. */
  readonly signedHeaders: readonly string[];
  /** The signature itself: HMAC-SHA256 in hex. */
  readonly value: string;
  /** When the request was signed, such as `20261124T031500Z`. */
  readonly moment: string;
  /** For how many seconds a presigned request is valid. */
  readonly expiresIn?: number;
};

/** Matches the header Authorization. Its groups: access key id, date, Region, service, signed headers, signature. */
const authorizationForm =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Reads the signature of a request. Gives `undefined` when the request has none, `malformed` when it cannot be read. */
export function readSignature(exchange: Exchange): Signature | 'malformed' | undefined {
  const authorization = header(exchange, 'authorization') ?? authorizationFromQuery(exchange.query);
  if (authorization === undefined) return undefined;
  const [, accessKeyId, date, region, service, signedHeaders, value] =
    authorizationForm.exec(authorization.trim()) ?? [];
  if (!accessKeyId || !date || !region || !service || !signedHeaders || !value) return 'malformed';
  const moment = header(exchange, 'x-amz-date') ?? exchange.query.get('X-Amz-Date') ?? '';
  if (Number.isNaN(timeOf(moment))) return 'malformed';
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

const momentForm = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/** Turns an `X-Amz-Date`, such as `20261124T031500Z`, into milliseconds since 1970. Gives NaN for any other text. */
export function timeOf(moment: string): number {
  // `Date.parse` also reads texts of other forms.
  return momentForm.test(moment) ? Date.parse(moment.replace(momentForm, '$1-$2-$3T$4:$5:$6Z')) : Number.NaN;
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
  const canonicalRequest = [
    exchange.method,
    canonicalPath(signature.service, exchange.path),
    canonicalQuery(exchange.rawQuery),
    headers.join(''),
    signature.signedHeaders.join(';'),
    payloadHash,
  ].join('\n');
  const scope = scopeOf(signature);
  const linesToSign = [
    'AWS4-HMAC-SHA256',
    signature.moment,
    scope,
    // Node gives each byte of a header as one letter. The client has signed the bytes.
    createHash('sha256').update(canonicalRequest, 'latin1').digest('hex'),
  ];
  return timingSafeEqual(hmac(signingKey(scope, secret), linesToSign.join('\n')), Buffer.from(signature.value, 'hex'));
}

/** Checks the signatures of a body in signed chunks, in order: each signature depends on the signature before it. */
export type ChunkCheck = {
  /** True when `value` is the signature of the next chunk. @param contentHash the SHA-256 of the chunk in hex. */
  isChunkValid(contentHash: string, value: string): boolean;
  /** True when `value` is the signature of the trailing headers. @param lines these headers as lines `name:value`. */
  isTrailerValid(lines: string, value: string): boolean;
};

/**
 * Prepares the check of the chunks of one request. Source: "Signature calculations: transferring payload in multiple chunks"
 * and "including trailing headers", S3 API reference.
 */
export function makeChunkCheck(signature: Signature, secret: string): ChunkCheck {
  const scope = scopeOf(signature);
  const key = signingKey(scope, secret);
  let previousSignature = signature.value;
  const isValid = (kind: 'PAYLOAD' | 'TRAILER', parts: readonly string[], value: string) => {
    const expected = hmac(
      key,
      [`AWS4-HMAC-SHA256-${kind}`, signature.moment, scope, previousSignature, ...parts].join('\n'),
    );
    previousSignature = expected.toString('hex');
    const sent = Buffer.from(value, 'hex');
    return sent.length === expected.length && timingSafeEqual(expected, sent);
  };
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  return {
    // The hash of an empty text comes before the hash of the chunk.
    isChunkValid: (contentHash, value) => isValid('PAYLOAD', [sha256(''), contentHash], value),
    isTrailerValid: (lines, value) => isValid('TRAILER', [sha256(lines)], value),
  };
}

/** Gives the credential scope: day, Region and service for which a signature is valid. */
function scopeOf({ date, region, service }: Signature): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** Derives the key that signs. Each part of the scope is signed with the key from the part before. */
function signingKey(scope: string, secret: string): Buffer {
  return scope.split('/').reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
}

function hmac(key: Buffer, text: string): Buffer {
  // With the Buffer itself as the key, Node takes three times as long.
  return createHmac('sha256', createSecretKey(key)).update(text).digest();
}

/** Gives the signature of a presigned request in the form of the header Authorization; `undefined` when there is none. */
function authorizationFromQuery(query: URLSearchParams): string | undefined {
  const [algorithm, credential, signedHeaders, value] = ['Algorithm', 'Credential', 'SignedHeaders', 'Signature'].map(
    (name) => query.get(`X-Amz-${name}`),
  );
  return algorithm
    ? `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${value}`
    : undefined;
}

/**
 * Gives the path in the form that is signed. S3 signs the path as it was sent. Account Management encodes the path once more.
 * The other services have only the path `/`.
 */
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
      return [encodeStrictly(name), encodeStrictly(value.join('='))] as const;
    })
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

/** Compares two texts by their code units, for `sort`. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Encodes a name or a value of the query as signatures need it: all characters but letters, digits and `-_.~` (RFC 3986).
 * Node's own function leaves out `!'()*`. A text that cannot be decoded stays as it is.
 */
function encodeStrictly(text: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(text)).replace(
      /[!'()*]/g,
      (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
    );
  } catch {
    return text;
  }
}
