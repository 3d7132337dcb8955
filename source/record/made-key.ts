import { tagsCell } from './existing-key.ts';
import { code } from './markdown.ts';

/** What the ceremony chose for the key that it made. Records of earlier versions do not have this. */
export type RecordedChoices = {
  /** The person's own tags, which a bucket that the ceremony made has too. */
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly isMultiRegion: boolean;
  /** The id of the key from which the alias was moved. Absent when the alias was free. */
  readonly aliasFrom?: string;
};

/** Gives the rows about these choices for the first table of the record. Leaves out an alias that was free, and empty tags. */
export function choiceRows({ tags, isMultiRegion, aliasFrom }: RecordedChoices): readonly (readonly string[])[] {
  return [
    ...(aliasFrom === undefined ? [] : [['Alias moved from', `key ${code(aliasFrom)}`]]),
    ...(tags.length === 0 ? [] : [['Tags', tagsCell(tags)]]),
    ['Kind, for ever', `SYMMETRIC_DEFAULT, ${isMultiRegion ? 'multi-Region primary key' : 'single-Region'}`],
  ];
}
