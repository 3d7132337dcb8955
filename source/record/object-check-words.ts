/** How an object was checked: see `EncryptedObject` in `steps/facts.ts`. */
export type ObjectCheck = { readonly verified: boolean; readonly keyNamedBy?: 'look' | 'upload answer' };

/** Says for the records how an object was checked. @param verified the words for an object that was read back. */
export function objectCheckWords(check: ObjectCheck, verified: string): string {
  if (check.verified) return verified;
  if (check.keyNamedBy === undefined) return 'no';
  return check.keyNamedBy === 'look' ? 'key only: not read back' : 'not read back: key by the answer to the upload';
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
