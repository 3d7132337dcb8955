import { AwsError } from '../aws-error.ts';
import type { Call, Exchange, HttpResponse } from '../exchange.ts';
import { readWholeBody } from '../request-body.ts';
import { unverifiedText } from '../unverified.ts';
import { element, fromXml, toXml, type XmlValue } from '../xml.ts';
import { type ChecksumAlgorithm, readChecksum, startChecksum } from './checksums.ts';

/** The input of every S3 operation. `bucket` and `key` are empty texts when the request does not name them. */
export type S3Request = {
  readonly call: Call;
  readonly exchange: Exchange;
  readonly bucket: string;
  readonly key: string;
};

/**
 * Who must allow an S3 operation. `account`: IAM, for the whole account. `bucket` and `object`: IAM and the bucket policy.
 * `objects`: the same, but the operation itself must check the permission for each object. `needs` is the action that must be
 * allowed. Source: "Required permissions for Amazon S3 API operations", S3 user guide.
 */
export type S3Authority = { readonly on: 'account' | 'bucket' | 'object' | 'objects'; readonly needs: `s3:${string}` };

/** An S3 operation: who must allow it, and what it does. */
export type S3Operation = {
  readonly authority: S3Authority;
  readonly act: (request: S3Request) => HttpResponse | Promise<HttpResponse>;
};

/** Makes an operation from its authority and the function that carries it out. */
export function s3Operation(authority: S3Authority, act: S3Operation['act']): S3Operation {
  return { authority, act };
}

const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Gives a successful answer with an XML document in S3's namespace. */
export function xmlAnswer(root: string, content: { readonly [name: string]: XmlValue }): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: toXml({ [root]: { '@xmlns': namespace, ...content } }),
  };
}

/**
 * Reads the XML document of a request and gives its root element.
 * @param root the name of the root element.
 * @param checksum whether the request needs a checksum. `with or without`: a checksum is compared when there is one.
 * `of something else`: the checksum in the headers is not that of the document, and is not compared.
 * @throws MalformedXML when the body is no XML or has another root, BadDigest for a wrong checksum, or InvalidRequest when a
 * needed checksum is missing.
 */
export async function readXml(
  exchange: Exchange,
  root: string,
  checksum: 'with a checksum' | 'with or without' | 'of something else' = 'with or without',
): Promise<unknown> {
  const body = await readWholeBody(exchange.body());
  if (checksum === 'with a checksum' && !readChecksum(exchange) && !exchange.headers['content-md5'])
    throw new AwsError('InvalidRequest', unverifiedText('missing-checksum'));
  if (checksum !== 'of something else') checkSmallBody(exchange, body);
  const document = fromXml(body.toString('utf8'));
  if (!document || !Object.hasOwn(document, root)) throw malformedXml();
  return element(document, root);
}

/** Makes the error for XML that does not have the form that the operation needs. */
export function malformedXml(): AwsError {
  return new AwsError(
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema',
  );
}

/** Gives a date in the form of S3's XML, which is ISO 8601. @param milliseconds since 1970. */
export function isoDate(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** @throws BadDigest when the body does not have the checksum or MD5 that the headers name. */
function checkSmallBody(exchange: Exchange, body: Buffer): void {
  const announced = readChecksum(exchange);
  const md5 = exchange.headers['content-md5'];
  const claims: [algorithm: ChecksumAlgorithm, value: string | undefined, message: string][] = [
    ['MD5', Array.isArray(md5) ? md5[0] : md5, 'The Content-MD5 you specified did not match what we received.'],
  ];
  if (announced) {
    const message = `The ${announced.algorithm} you specified did not match the calculated checksum.`;
    claims.push([announced.algorithm, announced.value, message]);
  }
  for (const [algorithm, value, message] of claims) {
    const running = startChecksum(algorithm);
    running.update(body);
    if (value !== undefined && running.digest().toString('base64') !== value) throw new AwsError('BadDigest', message);
  }
}
