import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { keyState } from '../../source/steps/key-state.ts';
import { connectionOf } from '../known-facts.ts';
import { denyCaller, enabledKey, externalKey, practise } from '../practice/practising.ts';
import { makeConnected } from '../services.ts';
import { bareContext } from './acting.ts';
import { problemOf } from './ceremony.ts';

test('only a key that was to be disabled again is disabled; where that is refused, it is told to be Enabled perhaps', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { keyId } = await enabledKey(kms);
  const waiting = await externalKey(kms);
  const { services } = await makeConnected(t, { practice });
  const labels: string[] = [];
  const actOn = (id: string, toDisable: boolean) =>
    keyState.act(
      bareContext({
        facts: {
          connection: connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin'),
          key: { keyId: id, keyArn: '', alias: 'alias/a', createdAt: '' },
          toDisable,
        },
        services,
        report: ({ label }) => void labels.push(label),
      }),
    );
  const stateNow = async () => (await kms.send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState;

  assert.deepEqual(await actOn(keyId, false), { keyState: 'Enabled' });
  assert.deepEqual(await actOn(waiting, true), { keyState: 'PendingImport' });
  assert.deepEqual(labels, [], 'nothing was done');
  denyCaller(practice, 'kms:DisableKey');
  const { what, state } = await problemOf(actOn(keyId, true));
  assert.equal(what, 'The key was not disabled again.');
  assert.equal(state, 'The key may be Enabled now. What was imported stays as it is.');
  assert.equal(await stateNow(), 'Enabled');
  denyCaller(practice);
  assert.deepEqual(await actOn(keyId, true), { keyState: 'Disabled' });
  assert.equal(labels.at(-1), 'The key is Disabled again');
  assert.equal(await stateNow(), 'Disabled');
  denyCaller(practice, 'kms:DescribeKey');
  const unseen = await problemOf(actOn(keyId, false));
  assert.equal(unseen.what, "Can't see the state of the key.");
  assert.equal(unseen.state, 'What was imported stays as it is.');
});
