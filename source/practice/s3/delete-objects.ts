import { AwsError } from '../aws-error.ts';
import { header } from '../exchange.ts';
import { elements, textOf, type XmlValue } from '../xml.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { needMatch } from './conditions.ts';
import { loadObject, needNoVersion, removeObject } from './object-record.ts';
import { needS3Permission } from './permission.ts';
import { malformedXml, readXml, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';

/** DeleteObject. Without the header If-Match, succeeds also when the object does not exist. */
export const deleteObject = s3Operation(
  { on: 'object', needs: 's3:DeleteObject' },
  async ({ call, exchange, bucket, key }) => {
    needBucket(call, bucket);
    needMatch(header(exchange, 'if-match'), loadObject(call.store, bucket, key));
    await dropBodies(call.store.folder, removeObject(call.store, bucket, key));
    return { status: 204 };
  },
);

/** DeleteObjects. Deletes up to 1,000 objects. The answer has a result for each of them; with `Quiet`, only the errors. */
export const deleteObjects = s3Operation({ on: 'objects', needs: 's3:DeleteObject' }, async (request) => {
  const { call, exchange, bucket } = request;
  const document = await readXml(exchange, 'Delete', 'with a checksum');
  needBucket(call, bucket);
  const entries = elements(document, 'Object');
  if (entries.length === 0 || entries.length > 1000 || entries.some((entry) => !textOf(entry, 'Key')))
    throw malformedXml();
  const outcomes = call.store.change(() =>
    entries.map((entry) =>
      deleteOne({ ...request, key: textOf(entry, 'Key') ?? '' }, textOf(entry, 'ETag'), textOf(entry, 'VersionId')),
    ),
  );
  await dropBodies(
    call.store.folder,
    outcomes.flatMap(({ files }) => files),
  );
  const isQuiet = textOf(document, 'Quiet') === 'true';
  return xmlAnswer('DeleteResult', {
    Deleted: isQuiet ? [] : outcomes.filter(({ error }) => !error).map(({ address }) => address),
    Error: outcomes.flatMap(({ address, error }) => (error ? { ...address, ...error } : [])),
  });
});

/** What happened to one object of DeleteObjects. */
type Outcome = {
  /** The key and the version id of the object, as in the request. */
  readonly address: { readonly Key: string; readonly VersionId?: string | undefined };
  /** The files of bodies that are not needed any longer. */
  readonly files: readonly string[];
  readonly error?: { readonly [name: string]: XmlValue };
};

/** Deletes one of several objects. A refusal by S3 goes into the outcome, so that the other objects are still deleted. */
function deleteOne(request: S3Request, etag: string | undefined, version: string | undefined): Outcome {
  const { call, bucket, key } = request;
  const address = { Key: key, VersionId: version };
  try {
    needS3Permission(request, 's3:DeleteObject');
    needNoVersion(version);
    needMatch(etag, loadObject(call.store, bucket, key));
    return { address, files: removeObject(call.store, bucket, key) };
  } catch (error) {
    if (error instanceof AwsError) return { address, files: [], error: { Code: error.code, Message: error.message } };
    throw error;
  }
}
