import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { findPartition } from '../../source/practice/partition.ts';

type Endpoints = {
  readonly partitionsInfo: {
    readonly partitions: ReadonlyArray<{ readonly id: string; readonly regions: Readonly<Record<string, unknown>> }>;
  };
};

test('the Regions of practice AWS are those of the SDK, in its three partitions', async () => {
  const file = 'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';
  const { partitionsInfo } = (await import(pathToFileURL(file).href)) as Endpoints;
  for (const { id, regions } of partitionsInfo.partitions) {
    for (const region of Object.keys(regions).filter((name) => !name.endsWith('-global'))) {
      const isServed = ['aws', 'aws-us-gov', 'aws-cn'].includes(id);
      assert.equal(findPartition(region), isServed ? id : undefined, region);
    }
  }
  for (const region of ['us-east-9', 'nowhere', '', 'aws-global'])
    assert.equal(findPartition(region), undefined, region);
});
