import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOwnEndpoint } from '../../source/aws/own-endpoint.ts';

for (const url of [
  'https://kms.eu-central-1.amazonaws.com',
  'https://kms-fips.us-gov-west-1.amazonaws.com',
  'https://kms.us-east-1.api.aws',
  'https://kms-fips.us-east-1.api.aws',
  'https://kms.cn-north-1.amazonaws.com.cn',
  'https://kms.cn-northwest-1.api.amazonwebservices.com.cn',
  'https://kms.eusc-de-east-1.amazonaws.eu',
  'https://kms.us-iso-east-1.c2s.ic.gov',
  'https://kms.us-isob-east-1.sc2s.sgov.gov',
  'https://kms.eu-isoe-west-1.cloud.adc-e.uk',
  'https://kms.us-isof-south-1.csp.hci.ic.gov',
  'https://kms.eusc-de-east-1.api.amazonwebservices.eu',
  'https://kms.us-iso-east-1.api.aws.ic.gov',
  'https://kms.us-isob-east-1.api.aws.scloud',
  'https://kms.eu-isoe-west-1.api.cloud-aws.adc-e.uk',
  'https://kms.us-isof-south-1.api.aws.hci.ic.gov',
  'https://vpce-0123456789abcdef0-abcdefgh.kms.us-east-1.vpce.amazonaws.com',
  'https://vpce-0123456789abcdef0-abcdefgh-us-east-1a.kms.us-east-1.vpce.amazonaws.com',
  'https://vpce-0123456789abcdef0-abcdefgh.kms-fips.us-east-1.vpce.amazonaws.com',
  'https://bucket.vpce-0123456789abcdef0-abcdefgh.s3.us-east-1.vpce.amazonaws.com',
  'https://s3.amazonaws.com',
  'https://s3.dualstack.us-east-1.amazonaws.com',
  'https://s3-fips.dualstack.us-east-1.amazonaws.com',
  'https://sts.amazonaws.com',
  'https://iam.global.api.aws',
])
  test(`${url} is AWS's own`, () => assert.equal(isOwnEndpoint(url), true));

for (const [why, url] of [
  ['plain HTTP proves no name', 'http://kms.us-east-1.amazonaws.com'],
  ['another port', 'https://kms.us-east-1.amazonaws.com:8443'],
  ['the API of any customer', 'https://a1b2c3d4.execute-api.us-east-1.amazonaws.com'],
  ['the service of any customer behind PrivateLink', 'https://vpce-0123-ab.vpce-svc-0456.us-east-1.vpce.amazonaws.com'],
  ['a load balancer of any customer', 'https://kms-1234.us-east-1.elb.amazonaws.com'],
  ['a machine of any customer', 'https://ec2-198-51-100-7.compute-1.amazonaws.com'],
  ['a bucket of any customer', 'https://kms.s3.us-east-1.amazonaws.com'],
  ['the end of another name', 'https://kms.us-east-1.amazonaws.com.example.org'],
  ['a name that ends alike', 'https://kms.us-east-1.notamazonaws.com'],
  ['a name that ends in the same letters', 'https://kms.us-east-1-amazonaws.com'],
  ['the domain alone', 'https://amazonaws.com'],
  ['an IP address', 'https://198.51.100.7'],
  ['this machine', 'https://127.0.0.1'],
] as const)
  test(`${url} is not AWS's own: ${why}`, () => assert.equal(isOwnEndpoint(url), false));
