import { AwsError } from '../aws-error.ts';

/**
 * Gives one page of a list that is sorted by `nameOf`. The marker names the last item of the page before, so that what
 * is added or removed between two pages moves nothing.
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
