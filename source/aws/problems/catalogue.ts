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

/** All entries of the table of errors. Where two entries have the same bare name, the first one counts. */
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

/**
 * Gives an error's name in small letters, without what is before a dot or `#` and without `Exception` at the end. S3 writes
 * `KMS.NotFoundException` and IAM writes `NotFound` for what the table has as `NotFoundException`.
 */
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

/** Gives the entry for an error's name in any spelling, or `undefined` when the table does not have the name. */
export function findEntry(name: string): KnownError | undefined {
  return exact.get(name.replace(/^.*[#.]/, '')) ?? byBareName.get(bare(name));
}

/** Gives the help of an entry, made more exact by its first reading that fits AWS's message and the operation. */
export function chooseReading(
  entry: KnownError,
  { message = '', operation = '' }: { message?: string | undefined; operation?: string | undefined },
): Help {
  const reading = entry.readings?.find(
    ({ says, in: operations }) =>
      (says === undefined || says.test(message)) && (operations === undefined || operations.test(operation)),
  );
  if (reading === undefined) return entry;
  const { says: _says, in: _in, ...sharper } = reading;
  return { ...entry, ...sharper };
}
