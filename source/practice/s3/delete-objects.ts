import { AwsError } from '../aws-error.ts';
import { header } from '../exchange.ts';
import { elements, textOf, type XmlValue } from '../xml.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { needMatch } from './conditions.ts';
import { loadObject, needNoVersion, removeObject } from './object-record.ts';
import { needS3Permission } from './permission.ts';
import { malformedXml, readXml, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';

/** DeleteObject. Succeeds also when there is no object. */
export const deleteObject = s3Operation(
  { on: 'object', needs: 's3:DeleteObject' },
  async ({ call, exchange, bucket, key }) => {
    needBucket(call, bucket);
    needMatch(header(exchange, 'if-match'), loadObject(call.store, bucket, key));
    await dropBodies(call.store.folder, removeObject(call.store, bucket, key));
    return { status: 204 };
  },
);

/** DeleteObjects. Deletes up to 1,000 objects; the answer has a result for each. */
export const deleteObjects = s3Operation({ on: 'objects', needs: 's3:DeleteObject' }, async (request) => {
  const { call, exchange, bucket } = request;
  const document = await readXml(exchange, 'Delete', 'with a checksum');
  needBucket(call, bucket);
  const listed = elements(document, 'Object');
  if (listed.length === 0 || listed.length > 1000 || listed.some((one) => !textOf(one, 'Key'))) throw malformedXml();
  const outcomes = call.store.change(() =>
    listed.map((one) =>
      deleteNamed({ ...request, key: textOf(one, 'Key') ?? '' }, textOf(one, 'ETag'), textOf(one, 'VersionId')),
    ),
  );
  await dropBodies(
    call.store.folder,
    outcomes.flatMap(({ files }) => files),
  );
  const quiet = textOf(document, 'Quiet') === 'true';
  return xmlAnswer('DeleteResult', {
    Deleted: quiet ? [] : outcomes.filter(({ error }) => !error).map(({ named }) => named),
    Error: outcomes.flatMap(({ named, error }) => (error ? { ...named, ...error } : [])),
  });
});

type Outcome = {
  readonly named: { readonly Key: string; readonly VersionId?: string | undefined };
  /** The files of bodies that are not needed any longer. */
  readonly files: readonly string[];
  readonly error?: { readonly [name: string]: XmlValue };
};

/** Deletes one of several objects. Its error goes into the result and does not stop the others. */
function deleteNamed(request: S3Request, etag: string | undefined, version: string | undefined): Outcome {
  const { call, bucket, key } = request;
  const named = { Key: key, VersionId: version };
  try {
    needS3Permission(request, 's3:DeleteObject');
    needNoVersion(version);
    needMatch(etag, loadObject(call.store, bucket, key));
    return { named, files: removeObject(call.store, bucket, key) };
  } catch (error) {
    if (error instanceof AwsError) return { named, files: [], error: { Code: error.code, Message: error.message } };
    throw error;
  }
}
