import mime from 'mime';

/** Gives the media type that the extension of a name stands for, such as `text/csv`; `undefined` for other names. */
export function contentTypeOf(name: string): string | undefined {
  return mime.getType(name) ?? undefined;
}
