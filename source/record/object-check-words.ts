/** How an encrypted object was checked. */
export type ObjectCheck = {
  /** True when S3 named the right KMS key for the object, and its bytes were read back with the same SHA-256. */
  readonly verified: boolean;
  /**
   * What named the KMS key when the caller may not read the object back, so that its bytes were not compared: a look at the
   * object, or S3's answer to the upload. Absent when `verified`.
   */
  readonly keyNamedBy?: 'look' | 'upload answer';
};

/** Says for the records how an object was checked. @param verified the words for an object that was read back. */
export function objectCheckWords(check: ObjectCheck, verified: string): string {
  if (check.verified) return verified;
  if (check.keyNamedBy === undefined) return 'no';
  return check.keyNamedBy === 'look'
    ? 'key only: not read back'
    : 'key only, from the answer to the upload: not read back';
}

/** Says what was not checked, when an object was not read back; else gives nothing. */
export function unreadWords(checks: readonly ObjectCheck[]): readonly string[] {
  const isNamedBy = (way: ObjectCheck['keyNamedBy']) => checks.some(({ keyNamedBy }) => keyNamedBy === way);
  return [
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
