import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ForgetOffer } from '../../source/commands/forget-practice.ts';
import { findPracticeLeftOver } from '../../source/commands/practice-left-over.ts';
import { newFolder } from '../new-folder.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { beginImport } from '../steps/ceremony.ts';

test('practice whose removal was chosen once is named, and stays', async () => {
  const stateFolder = join(newFolder(), 'keyferry-practice-aws');
  seedKeys(stateFolder, 'us-east-1', [{ validTo: null }]);
  const offer = new ForgetOffer();
  const { actions = [] } = await offer.addTo({ title: 'Done', lines: [] }, stateFolder);
  const [remove] = actions;
  assert.match(String(await remove?.act()), /^This would be removed for good: .*choose this again\.$/);
  assert.equal(offer.isTaken, false);
  assert.deepEqual(await offer.carryOut(), []);
  assert.equal(existsSync(stateFolder), true);
  const agreed = 'It will be removed when you leave this page. To keep it, choose this again.';
  assert.equal(await remove?.act(), agreed);
  assert.equal(offer.isTaken, true);
  assert.equal(await remove?.act(), 'It stays.');
  assert.equal(offer.isTaken, false);
  assert.deepEqual(await offer.carryOut(), []);
  await remove?.act();
  assert.equal(await remove?.act(), agreed);
  assert.deepEqual(await offer.carryOut(), [`Removed ${stateFolder}`]);
  assert.equal(existsSync(stateFolder), false);
});

test('a plain key that was imported into another practice account stays when this one is removed', async (t) => {
  const parent = newFolder();
  const stateFolder = join(parent, 'keyferry-practice-aws');
  seedKeys(stateFolder, 'us-east-1', [{ validTo: null }]);
  const path = join(parent, 'keyferry-my-first-key');
  const ceremony = await beginImport(t, { path });
  await ceremony.upTo('secret-key');
  const plainKey = join(path, 'plain_text_aes_key.bin');
  assert.deepEqual(findPracticeLeftOver(stateFolder)?.plainKeys, [plainKey]);
  // From now on this ceremony has an account of its own, in its folder.
  mkdirSync(join(path, 'keyferry-practice-aws'));
  assert.deepEqual(findPracticeLeftOver(stateFolder)?.plainKeys, []);
});
