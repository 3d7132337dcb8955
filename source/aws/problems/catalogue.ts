import { accessEntries } from './access.ts';
import { byHandEntries } from './by-hand.ts';
import { credentialEntries } from './credentials.ts';
import { diskEntries } from './disk.ts';
import type { Help, KnownError } from './entry.ts';
import { importEntries } from './import.ts';
import { kmsEntries } from './kms.ts';
import { networkEntries } from './network.ts';
import { bucketEntries } from './s3-buckets.ts';
import { objectEntries } from './s3-objects.ts';
import { sharedConfigEntries } from './shared-config.ts';

/** The one table of errors. */
export const entries: readonly KnownError[] = [
  ...importEntries,
  ...kmsEntries,
  ...accessEntries,
  ...credentialEntries,
  ...sharedConfigEntries,
  ...bucketEntries,
  ...objectEntries,
  ...networkEntries,
  ...diskEntries,
  ...byHandEntries,
];

/** `KMS.NotFoundException` in S3's answers, `NotFound` on the wire of IAM: the same entry as `NotFoundException`. */
const bare = (name: string) =>
  name
    .replace(/^.*[#.]/, '')
    .replace(/exception$/i, '')
    .toLowerCase();

const exact = new Map<string, KnownError>();
const byBareName = new Map<string, KnownError>();
for (const entry of entries) {
  for (const name of entry.names) {
    exact.set(name, entry);
    if (!byBareName.has(bare(name))) byBareName.set(bare(name), entry);
  }
}

/** Every name that the table knows. */
export const knownNames: readonly string[] = [...exact.keys()];

/**
 * Gives the entry for an error's name, as services and SDKs spell it; `undefined` for a name that the table does not
 * have.
 */
export function findEntry(name: string): KnownError | undefined {
  return exact.get(name.replace(/^.*[#.]/, '')) ?? byBareName.get(bare(name));
}

/** Gives the help of an entry, made more exact by AWS's message and by the operation when they are known. */
export function readingOf(
  entry: KnownError,
  { message = '', operation = '' }: { message?: string | undefined; operation?: string | undefined },
): Help {
  const reading = entry.readings?.find(
    ({ says, in: place }) =>
      (says === undefined || says.test(message)) && (place === undefined || place.test(operation)),
  );
  if (reading === undefined) return entry;
  const { says: _says, in: _in, ...sharper } = reading;
  return { ...entry, ...sharper };
}
