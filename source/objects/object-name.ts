import { basename } from 'node:path';

/** The most bytes that the name of an object may have in UTF-8. S3 user guide, "Object key naming guidelines". */
const mostNameBytes = 1024;

/**
 * Gives the name of the object to which a file is uploaded: the prefix, a slash if the prefix is not empty and does not end with
 * one, and the file's name.
 */
export const objectName = (path: string, prefix = ''): string => objectNameOf(basename(path), prefix);

/** Gives the same as {@link objectName} for a file in a named folder. @param name the path of the file in that folder. */
export function objectNameOf(name: string, prefix = ''): string {
  const separator = prefix === '' || prefix.endsWith('/') ? '' : '/';
  return `${prefix}${separator}${name}`;
}

/** Says why objects cannot have this prefix; `undefined` when they can. */
export function findPrefixProblem(prefix: string): string | undefined {
  if (prefix.startsWith('/'))
    return 'A prefix does not begin with a slash: the names of objects would begin with one, and many tools lose it.';
  // The shortest file name has one byte.
  const leastBytes = Buffer.byteLength(objectNameOf('x', prefix));
  return leastBytes > mostNameBytes ? `${tooLong} The prefix leaves no room for the name of a file.` : undefined;
}

/** Says why a file cannot have an object: the object's name would be too long. `undefined` when it is short enough. */
export function findNameProblem(name: string, prefix = ''): string | undefined {
  const bytes = Buffer.byteLength(objectNameOf(name, prefix));
  return bytes > mostNameBytes ? `${tooLong} That of ${name} would have ${bytes}.` : undefined;
}

const tooLong = 'The name of an object has at most 1024 bytes.';

/** Warns of a part `.` or `..` in a prefix, which S3 allows; `undefined` for other prefixes. */
export function oddPrefixWords(prefix: string): string | undefined {
  const dots = prefix.split('/').find((part) => part === '.' || part === '..');
  return dots === undefined
    ? undefined
    : `"${dots}" is a name like any other to S3, and does no harm there. Other tools may take it for a folder above.`;
}

/** A bucket, and the prefix of the objects in it: empty when there is none. */
export type Destination = { readonly bucket: string; readonly prefix: string };

/** Reads `s3://BUCKET/PREFIX`; `undefined` when the text has another form. */
export function readDestination(text: string): Destination | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(text.trim()) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** Gives `s3://BUCKET/PREFIX`; without a prefix, `s3://BUCKET`. */
export function destinationWords({ bucket, prefix }: Destination): string {
  return prefix === '' ? `s3://${bucket}` : `s3://${bucket}/${prefix}`;
}
