import type { AccountClient, ListRegionsCommandInput } from '@aws-sdk/client-account';

/**
 * Gives the Regions that an account can use: those that are on by default and those that it has switched on. ListRegions,
 * Account Management API reference; its one endpoint of a partition lists the Regions of that partition.
 * @throws what the service answers, such as AccessDeniedException where the caller lacks account:ListRegions.
 */
export async function listEnabledRegions(account: AccountClient): Promise<readonly string[]> {
  const { paginateListRegions } = await import('@aws-sdk/client-account');
  const enabled: ListRegionsCommandInput = { RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] };
  const names: string[] = [];
  for await (const { Regions = [] } of paginateListRegions({ client: account, pageSize: 50 }, enabled))
    for (const { RegionName } of Regions) if (RegionName !== undefined) names.push(RegionName);
  return names.sort();
}
