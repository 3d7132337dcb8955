/**
 * The domains under which AWS has its endpoints, in all partitions: the usual one and the dual-stack one of each. Source: the
 * SDK's partitions.js, November 2026.
 */
const domains = [
  'amazonaws.com',
  'api.aws',
  'amazonaws.com.cn',
  'api.amazonwebservices.com.cn',
  'amazonaws.eu',
  'api.amazonwebservices.eu',
  'c2s.ic.gov',
  'api.aws.ic.gov',
  'sc2s.sgov.gov',
  'api.aws.scloud',
  'cloud.adc-e.uk',
  'api.cloud-aws.adc-e.uk',
  'csp.hci.ic.gov',
  'api.aws.hci.ic.gov',
] as const;

/**
 * What is in front of the domain in the endpoint of a service: `kms.eu-west-1`, `kms-fips.eu-west-1`, `s3.dualstack.eu-west-1`,
 * `s3`, `iam.global`; and for a VPC endpoint `vpce-0123-abcd.kms.eu-west-1.vpce`, in front of which S3 may have `bucket`. AWS
 * General Reference, "Service endpoints and quotas"; AWS PrivateLink guide, "Access an AWS service using an interface VPC
 * endpoint".
 */
const ownHost =
  /^(?:((bucket|accesspoint|control)\.)?vpce-[\da-z-]+\.)?(kms|s3|s3-control|iam|sts)(-fips)?(\.dualstack)?(\.(global|us-gov|[a-z]+(-[a-z]+)+-\d+))?(\.vpce)?$/;

/**
 * Tells whether a URL is an endpoint of AWS itself. The end of a name alone proves nothing: whoever has an AWS account gets names
 * such as `ID.execute-api.us-east-1.amazonaws.com`, with a certificate of AWS, and decides what answers there. So the whole
 * name must be the one of a service. Only `https:` proves a name, and only without a port: AWS uses no other than 443.
 */
export function isOwnEndpoint(url: string): boolean {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:' || port !== '') return false;
  const domain = domains.find((each) => hostname.endsWith(`.${each}`));
  return domain !== undefined && ownHost.test(hostname.slice(0, -domain.length - 1));
}
