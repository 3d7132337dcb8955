import assert from 'node:assert/strict';
import { type Fact, hasExactly, refused, type World } from './fact.ts';

const list = (w: World, input: object = {}, where = {}) => w.accountManagement('ListRegions', { ...input }, where);

/** Every Region of an account, a page of so many after another. */
async function paged(w: World, most: number, where = {}) {
  const pages: number[] = [];
  const regions: { RegionName?: string | undefined; RegionOptStatus?: string | undefined }[] = [];
  for (let NextToken: string | undefined; ; ) {
    const answer = await list(w, { MaxResults: most, NextToken }, where);
    pages.push(answer.Regions?.length ?? 0);
    regions.push(...(answer.Regions ?? []));
    NextToken = answer.NextToken;
    if (NextToken === undefined) return { pages, regions };
  }
}

/** Section 5. Source: "ListRegions", Account Management API reference; "Enable or disable AWS Regions in your account". */
export const accountRegionFacts: readonly Fact[] = [
  [
    '5',
    'ListRegions: each Region with its status, in pages that a token continues',
    async (w) => {
      const { pages, regions } = await paged(w, 10);
      assert.deepEqual(pages.slice(0, -1), [10, 10, 10]);
      assert.equal(new Set(regions.map(({ RegionName }) => RegionName)).size, regions.length);
      hasExactly(regions[0], 'RegionName RegionOptStatus');
      const whole = await list(w, { MaxResults: 50 });
      hasExactly(whole, 'Regions $metadata');
      assert.deepEqual(whole.Regions, regions);
      const byName = new Map(regions.map(({ RegionName, RegionOptStatus }) => [RegionName, RegionOptStatus]));
      assert.deepEqual(
        ['us-east-1', 'eu-central-1', 'ap-east-2'].map((name) => byName.get(name)),
        ['ENABLED_BY_DEFAULT', 'ENABLED_BY_DEFAULT', 'DISABLED'],
      );
    },
  ],
  [
    '5',
    'ListRegions: the Regions that need no opt-in are those from before March 2019',
    async (w) => {
      const { Regions = [] } = await list(w, { MaxResults: 50, RegionOptStatusContains: ['ENABLED_BY_DEFAULT'] });
      const asia = ['northeast-1', 'northeast-2', 'northeast-3', 'south-1', 'southeast-1', 'southeast-2'];
      const others = ['ca-central-1', 'eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-2', 'eu-west-3', 'sa-east-1'];
      const states = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2'];
      assert.deepEqual(
        Regions.map(({ RegionName }) => RegionName),
        [...asia.map((name) => `ap-${name}`), ...others, ...states],
      );
    },
  ],
  [
    '5',
    'ListRegions: RegionOptStatusContains leaves the others out',
    async (w) => {
      await w.key({}, { region: 'af-south-1' });
      const input = { MaxResults: 50, RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] };
      const { Regions = [] } = await list(w, input);
      const names = Regions.map(({ RegionName }) => RegionName);
      assert.ok(names.includes('af-south-1') && names.includes('us-west-2'));
      assert.ok(!names.includes('ap-east-2'));
      const { Regions: none } = await list(w, { RegionOptStatusContains: ['ENABLING'] });
      assert.deepEqual(none, []);
    },
  ],
  [
    '5',
    'ListRegions: the Regions of the partition, whichever of them is asked',
    async (w) => {
      const { regions } = await paged(w, 50, { region: 'eu-west-1' });
      assert.ok(regions.some(({ RegionName }) => RegionName === 'sa-east-1'));
      assert.deepEqual((await list(w, {}, { region: 'cn-north-1' })).Regions, [
        { RegionName: 'cn-north-1', RegionOptStatus: 'ENABLED_BY_DEFAULT' },
        { RegionName: 'cn-northwest-1', RegionOptStatus: 'ENABLED_BY_DEFAULT' },
      ]);
    },
  ],
  [
    '5',
    'ListRegions: what is out of bounds is a ValidationException, and another account AccessDeniedException',
    async (w) => {
      for (const input of [
        { MaxResults: 0 },
        { MaxResults: 51 },
        { NextToken: 'x' },
        { RegionOptStatusContains: ['ON'] },
      ])
        await refused(list(w, input), 'ValidationException');
      await refused(list(w, { AccountId: '111122223333' }), 'AccessDeniedException', undefined, 403);
    },
  ],
  [
    '5',
    'ListRegions: whoever IAM does not allow it is refused, for the account',
    async (w) => {
      const { Arn } = await w.sts('GetCallerIdentity');
      const text = `User: ${Arn} is not authorized to perform: account:ListRegions on resource: arn:aws:account::${w.account}:account because no identity-based policy allows the account:ListRegions action`;
      await w.control({ deny: { SecurityAdmin: ['account:*'] } }, () =>
        refused(list(w), 'AccessDeniedException', text, 403),
      );
    },
  ],
];
