import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { refuseAcl } from './acl-headers.ts';
import { refuseLockHeaders } from './object-lock.ts';
import type { ObjectDescription } from './object-record.ts';
import { needS3Permission } from './permission.ts';
import type { S3Request } from './s3-exchange.ts';
import { storageClassIn } from './storage-class.ts';
import { tagsInHeader } from './tag-set.ts';

/** The header that redirects visitors of a website to another place. */
export const redirectHeader = 'x-amz-website-redirect-location';

/** The headers of an upload that S3 stores, besides those of the user metadata. */
const keptNames: readonly string[] = [
  ...['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'],
  redirectHeader,
];

/** The most bytes that names and values of the user metadata can have together. */
const maxMetadataBytes = 2048;

/**
 * Gives what the headers of an upload say about the object. Checks the permission to set tags when the upload has tags.
 * @throws MetadataTooLarge, InvalidTag, BadRequest, InvalidStorageClass; AccessDenied (403) without the permission;
 * AccessControlListNotSupported and InvalidRequest for access control lists and Object Lock, which the bucket does not have.
 */
export function readObjectDescription(request: S3Request): ObjectDescription {
  const { exchange } = request;
  refuseAcl(exchange);
  refuseLockHeaders(request);
  const tags = tagsInHeader(header(exchange, 'x-amz-tagging'));
  if (tags.length > 0) needS3Permission(request, 's3:PutObjectTagging');
  return { headers: readStoredHeaders(exchange), tags, storageClass: storageClassIn(exchange) };
}

/**
 * Gives the headers of an upload that S3 stores and gives back with the object. Leaves out headers about the transfer, and adds
 * a content type when the upload has none.
 * @throws MetadataTooLarge for more than 2 KB of user metadata.
 */
function readStoredHeaders(exchange: Exchange): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of Object.keys(exchange.headers)) {
    const value = header(exchange, name);
    if (value !== undefined && (keptNames.includes(name) || name.startsWith('x-amz-meta-'))) headers[name] = value;
  }
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const size = Buffer.byteLength(metadata.map(([name, value]) => name.slice('x-amz-meta-'.length) + value).join(''));
  if (size > maxMetadataBytes) {
    throw new AwsError('MetadataTooLarge', unverifiedText('metadata-too-large'), {
      details: { Size: String(size), MaxSizeAllowed: String(maxMetadataBytes) },
    });
  }
  const encodings = (header(exchange, 'content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const storedEncodings = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(', ');
  return storedEncodings === '' ? headers : { ...headers, 'content-encoding': storedEncodings };
}
