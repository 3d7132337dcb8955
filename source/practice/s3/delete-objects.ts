import { elements, textOf } from '../xml.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { removeObject } from './object-record.ts';
import { malformedXml, readXml, type S3Operation, xmlAnswer } from './s3-exchange.ts';

/** DeleteObject: what is not there is deleted already. */
export const deleteObject: S3Operation = async ({ call, bucket, key }) => {
  needBucket(call, bucket);
  await dropBodies(call.store.folder, removeObject(call.store, bucket, key));
  return { status: 204 };
};

/** DeleteObjects: up to 1,000 keys at once. */
export const deleteObjects: S3Operation = async ({ call, exchange, bucket }) => {
  const document = await readXml(exchange, 'Delete', 'with a checksum');
  needBucket(call, bucket);
  const keys = elements(document, 'Object').map((one) => textOf(one, 'Key'));
  if (keys.length === 0 || keys.length > 1000 || keys.includes(undefined)) {
    throw malformedXml();
  }
  const present = keys.filter((key) => key !== undefined);
  const dropped = call.store.change(() => present.flatMap((key) => removeObject(call.store, bucket, key)));
  await dropBodies(call.store.folder, dropped);
  const quiet = textOf(document, 'Quiet') === 'true';
  return xmlAnswer('DeleteResult', { Deleted: quiet ? [] : present.map((key) => ({ Key: key })) });
};
