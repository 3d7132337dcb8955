import type { AwsSource } from '../aws/environment.ts';
import type { PermissionTest } from '../aws/permission-check.ts';
import type { WrappingAlgorithm, WrappingKeySpec } from '../material/wrapping-algorithms.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';

/** What the steps of a ceremony establish, one field a step. Goes into the journal and the record: never secret. */
export type Facts = {
  readonly connection?: Connection;
  readonly secret?: SecretKey;
  readonly description?: Description;
  readonly backup?: Backup;
  readonly people?: People;
  readonly key?: Key;
  readonly wrapping?: Wrapping;
  readonly wrapped?: Wrapped;
  readonly imported?: Imported;
  readonly proof?: Proof;
  readonly objects?: Objects;
  readonly finish?: Finish;
  readonly check?: Check;
  readonly answer?: CheckAnswer;
  readonly keyState?: string;
  /** Whether a key that was Disabled before an import is to be disabled again. */
  readonly toDisable?: boolean;
  readonly materials?: Materials;
  readonly broughtBack?: BroughtBack;
  readonly readable?: ReadableObject;
  /** Why nothing was opened with the key after it came back. */
  readonly notOpened?: 'Disabled' | 'refused';
};

/** Where credentials come from: practice AWS, or one of AWS's own sources. */
export type Source = 'practice' | AwsSource;

export type Connection = {
  readonly source: Source;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** As STS gives it; for a role, the session's ARN. */
  readonly callerArn: string;
  /** What a key policy names: the user's or the role's own ARN. */
  readonly principalArn: string;
  /** The endpoint that replaces AWS's own, for all services. Practice AWS has a different one in every run. */
  readonly endpoint?: string;
  /** The same by service, where not all of them have one and the same. */
  readonly endpoints?: { readonly kms?: string; readonly s3?: string; readonly iam?: string; readonly sts?: string };
  /** Whether practice AWS answers at that endpoint. */
  readonly practice?: boolean;
};

/** Tells whether a connection is to practice AWS, which this run serves or another program on this machine. */
export function isPractice({ source, practice }: Pick<Connection, 'source' | 'practice'>): boolean {
  return source === 'practice' || practice === true;
}

export type SecretKey = {
  readonly origin: 'generated' | 'file';
  readonly bytes: number;
  readonly checkValue: { readonly method: string; readonly value: string };
  /** The plain key in the ceremony's folder, where it was asked for; else the key is in memory alone. */
  readonly file?: string;
  /** The person's own file that it was taken from; absolute. */
  readonly source?: string;
};

/** Gives the check value as people compare it: its method is part of it. */
export function checkValueText({ checkValue }: SecretKey): string {
  return `key check value ${checkValue.value} (${checkValue.method})`;
}

export type Backup =
  | {
      readonly by: 'passphrase' | 'recipients';
      readonly file: string;
      /** Of the file, hex: tells a file that has changed from a passphrase that is wrong. */
      readonly sha256: string;
      /** Who can open it, where it was made for recipients. */
      readonly recipients: readonly string[];
      /** Read back from the disk and opened to the same key, or compared byte for byte where nothing here can open it. */
      readonly proven: 'opened' | 'written';
    }
  | { readonly by: 'declined' };

export type Description = { readonly alias: string; readonly description: string; readonly acknowledged: true };

export type People = {
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
  /** What IAM said of the caller's own permissions. */
  readonly test?: PermissionTest;
};

export type Key = {
  readonly keyId: string;
  readonly keyArn: string;
  readonly alias: string;
  readonly createdAt: string;
  /** Absent where another program made the key. */
  readonly policy?: string;
};

export type Wrapping = {
  readonly algorithm: WrappingAlgorithm;
  readonly keySpec: WrappingKeySpec;
  readonly publicKeyFile: string;
  readonly tokenFile: string;
  /** SHA-256 of the DER SubjectPublicKeyInfo, hex. */
  readonly publicKeySha256: string;
  /** Of the import token, hex. */
  readonly tokenSha256?: string;
  readonly validTo: string;
  /** SHA-256 (hex) of the wrapped file that the person had given when this key came: it is wrapped under another key. */
  readonly olderFileSha256?: string;
};

export type Wrapped = {
  readonly file: string;
  readonly bytes: number;
  readonly by: 'keyferry' | 'you';
  /** SHA-256 of the wrapped file, hex, and of the wrapping key that it was made or taken under. */
  readonly sha256?: string;
  readonly under?: string;
};

export type Imported = {
  readonly expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' | 'KEY_MATERIAL_EXPIRES';
  readonly validTo: string | null;
  readonly keyMaterialId: string;
  readonly importedAt: string;
  /** Absent in ceremonies of earlier versions, which did not ask. Read it with {@link secretInKms}. */
  readonly secretInKms?: SecretInKms;
};

/**
 * Whether the secret of the ceremony, of which Keyferry knows the check value and the backup, is the material in KMS:
 * `shown` where Keyferry wrapped it or KMS took it as the same, `other` where KMS refused it as other bytes.
 */
export type SecretInKms = 'shown' | 'other' | 'not shown';

/** Tells whether KMS holds the secret of the ceremony, as far as the facts show. */
export function secretInKms(facts: Facts): SecretInKms {
  const wrappedHere = need(facts, 'wrapped').by === 'keyferry';
  return need(facts, 'imported').secretInKms ?? (wrappedHere ? 'shown' : 'not shown');
}

export type Proof = {
  readonly keyMaterialId: string;
  readonly provedAt: string;
  /** The encrypted data key that was opened: by it, the same material shows again in years. Absent before it was kept. */
  readonly file?: string;
};

export type EncryptedObject = {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  /** Of the object's bytes, hex. */
  readonly sha256: string;
  readonly sseAlgorithm: string;
  readonly kmsKeyArn: string;
  /** Named its key, was read back, and had the same SHA-256. */
  readonly verified: boolean;
};

export type Objects = { readonly bucket: string; readonly objects: readonly EncryptedObject[] };

export type Finish = {
  readonly plainKey: 'kept' | 'destroyed' | 'none';
  readonly record: string;
  /** As KMS gave it at `keyStateAsOf`, or null where it did not say. Absent in ceremonies of version 0.1.0. */
  readonly keyState?: string | null;
  readonly keyStateAsOf?: string;
};

/** A backup that is to be checked, and the key that it is checked against, as they are before anything is sent. */
export type Check = {
  /** Absolute. */
  readonly file: string;
  readonly by: 'passphrase' | 'recipients';
  /** Of the file, hex. */
  readonly sha256: string;
  /** Whether that is the file that was made with the key, unchanged. */
  readonly recorded: boolean;
  readonly keyState: string;
  /** When the material expires: said again at the import, so that it stays. */
  readonly validTo: string | null;
  readonly materialDescription: string | null;
};

/** Every material that a key has ever had, as KMS tells it at one moment. */
export type Materials = {
  /** When KMS was asked, ISO 8601. */
  readonly asOf: string;
  readonly keyState: string;
  /** Whether the key was Disabled before this ceremony imported anything, which enables a key. */
  readonly wasDisabled: boolean;
  readonly all: readonly Material[];
};

export type Material = {
  readonly keyMaterialId: string;
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  /** Whether KMS holds its bytes. */
  readonly isImported: boolean;
  /** ISO 8601, `never`, or `unknown`: KMS tells it of what it holds, and for the rest it is what was recorded. */
  readonly expiry: string;
  readonly description: string | null;
  /** Of its bytes, where that is recorded. */
  readonly checkValue?: string;
};

/** What a reimport did. */
export type BroughtBack = {
  /** `file` is the absolute path of the copy. */
  readonly materials: readonly BroughtMaterial[];
  readonly keyState: string;
};

/** An object of the first import that was read after the key came back, and whether its bytes are those on record. */
export type ReadableObject = { readonly bucket: string; readonly key: string; readonly isSame: boolean };

/** What KMS answered: whether the backup holds the material that it was told to. */
export type CheckAnswer = { readonly same: boolean; readonly checkValue: string; readonly answeredAt: string };

/**
 * Gives a fact that an earlier step must have established.
 * @throws Error when the fact is missing. That is a defect, because the order of the steps guarantees the fact.
 */
export function need<Name extends keyof Facts>(facts: Facts, name: Name): NonNullable<Facts[Name]> {
  const fact = facts[name];
  if (fact === undefined) throw new Error(`The fact "${name}" is missing.`);
  return fact as NonNullable<Facts[Name]>;
}
