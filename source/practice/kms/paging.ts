import { AwsError } from '../aws-error.ts';

/**
 * Gives one page of a list that is sorted by `nameOf`, as the answer of an operation. The marker contains the name of the
 * last item of the page before. So no item is skipped or shown twice when items are added or removed between two pages.
 * @param member the name of the list in the answer, such as `Keys`.
 * @throws InvalidMarkerException, without a message.
 */
export function page<Item, Name extends string>(
  member: Name,
  items: readonly Item[],
  nameOf: (item: Item) => string,
  { Limit, Marker }: { readonly Limit?: number; readonly Marker?: string },
  defaultLimit: number,
): Record<string, unknown> {
  const after = Marker === undefined ? undefined : readMarker(Marker);
  const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after);
  const shown = rest.slice(0, Limit ?? defaultLimit);
  const last = shown.at(-1);
  const truncated = rest.length > shown.length;
  return {
    [member]: shown,
    ...(truncated && last !== undefined ? { NextMarker: Buffer.from(`after ${nameOf(last)}`).toString('base64') } : {}),
    Truncated: truncated,
  };
}

function readMarker(marker: string): string {
  const text = Buffer.from(marker, 'base64').toString('utf8');
  if (!text.startsWith('after ')) throw new AwsError('InvalidMarkerException');
  return text.slice('after '.length);
}
