import type { PolicyKind } from '../aws/key-policy.ts';
import type { PermissionTest } from '../aws/permission-check.ts';
import type { Tag } from '../aws/tags.ts';

/** An optional field without a reason of its own is absent only in ceremonies of earlier versions. */
export type Description = {
  readonly alias: string;
  readonly description: string;
  /** Absent when it is acknowledged later, with the plan. */
  readonly acknowledged?: true;
  /** The person's own tags, for the key and for a bucket that the ceremony makes. */
  readonly tags?: readonly Tag[];
  /** Whether the key is to be a multi-Region primary key. */
  readonly multiRegion?: boolean;
  /** The id of the key that has the alias now, and from which the alias is moved. Absent when the alias is free. */
  readonly aliasFrom?: string;
};

export type People = {
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  readonly administratorsMayDelete: boolean;
  /** Absent in ceremonies of earlier versions, which made the policy of the console. */
  readonly policyKind?: PolicyKind;
  /** Who may import: the administrators of a strict policy cannot. Absent for the policy of the console. */
  readonly importers?: readonly string[];
  /** What IAM's simulation said about the caller's own permissions. */
  readonly test?: PermissionTest;
};
