import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Manifest } from '../../source/objects/manifest.ts';
import type { LineOf } from '../../source/objects/manifest-line.ts';
import { newFolder } from '../new-folder.ts';

/** A manifest with a plan of these files and of what is left out. It is closed when the test ends. */
export function plannedManifest(t: TestContext, lines: readonly LineOf<'object' | 'left out'>[]): Manifest {
  const manifest = new Manifest(join(newFolder(), 'manifest-1.jsonl'));
  t.after(() => manifest.close());
  const head = { bucket: 'b', prefix: '', keyArn: 'arn', inputs: [], include: [], exclude: [], replace: false };
  manifest.begin(head, new Date(0));
  for (const line of lines) manifest.add(line);
  manifest.endPlan();
  return manifest;
}

/** The line of a file that is in S3, where S3 has confirmed its checksum. */
export const uploadedLine = (
  n: number,
  file: LineOf<'object'>,
  more: Partial<LineOf<'uploaded'>> = {},
): LineOf<'uploaded'> => ({
  ...{ ...file, is: 'uploaded', n, etag: 'e', sha256: '0', crc32: '0', sseAlgorithm: 'aws:kms', kmsKeyArn: 'arn' },
  ...{ bucketKey: true, checksum: true, ...more },
});
