import { printableLines } from '../terminal/printable.ts';
import { accountRows, type RecordHead } from './head.ts';
import { code, tableWithHead, tableWithoutHead } from './markdown.ts';
import {
  type ObjectCheck,
  type ObjectTotals,
  objectCheckWords,
  totalsWords,
  unreadWords,
} from './object-check-words.ts';
import { type Trail, trailSections } from './trail.ts';
import { listCallers } from './who-did-what.ts';

/** The record of objects that were encrypted after the first import. Nothing in it is secret. */
export type EncryptRecord = RecordHead & {
  readonly key: { readonly keyId: string; readonly keyArn: string; readonly alias: string };
  /**
   * S3 named the key for each object. `verified`: S3 compared the checksum of all bytes, or they were read back. Empty when the
   * objects are many: then the manifest lists them.
   */
  readonly objects: readonly ({
    readonly bucket: string;
    readonly key: string;
    /** In bytes. */
    readonly size: number;
    /** The SHA-256 of the object's bytes, in hex. */
    readonly sha256: string;
    readonly sseAlgorithm: string;
    readonly kmsKeyArn: string;
  } & ObjectCheck)[];
  /** Absent in ceremonies of earlier versions, which listed every object. */
  readonly sums?: ObjectTotals;
} & Trail;

/** Gives the record as a page of Markdown, for people. */
export function encryptAsMarkdown({
  keyferry,
  ceremony,
  account,
  key,
  objects,
  sums,
  ...trail
}: EncryptRecord): string {
  const sections = [
    `# ${key.alias}: objects encrypted${account.practice ? ' (practice)' : ''}`,
    `With Keyferry ${keyferry}, from ${ceremony.begunAt} to ${ceremony.finishedAt}.`,
    tableWithoutHead([
      ['Key ARN', code(key.keyArn)],
      ...accountRows({ account }),
      ['Done by', listCallers({ ...trail, account })],
    ]),
    '## Objects',
    ...(sums === undefined ? [] : [totalsWords(sums)]),
    ...(objects.length === 0
      ? []
      : [
          tableWithHead(
            ['Object', 'Bytes', 'SHA-256', 'Encryption', 'Checked'],
            objects.map(({ bucket, key: name, size, sha256, sseAlgorithm, ...check }) => [
              code(`s3://${bucket}/${name}`),
              String(size),
              code(sha256),
              sseAlgorithm,
              objectCheckWords(check, 'the same bytes'),
            ]),
          ),
        ]),
    'For each object S3 named the key ARN above.',
    ...unreadWords(objects),
    ...trailSections({ ...trail, account }),
  ];
  return `${printableLines(sections.join('\n\n'))}\n`;
}
