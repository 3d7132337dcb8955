import type { KeyTag } from '../aws/key-attributes.ts';
import type { PermissionTest } from '../aws/permission-check.ts';

/** A key that somebody else made, as it was when this ceremony found it. The ceremony changes only its material. */
export type ExistingKey = {
  /** When KMS was asked, ISO 8601. */
  readonly asOf: string;
  readonly description: string;
  /** The key policy as KMS gave it, JSON. Null when the caller may not read it. */
  readonly policy: string | null;
  /** Null when the caller may not list them. */
  readonly tags: readonly KeyTag[] | null;
  readonly isMultiRegion: boolean;
  /** What IAM and the key policy say of the caller's own permissions. */
  readonly test: PermissionTest;
  /** The actions with the key, such as `kms:Decrypt`, that KMS refused the caller in a dry run. */
  readonly refusedUses: readonly string[];
};
