import { code, inline } from './markdown.ts';

// Pages: KMS developer guide, "Special considerations for imported key material", "Reimport key material".

/** The secret key in a record. Nothing of it is secret. */
type SecretRecord = SecretHere | SecretElsewhere;

type SecretHere = {
  /** `generated` when Keyferry made the secret key. */
  readonly origin: 'generated' | 'file';
  /** The length of the secret key. */
  readonly bytes: number;
  readonly checkValue: { readonly method: string; readonly value: string };
  /** The check value that HSMs print. Absent when an older version began the ceremony. */
  readonly zeroBlockCheckValue?: string;
  /** The name of the file with the plain key. Absent when there was no such file. */
  readonly file?: string;
  readonly plainKey: 'kept' | 'destroyed' | 'none';
  /**
   * `shown`: a comparison has shown that the secret is the material in KMS. `other`: it is not. `not shown`: a person wrapped
   * the secret, and KMS did not compare.
   */
  readonly inKms: 'shown' | 'other' | 'not shown';
};

/** A key that is kept elsewhere. Keyferry never saw its bytes, so everything here is stated and nothing checked. */
type SecretElsewhere = {
  readonly origin: 'elsewhere';
  readonly keeper: string;
  readonly statedCheckValue?: { readonly method: string; readonly value: string };
  readonly checked: false;
  readonly inKms: 'not shown';
};

/** The parts of a record about the secret key. */
export type SecretParts = {
  readonly secret: SecretRecord;
  /** The encrypted backup of the secret. Absent when Keyferry made none. */
  readonly backup?: {
    readonly file: string;
    readonly by: 'passphrase' | 'recipients';
    readonly sha256: string;
    readonly recipients: readonly string[];
    /** `opened`: the file opened to the same key. `written`: nothing here could open it, and only its bytes were compared. */
    readonly proven: 'opened' | 'written';
  };
  /** The copies of the key that Keyferry knew when it wrote the record. Empty when the secret is not the key in KMS. */
  readonly copies: {
    readonly asOf: string;
    readonly known: readonly {
      readonly kind: 'plain file' | 'own file' | 'backup';
      /** The name of the file in the ceremony's folder. Absent for the person's own file, whose path is not recorded. */
      readonly file?: string;
    }[];
  };
};

/** The parts of a record that {@link secretSection} writes or names. */
type WrittenParts = SecretParts & {
  readonly wrapping: { readonly wrappedFile: string };
  readonly material: { readonly keyMaterialId: string };
};

/** Gives what is known of the secret key, its backup and its copies, as paragraphs of Markdown. */
export function secretSection(record: WrittenParts): readonly string[] {
  const { secret } = record;
  if (secret.origin === 'elsewhere') return elsewhereWords(secret, record);
  return [
    `${secret.bytes} bytes, ${secret.origin === 'generated' ? 'made here' : 'brought as a file'}. ${checkValueWords(secret)}`,
    ...inKmsWords(secret, record),
    plainKeyWords(secret, record),
    backupWords(secret, record),
    copiesWords(secret, record),
    'If the material is deleted or expires, import the same 32 bytes again into the same KMS key, with `keyferry reimport` or by hand: the bytes that were imported, and no others. Other bytes are refused, and another KMS key cannot decrypt what this one encrypted.',
  ];
}

/** Gives the check value with its method, and after it the zero-block check value when there is one. */
function checkValueWords({ checkValue, zeroBlockCheckValue }: SecretHere): string {
  const zeroBlock =
    zeroBlockCheckValue === undefined ? '' : `, or ${zeroBlockCheckValue} (zero block, which HSMs print)`;
  return `Key check value ${checkValue.value} (${checkValue.method})${zeroBlock}.`;
}

/** Says what was stated of a key that is kept elsewhere, and what only its keeper can do. */
function elsewhereWords(
  { keeper: name, statedCheckValue }: SecretElsewhere,
  { wrapping }: WrittenParts,
): readonly string[] {
  const keeper = inline(name);
  const stated = `stated by ${keeper}, not checked`;
  return [
    `Kept by ${keeper}: ${stated}. Keyferry never saw its bytes. It was given the wrapped file ${code(wrapping.wrappedFile)}, and KMS took what is in it as the material. That this is the key that ${keeper} keeps is ${stated}.`,
    statedCheckValue === undefined
      ? 'No key check value was stated.'
      : `Key check value ${statedCheckValue.value} (${statedCheckValue.method}): ${stated}.`,
    `No backup was made here. The copy that ${keeper} keeps counts as the backup: ${stated}.`,
    `If the material is deleted or expires, ${keeper} must wrap the same key again, under a new wrapping key of the same KMS key: \`keyferry reimport-wrapped\` fetches that and imports the file. Other bytes are refused, and another KMS key cannot decrypt what this one encrypted. If ${keeper} loses the key, everything under this KMS key is lost with it.`,
  ];
}

/**
 * Gives the warning about a secret that is not the material in KMS (`other`), or that nobody has compared with the material
 * (`not shown`). Gives an empty list when the comparison has shown that the two are the same.
 */
function inKmsWords(secret: SecretHere, { wrapping, material }: WrittenParts): readonly string[] {
  if (secret.inKms === 'shown') return [];
  const byPerson = `The file ${code(wrapping.wrappedFile)} was wrapped by a person, not by Keyferry.`;
  if (secret.inKms === 'not shown')
    return [
      `**This secret is not shown to be the key in KMS.** ${byPerson} Nothing was left to compare it with. ${code('keyferry check-backup')} lets KMS compare a backup.`,
    ];
  return [
    `**This secret is NOT the key in KMS.** ${byPerson} KMS refused this secret as other bytes than the material ${code(material.keyMaterialId)}. The check value above is that of this secret; the check value of the material in KMS is not known here.`,
    'What to do: find the bytes that were wrapped and keep a copy safe, before the material expires or is deleted; only they can bring the key back. Prove that copy: encrypt it with age, then `keyferry check-backup FILE`. Where nobody has these bytes, make another key and move what is encrypted to it.',
  ];
}

/** Says where the plain key is, or what became of it. */
function plainKeyWords(secret: SecretHere, { copies }: WrittenParts): string {
  const file = code(secret.file ?? '');
  switch (secret.plainKey) {
    case 'kept':
      // When the secret is not the key in KMS, `copies` is empty and tells nothing about the file.
      return secret.inKms === 'other' || copies.known.some(({ kind }) => kind === 'plain file')
        ? `It is in ${file}. AWS cannot give it back: keep it in a safe place that is not this machine.`
        : `It was kept in ${file}, where it was no longer when this was written.`;
    case 'destroyed':
      return 'Its file was destroyed here.';
    case 'none':
      return secret.file === undefined
        ? 'It was in memory alone while it was imported.'
        : `It was in ${file}, where it was no longer when the ceremony finished.`;
  }
}

/** Lists the copies of the key, or warns that there is none. */
function copiesWords(secret: SecretHere, { copies: { asOf, known } }: WrittenParts): string {
  if (known.length === 0)
    return `**There is no copy of the key anywhere that Keyferry knows of**, as of ${asOf}. If the material expires or is deleted, everything under the key is lost. What to do now: see to it that nobody deletes the material or the key. Before anything that must last is encrypted under it, bring another key, with a backup. Where somebody keeps the bytes, prove that copy with ${code('keyferry check-backup')}.`;
  const names = known.map(({ kind, file }) =>
    kind === 'own file'
      ? 'the file that it was taken from'
      : `${code(file ?? '')}${kind === 'plain file' ? ', the plain key' : ''}`,
  );
  const subject = secret.inKms === 'shown' ? 'the key' : 'this secret';
  return `Copies of ${subject} that Keyferry knew of, as of ${asOf}: ${names.join('; ')}. AWS cannot give it back.`;
}

/** Says what kind of backup there is, how it was proven, and whether it was gone at the end; or that none was made. */
function backupWords(secret: SecretHere, { backup, copies }: WrittenParts): string {
  if (backup === undefined) return 'No backup was made here; it was declined.';
  const encryptedTo =
    backup.by === 'passphrase' ? 'under a passphrase' : `to ${backup.recipients.map(code).join(', ')}`;
  const proof =
    backup.proven === 'opened'
      ? 'It was read back from the disk and opened to the same key'
      : 'It was read back from the disk and compared byte for byte; nothing here could open it';
  const subject = secret.inKms === 'shown' ? 'The backup' : 'The backup of this secret';
  const otherKeyWarning = secret.inKms === 'other' ? ' It is **not** a backup of the key in KMS.' : '';
  // When the secret is not the key in KMS, `copies` is empty and tells nothing about the backup.
  const isThere = secret.inKms === 'other' || copies.known.some(({ kind }) => kind === 'backup');
  const goneWarning = isThere ? '' : ' **It was gone or had changed when this was written.**';
  return `${subject} is ${code(backup.file)}, encrypted with age ${encryptedTo}. ${proof}. Its SHA-256 is ${code(backup.sha256)}.${otherKeyWarning}${goneWarning}`;
}
