import { createHash, createHmac } from 'node:crypto';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { PracticeAws } from '../../source/practice/server.ts';

type Server = Pick<PracticeAws, 'endpoint' | 'credentials'>;

/** A request as it is to go over the wire. */
export type Wanted = {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  /** Already encoded. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  readonly region?: string;
  /** When it is signed, if not now. */
  readonly at?: Date;
  /** What is changed in the headers after the signature was made. */
  readonly after?: Readonly<Record<string, string | undefined>>;
};

type Answered = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/**
 * Signs a request by the recipe of "Create a signed AWS API request" in the IAM guide, without the SDK, and sends it as it
 * is. Rejects when the connection is cut.
 */
export async function send(server: Server, wanted: Wanted): Promise<Answered> {
  const { method = 'GET', path = '/', query = '', body = '' } = wanted;
  const headers = { ...signedHeaders(server, wanted), ...wanted.after };
  const kept = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
  const { hostname, port } = new URL(server.endpoint);
  return new Promise((resolve, reject) => {
    const target = query === '' ? path : `${path}?${query}`;
    const sent = request({ hostname, port, method, path: target, headers: kept as Record<string, string>, agent });
    sent.on('error', reject);
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, text: Buffer.concat(chunks).toString() });
      });
    });
    sent.end(body);
  });
}

/** The status of an answer of S3 and the code of its error, such as `400 BadDigest`. */
export const outcomeOf = ({ status, text }: Pick<Answered, 'status' | 'text'>) =>
  `${status} ${/<Code>(\w+)</.exec(text)?.[1] ?? ''}`.trim();

/** The header with the MD5 of a body. */
export const md5Header = (body: string | Buffer) => ({
  'content-md5': createHash('md5').update(body).digest('base64'),
});

/** Asks S3 for another encryption of an object, with what stands in the document that it wants. */
export function updateEncryption(server: Server, path: string, inner: string): Promise<Answered> {
  const body = `<ObjectEncryption>${inner}</ObjectEncryption>`;
  return send(server, { service: 's3', method: 'PUT', path, query: 'encryption=', headers: md5Header(body), body });
}

/** The headers of a request with its signature among them; it covers all but those that are named. */
export function signedHeaders(
  { endpoint, credentials }: Server,
  wanted: Wanted,
  uncovered: readonly string[] = [],
): Record<string, string> {
  const { service, method = 'GET', path = '/', query = '', region = 'us-east-1', at = new Date(), body = '' } = wanted;
  const moment = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const headers: Record<string, string> = {
    host: new URL(endpoint).host,
    'x-amz-date': moment,
    'content-length': String(Buffer.byteLength(body)),
    ...(service === 's3' ? { 'x-amz-content-sha256': bodyHash } : {}),
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
    ...wanted.headers,
  };
  const names = Object.keys(headers)
    .filter((name) => !uncovered.includes(name))
    .sort();
  const canonical = [
    method,
    path,
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      // By name first: `a=` comes before `a-b=`.
      .sort((a, b) => (a.replace('=', '\0') < b.replace('=', '\0') ? -1 : 1))
      .join('&'),
    ...names.map((name) => `${name}:${headers[name]?.trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    service === 's3' ? headers['x-amz-content-sha256'] : bodyHash,
  ].join('\n');
  const scope = `${moment.slice(0, 8)}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', moment, scope, createHash('sha256').update(canonical, 'latin1').digest('hex')].join(
    '\n',
  );
  const signature = createHmac('sha256', signingKey(credentials.secretAccessKey, scope)).update(text).digest('hex');
  const credential = `${credentials.accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

/** The path and query of a request that is signed in its query, for so many seconds, and covers the host alone. */
export function presigned(
  { endpoint, credentials }: Server,
  { method = 'GET', path, at = new Date() }: Pick<Wanted, 'method' | 'at'> & { readonly path: string },
  seconds: number,
): string {
  const moment = at.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${moment.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const parameters: Record<string, string> = {
    Algorithm: 'AWS4-HMAC-SHA256',
    Credential: `${credentials.accessKeyId}/${scope}`,
    Date: moment,
    Expires: String(seconds),
    ...(credentials.sessionToken === undefined ? {} : { 'Security-Token': credentials.sessionToken }),
    SignedHeaders: 'host',
  };
  const query = Object.entries(parameters)
    .map(([name, value]) => `X-Amz-${name}=${encodeURIComponent(value)}`)
    .join('&');
  const { host } = new URL(endpoint);
  const canonical = [method, path, query, `host:${host}`, '', 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(canonical).digest('hex');
  const text = ['AWS4-HMAC-SHA256', moment, scope, hash].join('\n');
  const key = signingKey(credentials.secretAccessKey, scope);
  return `${path}?${query}&X-Amz-Signature=${createHmac('sha256', key).update(text).digest('hex')}`;
}

/**
 * A body in signed chunks, for a request that was signed with these headers. `trailer` is signed as well where it is given,
 * as in `x-amz-checksum-crc32:AAAAAA==` and a line feed.
 */
export function signedChunks(
  { credentials }: Server,
  headers: Readonly<Record<string, string>>,
  pieces: readonly string[],
  trailer?: string,
): string {
  const [, scope = '', first = ''] =
    /Credential=[^/]+\/([^,]+),.*Signature=([0-9a-f]+)/.exec(headers.authorization ?? '') ?? [];
  const key = signingKey(credentials.secretAccessKey, scope);
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  let before = first;
  const next = (kind: string, ...hashes: readonly string[]) => {
    const text = [`AWS4-HMAC-SHA256-${kind}`, headers['x-amz-date'], scope, before, ...hashes].join('\n');
    before = createHmac('sha256', key).update(text).digest('hex');
    return before;
  };
  const chunks = pieces.map((piece) => {
    const line = `${piece.length.toString(16)};chunk-signature=${next('PAYLOAD', hash(''), hash(piece))}\r\n`;
    return piece === '' && trailer !== undefined ? line : `${line}${piece}\r\n`;
  });
  const end =
    trailer === undefined
      ? ''
      : `${trailer.trim()}\r\nx-amz-trailer-signature:${next('TRAILER', hash(trailer))}\r\n\r\n`;
  return chunks.join('') + end;
}

/** The signing key of a scope such as `20261124/us-east-1/s3/aws4_request`. */
function signingKey(secret: string, scope: string): Buffer {
  return scope
    .split('/')
    .reduce<Buffer>((key, part) => createHmac('sha256', key).update(part).digest(), Buffer.from(`AWS4${secret}`));
}
