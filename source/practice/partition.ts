/** The separate parts of AWS: an account belongs to one of them. AWS has more; practice AWS knows these. */
export type Partition = 'aws' | 'aws-us-gov' | 'aws-cn';

/** All Regions, by partition. Source: the SDKs' endpoint metadata, partitions.json, Nov 2026. */
const regions: Readonly<Record<Partition, string>> = {
  aws:
    'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ' +
    'ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ' +
    'ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 ' +
    'il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
  'aws-cn': 'cn-north-1 cn-northwest-1',
};

const partitions = new Map(
  Object.entries(regions).flatMap(([name, list]) => list.split(' ').map((region) => [region, name as Partition])),
);

/** Gives the partition of a Region; `undefined` for a Region that does not exist. */
export function findPartition(region: string): Partition | undefined {
  return partitions.get(region);
}

/** Gives the Regions of a partition. */
export function regionsOf(partition: Partition): readonly string[] {
  return regions[partition].split(' ');
}

/** Gives the partition of a Region; `aws` when the Region does not exist. */
export function partitionOf(region: string): Partition {
  return findPartition(region) ?? 'aws';
}

/** Gives the end of host names, which follows the service and the Region. Values of kms:ViaService end in the same way. */
export function dnsSuffix(region: string): string {
  return partitionOf(region) === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Changes an ARN of the partition `aws` to another partition. */
export function inPartition(partition: Partition, arn: string): string {
  return arn.replace(/^arn:aws:/, `arn:${partition}:`);
}
