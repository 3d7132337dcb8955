import { AwsError } from '../aws-error.ts';
import { header } from '../exchange.ts';
import type { XmlValue } from '../xml.ts';
import { checksumElement } from './checksums.ts';
import { customerKeyIn } from './customer-key.ts';
import { unwrapDataKey } from './encryption.ts';
import { needObject, validatorHeaders } from './get-object.ts';
import type { ObjectRecord } from './object-record.ts';
import { needS3Permission } from './permission.ts';
import { s3Operation, xmlAnswer } from './s3-exchange.ts';
import { storageClassOf } from './storage-class.ts';

const maxPartsOnPage = 1000;

/** A page of the list of parts: it begins after `marker`. */
type Page = { readonly marker: number; readonly size: number };

/** Each attribute that a request can ask for. Source: API reference, GetObjectAttributes. */
const attributes: Readonly<Record<string, (object: ObjectRecord, page: Page) => XmlValue>> = {
  ETag: ({ etag }) => etag,
  Checksum: ({ checksum }) =>
    checksum && { [checksumElement(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type },
  ObjectParts: partsElement,
  StorageClass: storageClassOf,
  ObjectSize: ({ size }) => size,
};

/** GetObjectAttributes. Like a read of a checksum, it needs the key with which the object is encrypted. */
export const getObjectAttributes = s3Operation({ on: 'object', needs: 's3:GetObjectAttributes' }, (request) => {
  const { call, exchange } = request;
  needS3Permission(request, 's3:GetObject');
  const object = needObject(request);
  const wantedNames = (header(exchange, 'x-amz-object-attributes') ?? '').split(',').map((name) => name.trim());
  if (wantedNames.some((name) => !Object.hasOwn(attributes, name)))
    throw new AwsError('InvalidArgument', 'Invalid attribute name specified.');
  unwrapDataKey(call, object.encryption, customerKeyIn(exchange)).fill(0);
  const page = {
    marker: Number(header(exchange, 'x-amz-part-number-marker') ?? 0),
    size: Math.min(Number(header(exchange, 'x-amz-max-parts') ?? maxPartsOnPage), maxPartsOnPage),
  };
  const wantedAttributes = Object.entries(attributes).filter(([name]) => wantedNames.includes(name));
  const answer = xmlAnswer(
    'GetObjectAttributesResponse',
    Object.fromEntries(wantedAttributes.map(([name, read]) => [name, read(object, page)])),
  );
  return { ...answer, headers: { ...answer.headers, 'last-modified': validatorHeaders(object)['last-modified'] } };
});

/**
 * Gives the parts of an object that was uploaded in parts; `undefined` for another object. S3 lists the parts one by one only
 * when they have checksums of their own; unverified: attributes-parts.
 */
function partsElement({ parts, segments, checksum, partChecksums }: ObjectRecord, { marker, size }: Page): XmlValue {
  if (parts === undefined) return undefined;
  if (!checksum || !partChecksums) return { PartsCount: parts };
  const all = segments.map((segment, index) => ({
    PartNumber: index + 1,
    Size: segment.size,
    [checksumElement(checksum.algorithm)]: partChecksums[index],
  }));
  const page = all.slice(marker, marker + size);
  return {
    PartsCount: parts,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.PartNumber ?? 0,
    MaxParts: size,
    IsTruncated: marker + page.length < all.length,
    Part: page,
  };
}
