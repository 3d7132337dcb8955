import type { KMSClient } from '@aws-sdk/client-kms';
import { isAccessDenied } from './access-denied.ts';
import { isErrorNamed } from './error-name.ts';
import { describeKey } from './kms.ts';

/** Loads the KMS client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-kms');

/**
 * Finds the key to which an alias points now. Gives `undefined` when the alias does not exist. `keyId` is `undefined` for a
 * predefined alias of AWS that points to no key yet. Calls ListAliases.
 */
export async function findAlias(kms: KMSClient, alias: string): Promise<{ keyId: string | undefined } | undefined> {
  const { paginateListAliases } = await sdk();
  for await (const { Aliases = [] } of paginateListAliases({ client: kms, pageSize: 100 }, {})) {
    const entry = Aliases.find(({ AliasName }) => AliasName === alias);
    if (entry !== undefined) return { keyId: entry.TargetKeyId };
  }
  return undefined;
}

/**
 * Tells whether an alias points to a key; false also when there is no such alias. Calls ListAliases, or, for a caller who may
 * not list aliases, DescribeKey with the alias.
 * @throws the error of KMS when nobody knows: both calls were denied, or one failed for another reason.
 */
export async function isAliasOf(kms: KMSClient, alias: string, keyId: string): Promise<boolean> {
  try {
    return (await findAlias(kms, alias))?.keyId === keyId;
  } catch (error) {
    if (!isAccessDenied(error)) throw error;
  }
  try {
    return (await describeKey(kms, alias)).KeyId === keyId;
  } catch (error) {
    if (isErrorNamed(error, 'NotFoundException')) return false;
    throw error;
  }
}

/** Creates an alias (`alias/NAME`) that points to the key. Calls CreateAlias. */
export async function createAlias(kms: KMSClient, alias: string, keyId: string): Promise<void> {
  const { CreateAliasCommand } = await sdk();
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
}

/**
 * Makes an existing alias point to this key. Needs a permission on the alias, on the key to which it pointed before, and on this
 * key. Calls UpdateAlias.
 */
export async function moveAlias(kms: KMSClient, alias: string, keyId: string): Promise<void> {
  const { UpdateAliasCommand } = await sdk();
  await kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
}
