import type { AwsSource } from '../aws/environment.ts';
import type { WrappingAlgorithm, WrappingKeySpec } from '../material/wrapping-algorithms.ts';
import type { AcceptedLock, ObjectCheck } from '../record/object-check-words.ts';
import type { BroughtMaterial } from '../record/reimport-record.ts';
import type { Backup } from './backup-fact.ts';
import type { BackupCheck, BackupLook, CheckAnswer, Compared, OtherExpiry, SecretInKms } from './check-facts.ts';
import type { Description, People } from './chosen-facts.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import type { SecretKey } from './secret-key-fact.ts';
import type { SetUp } from './set-up-fact.ts';
import type { LeftToUser } from './user-proof-fact.ts';

export type { Description, People };

/** The facts that the steps of a ceremony establish. They go into the journal and the record, so they are never secret. */
export type Facts = {
  readonly connection?: Connection;
  readonly setUp?: SetUp;
  readonly secret?: SecretKey;
  readonly description?: Description;
  readonly backup?: Backup;
  readonly people?: People;
  readonly key?: Key;
  readonly existing?: ExistingKey;
  readonly wrapping?: Wrapping;
  readonly wrapped?: Wrapped;
  readonly imported?: Imported;
  readonly proof?: Proof;
  readonly leftToUser?: LeftToUser;
  readonly objects?: Objects;
  readonly finish?: Finish;
  readonly check?: BackupCheck;
  readonly answer?: CheckAnswer;
  readonly look?: BackupLook;
  readonly compared?: Compared;
  readonly keyState?: string;
  /** Whether a key that was Disabled before an import is to be disabled again. */
  readonly toDisable?: boolean;
  readonly materials?: Materials;
  readonly broughtBack?: BroughtBack;
  readonly readable?: ReadableObject;
  /** Why nothing was opened with the key after the import. */
  readonly notOpened?: 'Disabled' | 'refused';
};

/** Where credentials come from: practice AWS, or one of AWS's own sources. */
export type Source = 'practice' | AwsSource;

export type Connection = {
  readonly source: Source;
  readonly region: string;
  readonly accountId: string;
  readonly partition: string;
  /** The ARN of the caller as STS gives it. For a role, it is the ARN of the role's session. */
  readonly callerArn: string;
  /**
   * The ARN that a key policy must name for the caller: that of the user, or of the role itself. When it is unknown, the same
   * as `callerArn`.
   */
  readonly principalArn: string;
  /**
   * Present when IAM did not confirm `principalArn`, with the reason, which has no full stop. `derived`: it follows from the
   * profile. Earlier versions did not note it.
   */
  readonly unconfirmed?: { readonly is: 'derived' | 'unknown'; readonly why: string };
  /** The endpoint that replaces AWS's own, for all services. Practice AWS has a different one in every run. */
  readonly endpoint?: string;
  /** The endpoints that replace AWS's own, by service, when not all services have the same. */
  readonly endpoints?: { readonly kms?: string; readonly s3?: string; readonly iam?: string; readonly sts?: string };
  /** The hosts of endpoints that are not AWS's own and that the person has confirmed by typing them. */
  readonly trustedHosts?: readonly string[];
  /** Whether practice AWS answers at that endpoint. */
  readonly practice?: boolean;
};

/** Tells whether a connection is to practice AWS, served by this run or by another program on this machine. */
export function isPractice({ source, practice }: Pick<Connection, 'source' | 'practice'>): boolean {
  return source === 'practice' || practice === true;
}

export type Key = {
  readonly keyId: string;
  readonly keyArn: string;
  readonly alias: string;
  readonly createdAt: string;
  /** Absent when another program made the key. */
  readonly policy?: string;
  /** Set when the implications of imported material were acknowledged with the plan, and not with the description. */
  readonly acknowledged?: 'with the plan';
};

export type Wrapping = {
  readonly algorithm: WrappingAlgorithm;
  readonly keySpec: WrappingKeySpec;
  readonly publicKeyFile: string;
  readonly tokenFile: string;
  /** SHA-256 of the DER SubjectPublicKeyInfo, hex. */
  readonly publicKeySha256: string;
  /** Who sent the wrapping key. Absent in ceremonies of earlier versions, and without `issuer` when there was no TLS. */
  readonly sentBy?: { readonly host: string; readonly issuer?: string };
  /** Of the import token, hex. Absent in ceremonies of earlier versions. */
  readonly tokenSha256?: string;
  /** When the wrapping key and the token expire, ISO 8601. */
  readonly validTo: string;
  /**
   * SHA-256 (hex) of the wrapped file that the person gave before this wrapping key was fetched. That file is wrapped under
   * an older wrapping key, so that KMS would refuse it.
   */
  readonly olderFileSha256?: string;
};

/** The wrapped secret. */
export type Wrapped = {
  /** Its path: relative to the ceremony's folder for a file in it, else absolute. */
  readonly file: string;
  /** The length of the file. */
  readonly bytes: number;
  /** Who wrapped the secret: Keyferry, or the person by hand. */
  readonly by: 'keyferry' | 'you';
  /** SHA-256 of the wrapped file, hex. */
  readonly sha256?: string;
  /** SHA-256 of the wrapping public key under which the file was wrapped, hex, as in `Wrapping.publicKeySha256`. */
  readonly under?: string;
};

export type Imported = {
  readonly expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' | 'KEY_MATERIAL_EXPIRES';
  readonly validTo: string | null;
  readonly keyMaterialId: string;
  readonly importedAt: string;
  /** Absent in ceremonies of earlier versions, which did not ask KMS. Read this field with {@link secretInKms}. */
  readonly secretInKms?: SecretInKms;
  /** The uses of the key that KMS refused the caller in a dry run. Absent when there are none, or when KMS was not asked. */
  readonly refusedUses?: readonly string[];
  /** Present only when KMS told another expiry after the import than was asked for. */
  readonly otherExpiry?: OtherExpiry;
};

/** Tells whether KMS holds the secret of the ceremony, as far as the facts show it. */
export function secretInKms(facts: Facts): SecretInKms {
  // Earlier versions did not record the answer. What Keyferry itself wrapped was the secret.
  const wrappedHere = need(facts, 'wrapped').by === 'keyferry';
  return need(facts, 'imported').secretInKms ?? (wrappedHere ? 'shown' : 'not shown');
}

export type Proof = {
  readonly keyMaterialId: string;
  readonly provedAt: string;
  /** The file with the encrypted data key: see `proofFile`. Absent in ceremonies of versions that did not keep it. */
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
  /** Present when S3 encrypts the object with the bucket's own key of KMS (S3 Bucket Key). */
  readonly bucketKey?: true;
} & ObjectCheck;

export type Objects = {
  /** Empty when nothing was uploaded, because the person left that for later or to a user of the key. */
  readonly bucket: string;
  /** Absent when the objects have the names of their files alone. */
  readonly prefix?: string;
  /** Empty when they are many: then the manifest alone lists them. */
  readonly objects: readonly EncryptedObject[];
  /** How many objects there are, of how many bytes together. Absent in ceremonies of earlier versions. */
  readonly count?: number;
  readonly bytes?: number;
  /** How many of them were in the bucket already, with the same bytes, under the key. */
  readonly found?: number;
  /** How many were read back. */
  readonly readBack?: number;
  /** How many have bytes that were not compared: S3 confirmed no checksum, and the caller may not read them. Absent when none. */
  readonly unconfirmed?: number;
  /** How many things in folders were left out, such as symbolic links. */
  readonly leftOut?: number;
  /** Present when the bucket may keep objects longer than the material lives, and the person accepted that. */
  readonly acceptedLock?: AcceptedLock;
  /** The file that lists all objects, and its SHA-256 (hex). */
  readonly manifest?: { readonly file: string; readonly sha256: string };
};

/** Gives how many objects there are. Earlier versions listed all of them. */
export const countOf = ({ count, objects }: Pick<Objects, 'count' | 'objects'>): number => count ?? objects.length;

export type Finish = {
  /** What became of the plain key file. `none`: no such file held the key. */
  readonly plainKey: 'kept' | 'destroyed' | 'none';
  /** The file name of the record. */
  readonly record: string;
  /**
   * The state that KMS told at `keyStateAsOf`, or null when KMS could not be asked. Absent in ceremonies of version 0.1.0.
   */
  readonly keyState?: string | null;
  readonly keyStateAsOf?: string;
};

/** Every material that a key has ever had, as KMS tells it at one moment. */
export type Materials = {
  /** When KMS was asked, ISO 8601. */
  readonly asOf: string;
  readonly keyState: string;
  /** Whether the key was Disabled before this ceremony imported anything. An import enables a key. */
  readonly wasDisabled: boolean;
  readonly all: readonly Material[];
};

export type Material = {
  readonly keyMaterialId: string;
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  /** Whether KMS holds the bytes of the material. */
  readonly isImported: boolean;
  /**
   * ISO 8601, `never`, or `unknown`. KMS tells it only for material that it holds; for other material it is from the record.
   */
  readonly expiry: string;
  readonly description: string | null;
  /** The key check value of its bytes, when one is recorded. */
  readonly checkValue?: string;
};

/** What a reimport did. */
export type BroughtBack = {
  /** `file` is the absolute path of the copy. */
  readonly materials: readonly BroughtMaterial[];
  readonly keyState: string;
};

/** An object of the first import that was read after the key came back. `isSame`: its bytes are the recorded ones. */
export type ReadableObject = { readonly bucket: string; readonly key: string; readonly isSame: boolean };

/**
 * Gives a fact that an earlier step must have established.
 * @throws Error when the fact is missing. That is a defect, because the order of the steps guarantees the fact.
 */
export function need<Name extends keyof Facts>(facts: Facts, name: Name): NonNullable<Facts[Name]> {
  const fact = facts[name];
  if (fact === undefined) throw new Error(`The fact "${name}" is missing.`);
  return fact as NonNullable<Facts[Name]>;
}
