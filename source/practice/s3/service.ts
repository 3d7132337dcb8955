import { AwsError } from '../aws-error.ts';
import type { Call, Exchange, HttpResponse } from '../exchange.ts';
import { withPermission } from '../identity-policy.ts';
import { unverifiedText } from '../unverified.ts';
import { toXml } from '../xml.ts';
import { findDeclined, type Level, notImplemented } from './declined.ts';
import { needNoVersion } from './object-record.ts';
import { needRightBucket, needS3Permission } from './permission.ts';
import { copies, markers, type NamedOperation, routes } from './routes.ts';

const maxKeyBytes = 1024;

/**
 * Answers a request to S3 in path style.
 * @throws NotImplemented (501), InvalidURI, KeyTooLongError, AccessDenied (403), NoSuchVersion (404), or the error of the
 * operation.
 */
export async function answerS3(call: Call, exchange: Exchange): Promise<HttpResponse> {
  const { bucket, key } = readAddress(exchange);
  const found = operationOf(exchange);
  if (!found) {
    const declined = findDeclined(exchange, levelOf(exchange));
    if (declined !== undefined) throw notImplemented(declined);
    const parameters = [...exchange.query.keys()].map((name) => `?${name}`).join(' ');
    const text = `Practice AWS has no operation for ${exchange.method} ${parameters} of ${key === '' ? 'a bucket' : 'an object'}.`;
    throw new AwsError('NotImplemented', text, { status: 501 });
  }
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new AwsError('KeyTooLongError', unverifiedText('key-too-long'), {
      details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(maxKeyBytes) },
    });
  }
  const request = { call, exchange, bucket, key };
  const { authority, act } = found.operation;
  // `withPermission` itself asks for `account`. For `objects`, the operation asks about each object.
  return withPermission(call, authority, () => {
    if (authority.on === 'bucket' || authority.on === 'object') needS3Permission(request, authority.needs);
    needRightBucket(request);
    needNoVersion(exchange.query.get('versionId'));
    return act(request);
  });
}

/** Gives the name of the requested operation, without `s3:`. Gives an empty text for an unknown operation. */
export function s3OperationName(exchange: Exchange): string {
  return operationOf(exchange)?.name ?? findDeclined(exchange, levelOf(exchange))?.name ?? '';
}

/** Tells what the path of a request names. */
function levelOf({ path }: Exchange): Level {
  const [bucket, ...key] = path.replace(/^\//, '').split('/');
  const levelInBucket = key.join('/') === '' ? 'bucket' : 'object';
  return bucket === '' ? 'service' : levelInBucket;
}

/** Finds the requested operation; `undefined` when practice AWS does not have it. */
function operationOf(exchange: Exchange): NamedOperation | undefined {
  const level = levelOf(exchange);
  // The SDKs name the operation in `x-id`. An operation that practice AWS lacks must not be taken for another one.
  if (findDeclined(exchange, level)?.name === exchange.query.get('x-id')) return undefined;
  const presentMarkers = [...exchange.query.keys()].filter((name) => markers.has(name));
  const [, , , operation, name] =
    routes.find(
      ([method, routeLevel, marker]) =>
        method === exchange.method &&
        routeLevel === level &&
        (marker === undefined ? presentMarkers.length === 0 : presentMarkers.includes(marker)),
    ) ?? [];
  if (!operation || !name) return undefined;
  // With the source of a copy, an upload becomes a copy, and any other operation counts as unknown.
  return exchange.headers['x-amz-copy-source'] === undefined ? { operation, name } : copies.get(operation);
}

/** Makes the error answer of S3. The answer to a HEAD request has no body. */
export function s3ErrorResponse(error: AwsError, exchange: Exchange, requestId: string): HttpResponse {
  const document = {
    Error: {
      Code: error.code,
      Message: error.hasMessage ? error.message : undefined,
      ...error.details,
      RequestId: requestId.replaceAll('-', '').slice(0, 16).toUpperCase(),
      HostId: Buffer.from(requestId.repeat(2)).toString('base64'),
    },
  };
  const headers = { 'content-type': 'application/xml', ...error.headers };
  return exchange.method === 'HEAD'
    ? { status: error.status, headers }
    : { status: error.status, headers, body: toXml(document) };
}

/**
 * Reads bucket and key from the path.
 * @throws InvalidURI when the path cannot be decoded, or has the character 0.
 */
export function readAddress({ path }: Exchange): { bucket: string; key: string } {
  try {
    // unverified: nul-in-key
    if (path.includes('%00')) throw new URIError('the character 0');
    const [bucket = '', ...key] = path.replace(/^\//, '').split('/').map(decodeURIComponent);
    return { bucket, key: key.join('/') };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
