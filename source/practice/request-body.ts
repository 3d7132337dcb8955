import { AwsError } from './aws-error.ts';

/** Larger than any KMS, STS, IAM request and any S3 configuration document; a list of 1,000 objects to delete fits. */
const mostBytes = 4 * 1024 * 1024;

/**
 * Reads a small body whole.
 * @throws RequestEntityTooLarge (413) past 4 MiB.
 */
export async function wholeBody(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw new AwsError('RequestEntityTooLarge', 'Request Entity Too Large', { status: 413 });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
