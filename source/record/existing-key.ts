import { code, inline, tableWithHead } from './markdown.ts';

// Pages: KMS developer guide, "Default key policy".

/** The part of a record about a key that somebody else made. The ceremony changed nothing of the key but its material. */
export type RecordedExistingKey = {
  /** When the key was read with this policy and these tags, ISO 8601. */
  readonly asOf: string;
  /** Null when the caller may not list the tags. */
  readonly tags: readonly { readonly key: string; readonly value: string }[] | null;
  readonly isMultiRegion: boolean;
  /** For each principal of the key policy, what the policy allows: `yes`, `no` or `maybe`. Null when it could not be read. */
  readonly whoCanWhat:
    | readonly {
        readonly principal: string;
        readonly manage: string;
        readonly import: string;
        readonly use: string;
        readonly deleteMaterial: string;
        readonly deleteKey: string;
        readonly changePolicy: string;
        readonly makeGrants: string;
      }[]
    | null;
};

/** Gives the rows for the first table of the record: the origin of the key, its tags, and that it is multi-Region if it is. */
export function existingRows(
  { createdAt }: { readonly createdAt: string },
  { tags, isMultiRegion }: RecordedExistingKey,
): readonly (readonly string[])[] {
  return [
    ['Key made', `at ${createdAt}, by somebody else`],
    ['Tags', tags === null ? 'not known: the caller may not list them' : tagsCell(tags)],
    ...(isMultiRegion ? [['Multi-Region', 'primary key']] : []),
  ];
}

/** Gives tags as the cell of a table, a line for each; `(none)` without tags. */
export function tagsCell(tags: NonNullable<RecordedExistingKey['tags']>): string {
  return tags.map(({ key, value }) => `${inline(key)} = ${inline(value)}`).join('<br>') || '(none)';
}

/** Says in Markdown what the key policy allows to whom, or that this is not known. */
export function abilitiesSection({ asOf, whoCanWhat: abilities }: RecordedExistingKey): readonly string[] {
  if (abilities === null) return ['Not known: the caller may not read the key policy.'];
  return [
    `By the key policy as it was read at ${asOf}. The policy itself is not in this record. "maybe": a condition decides. What it allows to the account root, IAM can give to anybody of the account.`,
    tableWithHead(
      ['Who', 'Manage', 'Import', 'Use', 'Delete material', 'Delete key', 'Change the policy', 'Make grants'],
      abilities.map((row) => [
        code(row.principal),
        row.manage,
        row.import,
        row.use,
        row.deleteMaterial,
        row.deleteKey,
        row.changePolicy,
        row.makeGrants,
      ]),
    ),
  ];
}
