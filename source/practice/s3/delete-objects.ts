import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { elements, textOf, type XmlValue } from '../xml.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { removeObject } from './object-record.ts';
import { needS3Permission } from './permission.ts';
import { malformedXml, readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';

/** DeleteObject: what is not there is deleted already. */
export const deleteObject = s3Operation({ on: 'object', needs: 's3:DeleteObject' }, async ({ call, bucket, key }) => {
  needBucket(call, bucket);
  await dropBodies(call.store.folder, removeObject(call.store, bucket, key));
  return { status: 204 };
});

/** DeleteObjects: up to 1,000 keys at once, each with an answer of its own. */
export const deleteObjects = s3Operation({ on: 'objects', needs: 's3:DeleteObject' }, async (request) => {
  const { call, exchange, bucket } = request;
  const document = await readXml(exchange, 'Delete', 'with a checksum');
  needBucket(call, bucket);
  const keys = elements(document, 'Object').map((one) => textOf(one, 'Key'));
  if (keys.length === 0 || keys.length > 1000 || keys.includes(undefined)) {
    throw malformedXml();
  }
  const present = keys.filter((key) => key !== undefined);
  const outcomes = call.store.change(() => present.map((key) => deleteNamed(call, bucket, key)));
  await dropBodies(
    call.store.folder,
    outcomes.flatMap(({ files }) => files),
  );
  const quiet = textOf(document, 'Quiet') === 'true';
  return xmlAnswer('DeleteResult', {
    Deleted: quiet ? [] : outcomes.filter(({ error }) => !error).map(({ Key }) => ({ Key })),
    Error: outcomes.flatMap(({ Key, error }) => (error ? { Key, ...error } : [])),
  });
});

type Outcome = {
  readonly Key: string;
  /** What nobody needs any longer. */
  readonly files: readonly string[];
  readonly error?: { readonly [name: string]: XmlValue };
};

function deleteNamed(call: Call, bucket: string, key: string): Outcome {
  try {
    needS3Permission({ call, bucket, key }, 's3:DeleteObject');
    return { Key: key, files: removeObject(call.store, bucket, key) };
  } catch (error) {
    if (error instanceof AwsError) {
      return { Key: key, files: [], error: { Code: error.code, Message: error.message } };
    }
    throw error;
  }
}
