import type { Manifest } from '../objects/manifest.ts';
import type { LineOf } from '../objects/manifest-line.ts';
import type { Destination } from '../objects/object-name.ts';
import type { EncryptedObject, Objects } from './facts.ts';

/**
 * Up to this number, objects are listed one by one in journal and record. When there are more, the manifest alone lists them.
 */
const mostListed = 250;

/** Sums up a manifest whose objects are all in S3, for journal and record. Waits until the manifest is on the disk. */
export async function summariseObjects(manifest: Manifest, { bucket, prefix }: Destination): Promise<Objects> {
  const { count = 0, bytes = 0 } = manifest.planned ?? {};
  const { states, leftOut } = manifest;
  return {
    bucket,
    ...(prefix === '' ? {} : { prefix }),
    objects: count <= mostListed ? listObjects(manifest, bucket) : [],
    count,
    bytes,
    found: states.found,
    readBack: states.readBack,
    ...(states.unconfirmed === 0 ? {} : { unconfirmed: states.unconfirmed }),
    leftOut,
    manifest: await manifest.seal(),
  };
}

/** Lists the objects in the order of the plan. The last line about an object counts. */
function listObjects(manifest: Manifest, bucket: string): readonly EncryptedObject[] {
  const checks = new Map([...manifest.linesOf('checked')].map((line) => [line.n, line]));
  const uploaded = new Map([...manifest.linesOf('uploaded')].map((line) => [line.n, line]));
  return [...uploaded.values()]
    .toSorted((one, other) => one.n - other.n)
    .map((line) => objectOf(bucket, line, checks.get(line.n)));
}

/**
 * Makes the fact about one object: it was read back; or it was not looked at, because S3 confirmed the checksum of its bytes; or
 * its bytes are not verified, and the fact tells whether a look or the answer to the upload named its KMS key.
 */
function objectOf(bucket: string, line: LineOf<'uploaded'>, check: LineOf<'checked'> | undefined): EncryptedObject {
  const { key, size, sha256, sseAlgorithm, kmsKeyArn, bucketKey } = line;
  const object = { bucket, key, size, sha256, sseAlgorithm, kmsKeyArn, ...(bucketKey ? { bucketKey } : {}) };
  if (check?.readBack === true) return { ...object, verified: true };
  if (check === undefined && line.checksum) return { ...object, verified: true, checkedBy: 'checksum' };
  return { ...object, verified: false, keyNamedBy: check?.looked === true ? 'look' : 'upload answer' };
}
