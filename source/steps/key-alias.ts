import type { KMSClient } from '@aws-sdk/client-kms';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readAliases } from '../aws/kms.ts';

/**
 * Chooses the alias by which to name a key: the first of the preferred ones that the key has, else the first by the alphabet.
 * A caller who may not list aliases gets the first preferred one.
 * @param preferred names of the key in order of preference: aliases and ARNs of aliases count, others do not.
 * @returns `undefined` where the key has no alias.
 * @throws what KMS answers, but for AccessDenied.
 */
export async function chooseAlias(
  kms: KMSClient,
  keyId: string,
  preferred: readonly (string | undefined)[],
): Promise<string | undefined> {
  const names = preferred.flatMap((name) => /(?:^|:)(alias\/.+)$/.exec(name ?? '')?.[1] ?? []);
  const aliases = await undefinedIfDenied(readAliases(kms, keyId));
  if (aliases === undefined) return names[0];
  return names.find((name) => aliases.includes(name)) ?? aliases.toSorted()[0];
}
