import { AwsError } from './aws-error.ts';

/** The largest body. No request to KMS, STS and IAM, no document of S3 and no list of 1,000 objects to delete is as long. */
const maxBytes = 4 * 1024 * 1024;

/**
 * Reads a whole body into memory.
 * @throws RequestEntityTooLarge (413) for more than 4 MiB.
 */
export async function readWholeBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw new AwsError('RequestEntityTooLarge', 'Request Entity Too Large', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
