import { code } from './markdown.ts';

/**
 * What a user of the key states about the proof, which the ceremony left to them. Keyferry cannot check it, because the caller
 * may not use the key.
 */
export type UserProof = {
  /** The ARN that STS gave that user. */
  readonly openedBy: string;
  /** By the clock of that user's machine, ISO 8601. */
  readonly openedAt: string;
  /** The material that opened the data key; it is that of the ceremony. Absent when KMS gave that user no id. */
  readonly keyMaterialId?: string;
  /** When the ceremony took the result, ISO 8601. */
  readonly takenAt: string;
  /** SHA-256 of the file with the result, in hex. */
  readonly sha256: string;
};

type Proofs = {
  readonly keyMaterialId: string;
  readonly provedAt: string | null;
  readonly userProof?: UserProof | null;
};

/** Says who has shown that the key works, and when, or why nobody has. This is the cell of a Markdown table. */
export function proofWords({ keyMaterialId, provedAt, userProof }: Proofs): string {
  if (provedAt !== null) return `a data key was made and opened at ${provedAt}`;
  if (userProof === undefined) return 'nothing was opened: the caller may not use the key';
  if (userProof === null)
    return 'left to a user of the key; no result yet. That the key was Enabled with this material id is what shows the import';
  const { openedBy, openedAt, takenAt, sha256 } = userProof;
  const material =
    userProof.keyMaterialId === undefined
      ? 'KMS gave no id of the material that opened it'
      : `the material that opened it is ${userProof.keyMaterialId === keyMaterialId ? 'the one above' : code(userProof.keyMaterialId)}`;
  return `left to a user of the key. Stated by ${code(openedBy)}: a data key was made and opened at ${openedAt}; ${material}. Keyferry cannot open that data key itself. Result taken at ${takenAt}, SHA-256 ${code(sha256)}`;
}

/** Says that the ceremony has encrypted no object, and why when the uploads were left to a user of the key. */
export function noObjectsWords({ userProof }: Pick<Proofs, 'userProof'>): string {
  return userProof === undefined ? 'None yet.' : 'None here: the uploads were left to a user of the key.';
}
