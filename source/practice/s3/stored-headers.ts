import { AwsError } from '../aws-error.ts';
import type { Exchange } from '../exchange.ts';
import type { ObjectRecord } from './object-record.ts';
import { storageClassOf } from './storage-class.ts';

/**
 * Gives the headers that an upload left with its object, as a read gives them back, with the number of tags, if there are any, and
 * the storage class, unless it is STANDARD. User metadata beyond ASCII comes back encoded as in a mail (RFC 2047), each byte taken
 * for a letter of ISO 8859-1: S3 user guide, "Working with object metadata".
 */
export function storedHeaders(object: ObjectRecord): Record<string, string> {
  const { headers, tags = [] } = object;
  const storageClass = storageClassOf(object);
  const headerPairs = Object.entries(headers).map(([name, value]) => [
    name,
    name.startsWith('x-amz-meta-') && /[^\t\x20-\x7e]/.test(value)
      ? `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`
      : value,
  ]);
  return {
    ...Object.fromEntries(headerPairs),
    ...(tags.length === 0 ? {} : { 'x-amz-tagging-count': String(tags.length) }),
    ...(storageClass === 'STANDARD' ? {} : { 'x-amz-storage-class': storageClass }),
  };
}

/** The query parameters that set a header of the answer, each with the name of that header. */
const overridingParameters: Readonly<Record<string, string>> = {
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
  'response-content-language': 'content-language',
  'response-content-type': 'content-type',
  'response-expires': 'expires',
};

/**
 * Gives the headers of the answer that the query of the request sets.
 * @throws InvalidArgument for a value with characters that no header can have (from reports).
 */
export function overridingHeaders(exchange: Exchange): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [parameter, name] of Object.entries(overridingParameters)) {
    const value = exchange.query.get(parameter);
    if (value === null) continue;
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) {
      throw new AwsError('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
        details: { ArgumentName: parameter, ArgumentValue: value },
      });
    }
    headers[name] = value;
  }
  return headers;
}
