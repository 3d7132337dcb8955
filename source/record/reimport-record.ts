import { printableLines } from '../terminal/printable.ts';
import type { RecordHead } from './head.ts';
import { keyTable, type ProofRecord, proofSection } from './imported-again.ts';
import { code, tableWithHead } from './markdown.ts';
import { type Trail, trailSections } from './trail.ts';

/** A material that was imported again. */
export type BroughtMaterial = {
  readonly keyMaterialId: string;
  /** Absent for material from a file that was wrapped elsewhere: its bytes were never here. */
  readonly checkValue?: string;
  /** The name of the copy, or of the wrapped file, from which the bytes came, without its folder. */
  readonly file: string;
  /** The new expiry, ISO 8601. Null means never. */
  readonly validTo: string | null;
  readonly importedAt: string;
  /** True when KMS held the material before, so that only its expiry changed. */
  readonly wasThere: boolean;
  /** The expiry before this ceremony: ISO 8601, `never` or `unknown`. Absent when an older version wrote the journal. */
  readonly before?: string;
  /**
   * The expiry that KMS told after the import: ISO 8601, `never`, or `missing` when KMS did not have the material. Absent
   * when nobody asked.
   */
  readonly found?: string;
};

/** The record of a reimport. Nothing in it is secret. */
export type ReimportRecord = RecordHead & {
  readonly key: {
    readonly keyId: string;
    readonly keyArn: string;
    readonly alias: string;
    /** The key state at the end of the reimport, as KMS told it. */
    readonly keyState: string;
  };
  /** The key before the reimport, as KMS told it at the time `asOf`. */
  readonly before: {
    readonly asOf: string;
    readonly keyState: string;
    /** Every material that the key had. */
    readonly all: readonly {
      readonly keyMaterialId: string;
      readonly state: string;
      readonly isImported: boolean;
      /** ISO 8601, `never` or `unknown`. */
      readonly expiry: string;
    }[];
  };
  /** The materials that were imported again. */
  readonly materials: readonly BroughtMaterial[];
} & ProofRecord &
  Trail;

/** Gives the record as a page of Markdown, for people. */
export function reimportAsMarkdown({ keyferry, ceremony, account, key, before, ...record }: ReimportRecord): string {
  const sections = [
    `# ${key.alias}: material brought back${account.practice ? ' (practice)' : ''}`,
    `With Keyferry ${keyferry}, from ${ceremony.begunAt} to ${ceremony.finishedAt}.`,
    keyTable({ ...record, key, account, before }),
    '## Materials of the key before',
    tableWithHead(
      ['Material id', 'State', 'In KMS', 'Expiry'],
      before.all.map(({ keyMaterialId, state, isImported, expiry }) => [
        code(keyMaterialId),
        state,
        isImported ? 'yes' : 'no',
        expiry,
      ]),
    ),
    '## Materials that were imported again',
    tableWithHead(
      ['Material id', 'Key check value (AES-CMAC)', 'From', 'Expiry', 'Imported at'],
      record.materials.map(({ keyMaterialId, checkValue, file, validTo, importedAt }) => [
        code(keyMaterialId),
        checkValue ?? 'not seen here',
        code(file),
        validTo ?? 'never',
        importedAt,
      ]),
    ),
    ...proofSection(record),
    ...trailSections({ ...record, account }),
  ];
  return `${printableLines(sections.join('\n\n'))}\n`;
}
