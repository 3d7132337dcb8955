import type { KeyTag } from '../aws/key-attributes.ts';
import type { PermissionTest } from '../aws/permission-check.ts';

/** A key that somebody else made, as it was when this ceremony found it. Nothing of it is changed but its material. */
export type ExistingKey = {
  /** When KMS was asked, ISO 8601. */
  readonly asOf: string;
  readonly description: string;
  /** As KMS gave it, or null where the caller may not read it. */
  readonly policy: string | null;
  /** Null where the caller may not list them. */
  readonly tags: readonly KeyTag[] | null;
  readonly isMultiRegion: boolean;
  /** What IAM and the key policy say of the caller's own permissions. */
  readonly test: PermissionTest;
  /** What KMS itself refuses the caller of the use of the key. */
  readonly refusedUses: readonly string[];
};
