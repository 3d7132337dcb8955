import { importTlsRows } from './calls.ts';
import { accountRows, type RecordHead } from './head.ts';
import { code, tableWithoutHead } from './markdown.ts';
import type { Trail } from './trail.ts';
import { listCallers } from './who-did-what.ts';

/** The part of a record about data that was read with the key after an import. */
export type ProofRecord = {
  /** A data key that the key decrypted, and the material that KMS used for it. */
  readonly proof?: { readonly keyMaterialId: string; readonly provedAt: string };
  /** Why no data key was decrypted: the key was Disabled, or the caller may not use the key. Absent when one was decrypted. */
  readonly notOpened?: 'Disabled' | 'refused';
  /** An object that could be read. `isSame` tells whether its bytes are those on record. */
  readonly readable?: { readonly bucket: string; readonly key: string; readonly isSame: boolean };
};

/** The part of a record about a key whose material was imported again, with the state of the key before. */
type KeyRecord = Pick<RecordHead, 'account'> &
  Pick<Trail, 'sessions' | 'steps' | 'calls'> & {
    readonly key: { readonly keyArn: string; readonly keyState: string };
    readonly before: { readonly asOf: string; readonly keyState: string };
  };

/**
 * Gives the first table of a record: the key before and after an import, the account, how the connection of the import was
 * encrypted if that was noted, and who did the steps.
 */
export function keyTable({ key, account, before, sessions, steps, calls }: KeyRecord): string {
  return tableWithoutHead([
    ['Key ARN', code(key.keyArn)],
    ['Key state before', `${before.keyState}, as of ${before.asOf}`],
    ['Key state after', key.keyState],
    ...accountRows({ account }),
    ...importTlsRows(calls),
    ['Done by', listCallers({ sessions, steps, account })],
  ]);
}

/** Gives the section about the data that was read with the key after an import, or about why none was read. */
export function proofSection({ proof, notOpened, readable }: ProofRecord): readonly string[] {
  const obstacle = notOpened === 'refused' ? 'The caller may not use the key' : 'The key was Disabled';
  const comparison = readable?.isSame ? ', with the bytes on record' : '; its bytes are not those on record';
  return [
    '## Proof',
    proof === undefined
      ? `${obstacle}: nothing was opened with it.`
      : `A data key was opened by ${proof.keyMaterialId === '' ? 'a material of which KMS gave no id,' : `material ${code(proof.keyMaterialId)}`} at ${proof.provedAt}.`,
    ...(readable === undefined
      ? []
      : [`${code(`s3://${readable.bucket}/${readable.key}`)} could be read${comparison}.`]),
  ];
}
