import { AwsError } from './aws-error.ts';

/** More than any request to KMS, STS and IAM has, any S3 configuration document, and a list of 1,000 objects to delete. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Reads a whole body into memory.
 * @throws RequestEntityTooLarge (413) for more than 4 MiB.
 */
export async function readWholeBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw new AwsError('RequestEntityTooLarge', 'Request Entity Too Large', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
