/**
 * Whether the secret of the ceremony, whose check value and backup Keyferry knows, is the material in KMS. `shown`: Keyferry
 * wrapped it, or KMS accepted it as the same bytes. `other`: KMS refused it as other bytes. `not shown`: nobody knows.
 */
export type SecretInKms = 'shown' | 'other' | 'not shown';

/**
 * The expiry that was asked for in an import, and the one that KMS told afterwards: ISO 8601 or `never`. `not told`: KMS said
 * neither.
 */
export type OtherExpiry = { readonly asked: string; readonly told: string };

/** A backup that a person wants checked, before it is opened. */
export type BackupLook = {
  /** Absolute. */
  readonly file: string;
  readonly by: 'passphrase' | 'recipients';
  /** Of the file, hex. */
  readonly sha256: string;
  /** Whether the file is the backup that the first import recorded, unchanged. */
  readonly recorded: boolean;
};

/** A backup that a person wants checked, and how its KMS key is before anything is sent to KMS. */
export type BackupCheck = BackupLook & {
  readonly keyState: string;
  /**
   * When the material expires, ISO 8601, or null for never. The check sends it again, because an import replaces the expiry.
   */
  readonly validTo: string | null;
  readonly materialDescription: string | null;
};

/** What KMS answered to the check of a backup: whether the backup holds the material of the key. */
export type CheckAnswer = BackupValues & {
  readonly same: boolean;
  readonly answeredAt: string;
  /** The expiry that KMS told after the import: ISO 8601, `never` or `missing`. Absent when nothing was imported. */
  readonly found?: string;
};

/** What the bytes in a backup tell of themselves. */
export type BackupValues = {
  /** Its AES-CMAC key check value. */
  readonly checkValue: string;
  /** The check value that HSMs print. Absent in ceremonies of earlier versions. */
  readonly zeroBlockCheckValue?: string;
  /** Whether the bytes have the check value that the keeper of the key stated. Absent when none was stated. */
  readonly asStated?: boolean;
};

/**
 * How the key in a backup compares with the record. `same`: the backup holds the recorded secret, and the record does not say
 * that KMS holds other bytes. For a key that is kept elsewhere, only the stated check value is on record.
 */
export type Compared = BackupValues & {
  readonly same: boolean;
  /** What the record says about it. */
  readonly secretInKms: SecretInKms;
  readonly comparedAt: string;
};
