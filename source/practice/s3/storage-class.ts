import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import type { ObjectDescription, ObjectRecord } from './object-record.ts';

/** The storage classes of general purpose buckets. `archived`: nobody can read the object before it is restored. */
const classes: Readonly<Record<string, 'readable' | 'archived'>> = {
  STANDARD: 'readable',
  REDUCED_REDUNDANCY: 'readable',
  STANDARD_IA: 'readable',
  ONEZONE_IA: 'readable',
  INTELLIGENT_TIERING: 'readable',
  GLACIER_IR: 'readable',
  GLACIER: 'archived',
  DEEP_ARCHIVE: 'archived',
};

/**
 * Gives the storage class that an upload asks for; `STANDARD` when it asks for none.
 * @throws InvalidStorageClass when there is no such class.
 */
export function storageClassIn(exchange: Exchange): string {
  const wanted = header(exchange, 'x-amz-storage-class') ?? 'STANDARD';
  if (Object.hasOwn(classes, wanted)) return wanted;
  throw new AwsError('InvalidStorageClass', 'The storage class you specified is not valid', {
    details: { StorageClassRequested: wanted },
  });
}

/** Gives the storage class of an object, or of an upload that makes one. Earlier versions of practice AWS stored none. */
export function storageClassOf({ storageClass = 'STANDARD' }: Pick<ObjectDescription, 'storageClass'>): string {
  return storageClass;
}

/** @throws InvalidObjectState (403) when the object is archived. Practice AWS restores nothing. */
export function needReadable(object: ObjectRecord): void {
  if (!isArchived(object)) return;
  throw new AwsError('InvalidObjectState', "The operation is not valid for the object's storage class", {
    status: 403,
    details: { StorageClass: storageClassOf(object) },
  });
}

/** @throws ObjectNotInActiveTierError (403) when the source of a copy is archived. Source: API reference, CopyObject. */
export function needActiveSource(object: ObjectRecord): void {
  if (!isArchived(object)) return;
  const text =
    'The source object of the COPY action is not in the active tier and is only stored in Amazon S3 Glacier.';
  throw new AwsError('ObjectNotInActiveTierError', text, { status: 403 });
}

function isArchived(object: ObjectRecord): boolean {
  return classes[storageClassOf(object)] === 'archived';
}
