import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import type { ObservedCall } from '../../source/aws/note-calls.ts';
import { listEnabledRegions } from '../../source/aws/regions.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { type Practice, practise } from '../practice/practising.ts';
import { clientsAt } from './clients-at.ts';
import { served } from './impatient-clients.ts';

async function clientsOf(t: TestContext, { server }: Practice) {
  const calls: ObservedCall[] = [];
  const clients = await clientsAt(t, server.endpoint, {
    keys: server.credentials,
    onCall: (call) => calls.push(call),
    pause: async () => {},
  });
  return { clients, calls };
}

test('the Regions of an account are those on by default and those that were switched on', async (t) => {
  const practice = await practise(t);
  await practice.kms('me-south-1').send(new CreateKeyCommand({}));
  const { clients, calls } = await clientsOf(t, practice);
  const regions = await listEnabledRegions(await clients.openAccount());
  assert.ok(['eu-central-1', 'me-south-1', 'us-east-1'].every((region) => regions.includes(region)));
  assert.ok(!regions.includes('ap-east-1'), 'a Region that is off is none');
  assert.equal(new Set(regions).size, regions.length);
  assert.deepEqual(
    calls.map(({ operation }) => operation),
    ['Account.ListRegions'],
  );
  assert.equal(clients.answersAsPractice(), true);
});

test('ListRegions is asked again where the service asks to wait', async (t) => {
  const faults: Settings['faults'] = [{ operation: 'account:ListRegions', do: 'throttle', times: 2 }];
  const { clients, calls } = await clientsOf(t, await practise(t, { settings: { faults } }));
  assert.ok((await listEnabledRegions(await clients.openAccount())).length > 10);
  assert.deepEqual(
    calls.map(({ tries }) => tries),
    [3],
  );
});

test('a KMS client of another Region has the same sign-in and is noted as the first one is', async (t) => {
  const practice = await practise(t);
  await practice.kms('eu-west-1').send(new CreateKeyCommand({}));
  const { clients, calls } = await clientsOf(t, practice);
  const { Keys = [] } = await clients.kmsIn('eu-west-1').send(new ListKeysCommand({}));
  assert.equal(Keys.length, 1);
  assert.equal(clients.kmsIn('us-east-1'), clients.kms);
  assert.deepEqual((await clients.kms.send(new ListKeysCommand({}))).Keys, []);
  assert.equal(calls.length, 2);
});

test('the Regions are those that are on, in the order of the alphabet, from all pages', async (t) => {
  const asked: string[] = [];
  const pages = [
    { Regions: [{ RegionName: 'us-east-1' }, {}, { RegionName: 'eu-west-1' }], NextToken: 'next' },
    { Regions: [{ RegionName: 'ap-east-1' }] },
  ];
  const { clients } = await served(t, async (request, answer) => {
    const page = pages[asked.length];
    asked.push(await text(request));
    answer.end(JSON.stringify(page));
  });
  const regions = await listEnabledRegions(await clients.openAccount());
  assert.deepEqual(regions, ['ap-east-1', 'eu-west-1', 'us-east-1']);
  const wanted = { MaxResults: 50, RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] };
  assert.deepEqual(
    asked.map((body) => JSON.parse(body)),
    [wanted, { ...wanted, NextToken: 'next' }],
  );
});
