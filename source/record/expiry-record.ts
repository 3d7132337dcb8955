import { printableLines } from '../terminal/printable.ts';
import type { RecordHead } from './head.ts';
import { keyTable, type ProofRecord, proofSection } from './imported-again.ts';
import { code, tableWithHead } from './markdown.ts';
import { type Trail, trailSections } from './trail.ts';

/** The record of a change of expiry. Nothing in it is secret. An expiry is a time in ISO 8601, `never` or `unknown`. */
export type ExpiryRecord = RecordHead & {
  readonly key: {
    readonly keyId: string;
    readonly keyArn: string;
    readonly alias: string;
    /** The key state at the end, as KMS told it. */
    readonly keyState: string;
  };
  /** The state of the key before the ceremony, as KMS told it at the time `asOf`. */
  readonly before: { readonly asOf: string; readonly keyState: string };
  /** Every material of the key. */
  readonly materials: readonly {
    readonly keyMaterialId: string;
    readonly state: string;
    /** The expiry before the ceremony. */
    readonly before: string;
    /** Absent when the material was not imported again. */
    readonly change?: {
      /** The expiry that the person asked for. */
      readonly asked: string;
      /** The expiry that KMS told after the import; `missing` when KMS did not have the material. */
      readonly after: string;
      readonly checkValue: string;
      /** The name of the copy from which the bytes came, without its folder. */
      readonly file: string;
      readonly importedAt: string;
    };
  }[];
} & ProofRecord &
  Trail;

/** Gives the record as a page of Markdown, for people. */
export function expiryAsMarkdown({ keyferry, ceremony, account, key, before, ...record }: ExpiryRecord): string {
  const changed = record.materials.flatMap(({ keyMaterialId, change }) =>
    change === undefined ? [] : [{ keyMaterialId, ...change }],
  );
  const sections = [
    `# ${key.alias}: expiry changed${account.practice ? ' (practice)' : ''}`,
    `With Keyferry ${keyferry}, from ${ceremony.begunAt} to ${ceremony.finishedAt}.`,
    keyTable({ ...record, key, account, before }),
    '## Expiry of each material',
    tableWithHead(
      ['Material id', 'State', 'Before', 'Asked for', 'After, as KMS told'],
      record.materials.map(({ keyMaterialId, state, before: expiry, change }) => [
        code(keyMaterialId),
        state,
        expiry,
        change?.asked ?? 'no change',
        change?.after ?? 'not changed',
      ]),
    ),
    '## Materials that were imported again',
    tableWithHead(
      ['Material id', 'Key check value (AES-CMAC)', 'From', 'Imported at'],
      changed.map(({ keyMaterialId, checkValue, file, importedAt }) => [
        code(keyMaterialId),
        checkValue,
        code(file),
        importedAt,
      ]),
    ),
    ...proofSection(record),
    ...trailSections({ ...record, account }),
  ];
  return `${printableLines(sections.join('\n\n'))}\n`;
}
