import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isKnownRegion, meantRegion } from '../../source/aws/known-regions.ts';

test('every Region that the SDK knows is known', () => {
  const client = import.meta.resolve('@aws-sdk/core/client');
  const path = new URL(
    client.replace(/\/(?:dist-\w+)\/.*$/, '/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'),
  );
  const regions = [...readFileSync(path, 'utf8').matchAll(/"([a-z-]+-\d)": \{/g)].map(([, region]) => region ?? '');
  assert.ok(regions.length > 40);
  assert.deepEqual(
    regions.filter((region) => !isKnownRegion(region)),
    [],
  );
  for (const none of ['us-east-9', 'eu-west', '']) assert.ok(!isKnownRegion(none));
});

test('a Region is read out of a text that surely means it, and out of no other', () => {
  for (const [text, region] of [
    ['EU-WEST-1', 'eu-west-1'],
    [' eu_west_1 ', 'eu-west-1'],
    ['EU West 1', 'eu-west-1'],
    ['us-east-1a', 'us-east-1'],
    ['us-east1', 'us-east-1'],
    ['"us-east-1"', 'us-east-1'],
    [" 'us-east-1' ", 'us-east-1'],
    ['us-east-', undefined],
    ['us-east-9', undefined],
    ['Ireland', undefined],
  ] as const)
    assert.equal(meantRegion(text), region, text);
});
