import { accountRows, type RecordHead } from './head.ts';
import { code, table } from './markdown.ts';
import type { Trail } from './trail.ts';
import { listCallers } from './who-did-what.ts';

/** What a record says of the data that was read with the key after an import. */
export type ProofRecord = {
  readonly proof?: { readonly keyMaterialId: string; readonly provedAt: string };
  /** Why no data key was decrypted. Absent when one was. */
  readonly notOpened?: 'Disabled' | 'refused';
  readonly readable?: { readonly bucket: string; readonly key: string; readonly isSame: boolean };
};

/** What a record says of a key whose material was imported again. */
type KeyRecord = Pick<RecordHead, 'account'> &
  Pick<Trail, 'sessions' | 'steps'> & {
    readonly key: { readonly keyArn: string; readonly keyState: string };
    readonly before: { readonly asOf: string; readonly keyState: string };
  };

/** Gives the table with the key before and after an import, the account, and who did it. */
export function keyTable({ key, account, before, sessions, steps }: KeyRecord): string {
  return table([
    ['Key ARN', code(key.keyArn)],
    ['Key state before', `${before.keyState}, as of ${before.asOf}`],
    ['Key state after', key.keyState],
    ...accountRows({ account }),
    ['Done by', listCallers({ sessions, steps, account })],
  ]);
}

/** Gives the section about the data that was read with the key after an import. */
export function proofSection({ proof, notOpened, readable }: ProofRecord): readonly string[] {
  return [
    '## Proof',
    proof === undefined
      ? `${notOpened === 'refused' ? 'The caller may not use the key' : 'The key was Disabled'}: nothing was opened with it.`
      : `A data key was opened by material ${code(proof.keyMaterialId)} at ${proof.provedAt}.`,
    ...(readable === undefined
      ? []
      : [
          `${code(`s3://${readable.bucket}/${readable.key}`)} could be read${readable.isSame ? ', with the bytes on record' : '; its bytes are not those on record'}.`,
        ]),
  ];
}
