import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { costsWords } from '../../source/aws/key-price.ts';
import { isChinaRegion, partitionOfRegion } from '../../source/aws/region.ts';

type Endpoints = {
  readonly partitionsInfo: {
    readonly partitions: ReadonlyArray<{ readonly id: string; readonly regions: Readonly<Record<string, unknown>> }>;
  };
};

test('the partition of a Region is that of the SDK, for every Region that the SDK knows', async () => {
  const file = 'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';
  const { partitionsInfo } = (await import(pathToFileURL(file).href)) as Endpoints;
  for (const { id, regions } of partitionsInfo.partitions) {
    for (const region of Object.keys(regions).filter((name) => !name.endsWith('-global')))
      assert.equal(partitionOfRegion(region), id, region);
  }
});

test('in China Regions alone, no price in USD is given', () => {
  assert.deepEqual(['cn-north-1', 'us-gov-west-1', 'eu-west-1'].map(isChinaRegion), [true, false, false]);
  assert.equal(costsWords('cn-northwest-1'), 'has a monthly price in CNY');
  assert.equal(costsWords('us-gov-west-1'), 'costs 1 USD a month');
});
