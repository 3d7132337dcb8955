import type { AccountClient, ListRegionsCommandInput } from '@aws-sdk/client-account';

/**
 * Gives the codes of the Regions that an account can use, sorted: those that are on by default and those that it has
 * switched on. The endpoint of Account Management lists the Regions of its own partition. Calls ListRegions. Account
 * Management API reference.
 * @throws the error of the service, such as AccessDeniedException when the caller lacks account:ListRegions.
 */
export async function listEnabledRegions(account: AccountClient): Promise<readonly string[]> {
  const { paginateListRegions } = await import('@aws-sdk/client-account');
  const onlyEnabled: ListRegionsCommandInput = { RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] };
  const names: string[] = [];
  for await (const { Regions = [] } of paginateListRegions({ client: account, pageSize: 50 }, onlyEnabled))
    for (const { RegionName } of Regions) if (RegionName !== undefined) names.push(RegionName);
  return names.sort();
}
