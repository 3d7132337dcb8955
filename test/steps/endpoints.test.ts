import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AwsClients } from '../../source/aws/clients.ts';
import { endpointFacts, endpointsOf, endpointWords } from '../../source/steps/endpoints.ts';

const own = (service: string) => ({
  url: `https://${service}.us-east-1.amazonaws.com`,
  isOverride: false,
  isFips: false,
});
const other = (url: string) => ({ url, isOverride: true, isFips: false });
const awsOwn = { kms: own('kms'), s3: own('s3'), iam: own('iam'), sts: own('sts') };
const [one, two] = ['https://one.example', 'https://two.example'];

test('endpoints are noted where they replace those of AWS: as one where all are the same, else by service', () => {
  const all = { kms: other(one), s3: other(one), iam: other(one), sts: other(one) };
  for (const [endpoints, noted] of [
    [awsOwn, {}],
    [all, { endpoint: one }],
    [{ ...awsOwn, kms: other(one) }, { endpoints: { kms: one } }],
    [{ ...all, s3: other(two) }, { endpoints: { kms: one, s3: two, iam: one, sts: one } }],
    [{ ...all, sts: own('sts') }, { endpoints: { kms: one, s3: one, iam: one } }],
  ] as const)
    assert.deepEqual(endpointsOf('environment', { endpoints }), noted);
  // Practice AWS has another endpoint in every run, so that a ceremony there does not move.
  assert.deepEqual(endpointsOf('practice', { endpoints: all }), {});
});

test('that practice AWS answers at an endpoint is noted beside it', () => {
  const clientsWith = (endpoints: object, practice: boolean) =>
    ({ endpoints, answersAsPractice: () => practice }) as AwsClients;
  const kms = { ...awsOwn, kms: other(one) };
  assert.deepEqual(endpointFacts('environment', clientsWith(kms, true)), { endpoints: { kms: one }, practice: true });
  assert.deepEqual(endpointFacts('environment', clientsWith(kms, false)), { endpoints: { kms: one } });
  assert.deepEqual(endpointFacts('practice', clientsWith(kms, true)), { practice: true });
});

test('where AWS is replaced, the person is told by what', () => {
  assert.equal(endpointWords({}), '');
  assert.equal(endpointWords({ endpoint: one }), ` at ${one}`);
  assert.equal(endpointWords({ endpoints: { kms: one, s3: two } }), ` at ${one} (KMS), ${two} (S3)`);
});
