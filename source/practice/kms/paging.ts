import { AwsError } from '../aws-error.ts';

/**
 * Gives one page of a list, in the form of an operation's answer. A marker contains the name of the last item on the page
 * before. Therefore no item is left out or shown twice when items are added or removed between two pages.
 * @param member the name of the list in the answer, such as `Keys`.
 * @param items the whole list, sorted by `nameOf`.
 * @throws InvalidMarkerException, without a message.
 */
export function page<Item, Name extends string>(
  member: Name,
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { Limit, Marker }: { readonly Limit?: number; readonly Marker?: string },
  defaultLimit: number,
): Record<string, unknown> {
  const lastName = Marker === undefined ? undefined : readMarker(Marker);
  const remaining = lastName === undefined ? items : items.filter((item) => nameOf(item) > lastName);
  const pageItems = remaining.slice(0, Limit ?? defaultLimit);
  const last = pageItems.at(-1);
  const isTruncated = remaining.length > pageItems.length;
  return {
    [member]: pageItems,
    ...(isTruncated && last !== undefined
      ? { NextMarker: Buffer.from(`after ${nameOf(last)}`).toString('base64') }
      : {}),
    Truncated: isTruncated,
  };
}

/**
 * Gives the name in a marker.
 * @throws InvalidMarkerException when `page` did not make the marker.
 */
function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString('utf8');
  if (!text.startsWith('after ')) throw new AwsError('InvalidMarkerException');
  return text.slice('after '.length);
}
