import assert from 'node:assert/strict';
import { test } from 'node:test';
import { endpointFacts, endpointsOf, endpointWords } from '../../source/steps/endpoints.ts';
import type { Source } from '../../source/steps/facts.ts';
import { endpointsWith } from '../known-facts.ts';

const [one, two] = ['https://one.example', 'https://two.example'];

test('endpoints are noted where they replace those of AWS: as one where all are the same, else by service', () => {
  const all = { kms: one, s3: one, iam: one, sts: one };
  const { sts: _, ...allButOne } = all;
  for (const [given, noted] of [
    [{}, {}],
    [all, { endpoint: one }],
    [{ kms: one }, { endpoints: { kms: one } }],
    [{ ...all, s3: two }, { endpoints: { kms: one, s3: two, iam: one, sts: one } }],
    [allButOne, { endpoints: { kms: one, s3: one, iam: one } }],
  ] as const)
    assert.deepEqual(endpointsOf('environment', { endpoints: endpointsWith(given) }), noted);
  // Practice AWS has another endpoint in every run, so that a ceremony there does not move.
  assert.deepEqual(endpointsOf('practice', { endpoints: endpointsWith(all) }), {});
});

test('that practice AWS answers at an endpoint is noted beside it', () => {
  const endpoints = endpointsWith({ kms: one });
  const factsOf = (source: Source, practice: boolean) =>
    endpointFacts(source, { endpoints, answersAsPractice: () => practice });
  assert.deepEqual(factsOf('environment', true), { endpoints: { kms: one }, practice: true });
  assert.deepEqual(factsOf('environment', false), { endpoints: { kms: one } });
  assert.deepEqual(factsOf('practice', true), { practice: true });
});

test('where AWS is replaced, the person is told by what', () => {
  assert.equal(endpointWords({}), '');
  assert.equal(endpointWords({ endpoint: one }), ` at ${one}`);
  assert.equal(endpointWords({ endpoints: { kms: one, s3: two } }), ` at ${one} (KMS), ${two} (S3)`);
});
