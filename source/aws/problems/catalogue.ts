import { accessEntries } from './access.ts';
import { byHandEntries } from './by-hand.ts';
import { certificateEntries } from './certificates.ts';
import { credentialEntries } from './credentials.ts';
import { customKeyStoreEntries } from './custom-key-stores.ts';
import { diskEntries } from './disk.ts';
import { emulatorEntries } from './emulators.ts';
import type { Help, KnownError } from './entry.ts';
import { importEntries } from './import.ts';
import { kmsEntries } from './kms.ts';
import { networkEntries } from './network.ts';
import { bucketEntries } from './s3-buckets.ts';
import { headEntries } from './s3-heads.ts';
import { objectEntries } from './s3-objects.ts';
import { sharedConfigEntries } from './shared-config.ts';
import { signInEntries } from './sign-in.ts';

/** All entries of the table of errors. When two entries have the same bare name, the first entry counts. */
export const entries: readonly KnownError[] = [
  ...importEntries,
  ...kmsEntries,
  ...customKeyStoreEntries,
  ...accessEntries,
  ...signInEntries,
  ...credentialEntries,
  ...sharedConfigEntries,
  ...bucketEntries,
  ...headEntries,
  ...objectEntries,
  ...emulatorEntries,
  ...certificateEntries,
  ...networkEntries,
  ...diskEntries,
  ...byHandEntries,
];

/**
 * Gives the bare name of an error: in small letters, without a part before a dot or `#`, and without `Exception` at the end.
 * `KMS.NotFoundException` of S3, `NotFound` of IAM and `NotFoundException` of the table have the same bare name.
 */
const toBareName = (name: string) =>
  name
    .replace(/^.*[#.]/, '')
    .replace(/exception$/i, '')
    .toLowerCase();

const byExactName = new Map<string, KnownError>();
const byBareName = new Map<string, KnownError>();
for (const entry of entries) {
  for (const name of entry.names) {
    byExactName.set(name, entry);
    if (!byBareName.has(toBareName(name))) byBareName.set(toBareName(name), entry);
  }
}

/** Every name that the table knows. */
export const knownNames: readonly string[] = [...byExactName.keys()];

/**
 * Gives the entry for an error's name, or `undefined` when the table does not have the name. Capital and small letters, a part
 * before a dot or `#`, and `Exception` at the end make no difference.
 */
export function findEntry(name: string): KnownError | undefined {
  return byExactName.get(name.replace(/^.*[#.]/, '')) ?? byBareName.get(toBareName(name));
}

/**
 * Gives the help of an entry. When a reading of the entry fits AWS's message and the operation, the members of the first such
 * reading replace those of the entry. When that reading has a `why` of its own, only `kind` and `next` of the entry count beside
 * it: the causes and commands of the entry could contradict it.
 */
export function chooseReading(
  entry: KnownError,
  { message = '', operation = '' }: { message?: string | undefined; operation?: string | undefined },
): Help {
  const reading = entry.readings?.find(
    ({ says, in: operations }) =>
      (says === undefined || says.test(message)) && (operations === undefined || operations.test(operation)),
  );
  if (reading === undefined) return entry;
  const { says: _says, in: _in, onlyWithCode: _onlyWithCode, ...sharper } = reading;
  if (reading.why === undefined) return { ...entry, ...sharper };
  const { kind, why, next } = entry;
  return { kind, why, next, ...sharper };
}
