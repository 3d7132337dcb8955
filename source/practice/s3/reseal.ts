import { createHash, randomBytes } from 'node:crypto';
import type { Call } from '../exchange.ts';
import { keepBody } from './body-folder.ts';
import { startChecksum } from './checksums.ts';
import type { BodyOptions, Received } from './receive.ts';
import { encryptFrames, makeNoncePrefix } from './sealed-body.ts';

/** Writes bytes of a stored object to a new file under another data key. Gives their ETag and checksum: see {@link Received}. */
export async function reseal(
  call: Call,
  plain: AsyncIterable<Buffer>,
  { dataKey, isEtagMd5, defaultAlgorithm: algorithm = 'CRC64NVME' }: BodyOptions,
): Promise<Received> {
  const checksum = startChecksum(algorithm);
  const md5 = createHash('md5');
  let size = 0;
  const feedChecksums = async function* () {
    for await (const chunk of plain) {
      size += chunk.length;
      checksum.update(chunk);
      md5.update(chunk);
      yield chunk;
    }
  };
  const noncePrefix = makeNoncePrefix();
  const file = await keepBody(call.store.folder, encryptFrames(feedChecksums(), dataKey, noncePrefix));
  return {
    segment: { file, size, noncePrefix },
    etag: isEtagMd5 ? md5.digest('hex') : randomBytes(16).toString('hex'),
    checksum: { algorithm, value: checksum.digest().toString('base64') },
  };
}
