import type { Call } from './exchange.ts';
import { regionsOf } from './partition.ts';

/** The statuses that a Region can have for an account. Source: "ListRegions", Account Management API reference. */
export const optStatuses = ['ENABLED', 'ENABLING', 'DISABLING', 'DISABLED', 'ENABLED_BY_DEFAULT'] as const;
export type OptStatus = (typeof optStatuses)[number];

/**
 * The Regions that an account must switch on before it can use them: those that opened since March 2019. Source: "Enable or
 * disable AWS Regions".
 */
const optInRegions = new Set(
  (
    'af-south-1 ap-east-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ' +
    'ap-southeast-7 ca-west-1 eu-central-2 eu-south-1 eu-south-2 il-central-1 me-central-1 me-south-1 me-west-1 ' +
    'mx-central-1 sa-west-1'
  ).split(' '),
);

/**
 * Gives the Regions of the caller's partition with their status, as a new account has them. But a Region with a key counts as
 * switched on, because practice AWS serves every Region.
 */
export function regionsWithStatus({ store, partition }: Pick<Call, 'store' | 'partition'>) {
  const regionsWithKeys = new Set(
    store.all<{ region: string }>('SELECT DISTINCT region FROM kms_key').map(({ region }) => region),
  );
  return regionsOf(partition).map((RegionName) => {
    const optInStatus: OptStatus = regionsWithKeys.has(RegionName) ? 'ENABLED' : 'DISABLED';
    return {
      RegionName,
      RegionOptStatus: optInRegions.has(RegionName) ? optInStatus : ('ENABLED_BY_DEFAULT' as OptStatus),
    };
  });
}
