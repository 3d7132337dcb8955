import type { KMSClient } from '@aws-sdk/client-kms';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readAliases } from '../aws/kms.ts';

/**
 * Chooses the alias by which to name a key: the first preferred alias that the key has, else its first alias in alphabetical
 * order. A caller who may not list aliases gets the first preferred alias.
 * @param preferred names of the key, the best first. Only aliases and ARNs of aliases count.
 * @returns the alias, or `undefined` when there is none to choose.
 * @throws the error of KMS, unless it is AccessDenied.
 */
export async function chooseAlias(
  kms: KMSClient,
  keyId: string,
  preferred: readonly (string | undefined)[],
): Promise<string | undefined> {
  // Takes `alias/NAME` from an alias, or from the end of its ARN. Ids and ARNs of keys have no such part.
  const preferredAliases = preferred.flatMap((name) => /(?:^|:)(alias\/.+)$/.exec(name ?? '')?.[1] ?? []);
  const aliases = await undefinedIfDenied(readAliases(kms, keyId));
  if (aliases === undefined) return preferredAliases[0];
  return preferredAliases.find((name) => aliases.includes(name)) ?? aliases.toSorted()[0];
}
