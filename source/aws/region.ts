// Pages: AWS general reference, "AWS service endpoints".

/** True when a text has the form of a Region's code. The Region need not exist. KMS API reference, RegionType. */
export const isRegion = (text: string) => /^([a-z]+-){2,3}\d+$/.test(text);

export const noRegion = 'A Region looks like us-east-1 or eu-central-1.';

/** True for the Regions of the partition `aws-cn`. */
export const isChinaRegion = (region: string) => partitionOfRegion(region) === 'aws-cn';

/** How the codes of Regions begin in each partition other than `aws`. Source: the SDK's partitions.json, Nov 2026. */
const beginnings: Readonly<Record<string, string>> = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
  'eu-isoe-': 'aws-iso-e',
  'us-isof-': 'aws-iso-f',
  'eusc-': 'aws-eusc',
};

/** Gives the partition to which a Region belongs, before AWS has said it. */
export function partitionOfRegion(region: string): string {
  return Object.entries(beginnings).find(([beginning]) => region.startsWith(beginning))?.[1] ?? 'aws';
}
