import { code, inline, rows } from './markdown.ts';

/** What a record keeps of a key that somebody else made. Nothing of it but the material was changed. */
export type RecordedExistingKey = {
  /** When it was found, with this policy and these tags; ISO 8601. */
  readonly asOf: string;
  /** Null where the caller may not list them. */
  readonly tags: readonly { readonly key: string; readonly value: string }[] | null;
  readonly isMultiRegion: boolean;
  /** What the policy itself allows to whom, as it was read; null where it could not be read. */
  readonly whoCanWhat:
    | readonly {
        readonly principal: string;
        readonly manage: string;
        readonly import: string;
        readonly use: string;
        readonly delete: string;
      }[]
    | null;
};

/** Gives the rows about the making of the key, for the table at the beginning. */
export function existingRows(
  { createdAt }: { readonly createdAt: string },
  { tags, isMultiRegion }: RecordedExistingKey,
): readonly (readonly string[])[] {
  return [
    ['Key made', `at ${createdAt}, by somebody else`],
    ['Tags', tags === null ? 'not known: the caller may not list them' : tagsOf(tags)],
    ...(isMultiRegion ? [['Multi-Region', 'primary key']] : []),
  ];
}

function tagsOf(tags: NonNullable<RecordedExistingKey['tags']>): string {
  return tags.map(({ key, value }) => `${inline(key)} = ${inline(value)}`).join('<br>') || '(none)';
}

/** Gives who can do what with the key by its policy, for people. */
export function whoCanWhat({ asOf, whoCanWhat: abilities }: RecordedExistingKey): readonly string[] {
  if (abilities === null) return ['Not known: the caller may not read the key policy.'];
  return [
    `By the key policy as it was read at ${asOf}, not written here. "maybe": a condition decides. What it allows to the account root, IAM can give to anybody of the account.`,
    rows(
      ['Who', 'Change the policy', 'Import', 'Use', 'Delete key or material'],
      abilities.map((row) => [code(row.principal), row.manage, row.import, row.use, row.delete]),
    ),
  ];
}
