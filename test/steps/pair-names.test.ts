import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PairNames } from '../../source/steps/pair-names.ts';
import { makeServices } from '../services.ts';

test('the names of a wrapping key and its token are free, of this key, and stay until they are used', async (t) => {
  const { services } = await makeServices(t);
  services.folder.make();
  const now = new Date('2026-11-25T14:02:00.000Z');
  const place = { folder: services.folder, clock: () => now };
  const names = new PairNames();
  const first = names.next('one', place);
  assert.deepEqual(names.next('one', { ...place, clock: () => new Date(now.getTime() + 5000) }), first);
  assert.ok(names.next('two', place).publicKeyFile.includes('two'), 'another key has other names');
  // A token alone takes the name too: a pair belongs together.
  const again = new PairNames();
  services.folder.write(again.next('one', place).tokenFile, Buffer.from('a token'));
  const free = new PairNames().next('one', place);
  assert.notDeepEqual(free, first);
  services.folder.write(free.publicKeyFile, Buffer.from('a key'));
  assert.notDeepEqual(new PairNames().next('one', place), free);
  const held = new PairNames();
  const given = held.next('one', place);
  services.folder.write(given.publicKeyFile, Buffer.from('a key'));
  const afterwards = held.next('one', place);
  assert.notDeepEqual(afterwards, given, 'its own names are used now');
  assert.deepEqual(held.next('one', place), afterwards);
});
