import { code } from './markdown.ts';

/** How an encrypted object was checked. */
export type ObjectCheck = {
  /** True when S3 named the right KMS key for the object, and its bytes are those of the file: see `checkedBy`. */
  readonly verified: boolean;
  /** `checksum`: S3 confirmed the CRC32 of all bytes, and they were not read back. Absent when they were read back. */
  readonly checkedBy?: 'checksum';
  /**
   * What named the KMS key when the caller may not read the object back, so that its bytes were not compared: a look at the
   * object, or S3's answer to the upload. Absent when `verified`, and in ceremonies of earlier versions.
   */
  readonly keyNamedBy?: 'look' | 'upload answer';
};

/** An Object Lock in mode COMPLIANCE that was accepted: for how long, and when the material expires (ISO 8601). */
export type AcceptedLock = { readonly period: string; readonly validTo: string };

/** What is known of all objects together: see `Objects` in `steps/facts.ts`. */
export type ObjectTotals = {
  readonly count: number;
  /** In bytes. */
  readonly bytes: number;
  /** How many were there already, with the same bytes, under the key. */
  readonly found: number;
  /** How many have bytes that were not compared: S3 confirmed no checksum, and the caller may not read them. */
  readonly unconfirmed: number;
  readonly acceptedLock?: AcceptedLock;
  /** The file that lists all objects, and its SHA-256 in hex. */
  readonly manifest: { readonly file: string; readonly sha256: string };
};

/**
 * Says how many objects there are, how many of them were there already, and how many have bytes that were not compared. Also names
 * the file that lists all of them, and says what was accepted about Object Lock.
 */
export function totalsWords({ count, bytes, found, unconfirmed, acceptedLock, manifest }: ObjectTotals): string {
  const foundPart =
    found === 0
      ? ''
      : ` ${found} of them ${found === 1 ? 'was' : 'were'} there already, with the same bytes, under the key.`;
  const unconfirmedPart = unconfirmed === 0 ? '' : ` ${unconfirmedWords(unconfirmed)}`;
  const lockPart =
    acceptedLock === undefined
      ? ''
      : ` Nobody can remove them for ${acceptedLock.period} (Object Lock, COMPLIANCE), and the material was to expire at ${acceptedLock.validTo}. That they may outlive it was accepted by typing the name of the bucket.`;
  return `${objectCount(count)}, ${bytes} bytes.${foundPart} ${code(manifest.file)} lists every object with its SHA-256, CRC32 and what S3 said of it; the SHA-256 of this file was ${code(manifest.sha256)}.${unconfirmedPart}${lockPart}`;
}

/** Says for the records how an object was checked. @param verified the words for an object that was read back. */
export function objectCheckWords(check: ObjectCheck, verified: string): string {
  if (check.checkedBy === 'checksum') return 'key, and checksum of all bytes';
  if (check.verified) return verified;
  // An earlier version wrote the journal.
  if (check.keyNamedBy === undefined) return 'no';
  return check.keyNamedBy === 'look'
    ? 'key only: not read back'
    : 'key only, from the answer to the upload: not read back';
}

/** Says how an object was checked when the person chose not to read it back. */
export const checksumWords =
  'S3 named the key, and compared the CRC32 of all bytes with that of the file. They were not read back.';

const objectCount = (count: number) => (count === 1 ? '1 object' : `${count} objects`);

/** Says how many objects were read back. */
export const readBackWords = (count: number) =>
  `S3 named the key for ${objectCount(count)}, and ${count === 1 ? 'it was' : 'each was'} read back with the bytes of its file.`;

/** Says of how many objects the bytes were not compared. */
export const unconfirmedWords = (count: number) =>
  `S3 named no checksum of ${objectCount(count)}, and the caller may not read ${count === 1 ? 'it' : 'them'} (s3:GetObject): the bytes were not compared.`;

/**
 * Says for objects that were not read back what was checked in place of that. Gives an empty list when all were read back, or when
 * an earlier version did not note what it checked.
 */
export function unreadWords(checks: readonly ObjectCheck[]): readonly string[] {
  const isNamedBy = (source: ObjectCheck['keyNamedBy']) => checks.some(({ keyNamedBy }) => keyNamedBy === source);
  return [
    ...(checks.some(({ checkedBy }) => checkedBy === 'checksum') ? [checksumWords] : []),
    ...(isNamedBy('upload answer')
      ? [
          "S3's answer to the upload named the key. The object was not read back: the caller may not read it (s3:GetObject).",
        ]
      : []),
    ...(isNamedBy('look')
      ? [
          'S3 named the key when it was asked. The object was not read back: the caller may not decrypt it (kms:Decrypt).',
        ]
      : []),
  ];
}
