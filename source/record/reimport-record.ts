import { printableLines } from '../terminal/printable.ts';
import { accountRows, type RecordHead } from './head.ts';
import { code, rows, table } from './markdown.ts';
import { type Trail, trailSections } from './trail.ts';
import { listCallers } from './who-did-what.ts';

/** A material that was imported again. */
export type BroughtMaterial = {
  readonly keyMaterialId: string;
  readonly checkValue: string;
  /** The copy from which the bytes came. */
  readonly file: string;
  /** The new expiry, ISO 8601, or null for never. */
  readonly validTo: string | null;
  readonly importedAt: string;
  /** Whether KMS held it before, so that only its expiry changed. */
  readonly wasThere: boolean;
};

/** What a person keeps of a reimport. Nothing in it is secret. */
export type ReimportRecord = RecordHead & {
  readonly key: {
    readonly keyId: string;
    readonly keyArn: string;
    readonly alias: string;
    /** The state at the end of the reimport, as KMS told it. */
    readonly keyState: string;
  };
  /** The key before the reimport, as KMS told it. */
  readonly before: {
    readonly asOf: string;
    readonly keyState: string;
    readonly all: readonly {
      readonly keyMaterialId: string;
      readonly state: string;
      readonly isImported: boolean;
      /** ISO 8601, `never` or `unknown`. */
      readonly expiry: string;
    }[];
  };
  /** `file` is the name of the copy, without its folder. */
  readonly materials: readonly BroughtMaterial[];
  readonly proof?: { readonly keyMaterialId: string; readonly provedAt: string };
  /** Why no data key was decrypted. Absent when one was. */
  readonly notOpened?: 'Disabled' | 'refused';
  readonly readable?: { readonly bucket: string; readonly key: string; readonly isSame: boolean };
} & Trail;

/** Gives the record as a page of Markdown, for people. */
export function reimportAsMarkdown({ keyferry, ceremony, account, key, before, ...record }: ReimportRecord): string {
  const { proof, readable } = record;
  const sections = [
    `# ${key.alias}: material brought back${account.practice ? ' (practice)' : ''}`,
    `With Keyferry ${keyferry}, from ${ceremony.begunAt} to ${ceremony.finishedAt}.`,
    table([
      ['Key ARN', code(key.keyArn)],
      ['Key state before', `${before.keyState}, as of ${before.asOf}`],
      ['Key state after', key.keyState],
      ...accountRows({ account }),
      ['Done by', listCallers({ ...record, account })],
    ]),
    '## Materials of the key before',
    rows(
      ['Material id', 'State', 'In KMS', 'Expiry'],
      before.all.map(({ keyMaterialId, state, isImported, expiry }) => [
        code(keyMaterialId),
        state,
        isImported ? 'yes' : 'no',
        expiry,
      ]),
    ),
    '## Materials that were imported again',
    rows(
      ['Material id', 'Key check value (AES-CMAC)', 'From', 'Expiry', 'Imported at'],
      record.materials.map(({ keyMaterialId, checkValue, file, validTo, importedAt }) => [
        code(keyMaterialId),
        checkValue,
        code(file),
        validTo ?? 'never',
        importedAt,
      ]),
    ),
    '## Proof',
    proof === undefined
      ? `${record.notOpened === 'refused' ? 'The caller may not use the key' : 'The key was Disabled'}: nothing was opened with it.`
      : `A data key was opened by material ${code(proof.keyMaterialId)} at ${proof.provedAt}.`,
    ...(readable === undefined
      ? []
      : [
          `${code(`s3://${readable.bucket}/${readable.key}`)} could be read${readable.isSame ? ', with the bytes on record' : '; its bytes are not those on record'}.`,
        ]),
    ...trailSections({ ...record, account }),
  ];
  return `${printableLines(sections.join('\n\n'))}\n`;
}
