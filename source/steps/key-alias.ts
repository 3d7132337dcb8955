import type { KMSClient } from '@aws-sdk/client-kms';
import { readAliases } from '../aws/kms.ts';

/**
 * Chooses the alias by which to name a key: the first of the preferred ones that it has, else the first that it has. A caller
 * who may not list aliases gets the first preferred one.
 * @param preferred in order of preference; what is no alias is passed over.
 * @returns `undefined` where the key has no alias.
 * @throws what KMS answers, but for AccessDenied.
 */
export async function chooseAlias(
  kms: KMSClient,
  keyId: string,
  preferred: readonly (string | undefined)[],
): Promise<string | undefined> {
  const names = preferred.filter((name) => name?.startsWith('alias/') === true);
  const aliases = await readAliases(kms, keyId).catch(ignoreRefusal);
  return aliases === undefined ? names[0] : (names.find((name) => aliases.includes(name as string)) ?? aliases[0]);
}

/** Ignores AccessDenied: a caller who may use a key may lack the permission to list aliases. Rethrows other errors. */
function ignoreRefusal(error: unknown): undefined {
  if (error instanceof Error && error.name === 'AccessDeniedException') return undefined;
  throw error;
}
