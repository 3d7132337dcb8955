import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { copiesHere, copyKind, shownPath } from '../../source/steps/copies.ts';
import type { Facts, Material } from '../../source/steps/facts.ts';
import { workIn } from '../kept-environment.ts';
import { foreverImported, materialOf, wrappedHere } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';

const [first, second, third] = ['a'.repeat(64), 'b'.repeat(64), 'c'.repeat(64)];
const wanted = (...ids: readonly string[]) =>
  ids.map((keyMaterialId) => materialOf({ keyMaterialId, isImported: false }));

/** The folder of a first import with its copies, in the current folder until the test ends. */
function importedHere(t: TestContext) {
  const here = workIn(t);
  const folder = new CeremonyFolder(join(here, 'w'), false);
  folder.make();
  const write = (name: string) => {
    writeFileSync(join(here, name), name, { mode: 0o600 });
    return name;
  };
  const card = (name: string, keyMaterialId: string, place = '.') =>
    writeFileSync(
      join(here, place, `${name}.json`),
      JSON.stringify({
        keyArn: 'arn',
        keyMaterialId,
        checkValue: { method: 'AES-CMAC', value: 'A1B2C3' },
        backup: { file: name, sha256: 'f' },
      }),
    );
  const source = join(here, write('my.key'));
  const recorded: Facts = {
    secret: { origin: 'file', bytes: 32, checkValue: { method: 'AES-CMAC', value: 'A1B2C3' }, source },
    backup: { by: 'recipients', file: 'own.key.age', sha256: '', recipients: [], proven: 'opened' },
    wrapped: wrappedHere,
    imported: { ...foreverImported, keyMaterialId: first },
  };
  const found = (materials: readonly Material[], more: Facts = {}) =>
    copiesHere(materials, { ...makeOfflineServices(folder), recorded: { ...recorded, ...more } });
  return { here, write, card, found };
}

test('as many copies are offered as materials are wanted: those with a card first, then those of the first import', (t) => {
  const { here, write, card, found } = importedHere(t);
  assert.deepEqual(found(wanted(first)), ['my.key'], 'the backup and the plain key are not there');
  write('w/plain_text_aes_key.bin');
  assert.deepEqual(found(wanted(first)), ['w/plain_text_aes_key.bin']);
  write('w/own.key.age');
  assert.deepEqual(found(wanted(first, second)), ['w/own.key.age', 'w/plain_text_aes_key.bin']);
  assert.deepEqual(found(wanted(second)), [], 'the first import brought another material');
  assert.deepEqual(
    found(wanted(first), { imported: { ...foreverImported, keyMaterialId: first, secretInKms: 'other' } }),
    [],
  );
  assert.deepEqual(found(wanted(first), { backup: { by: 'declined' } }), ['w/plain_text_aes_key.bin']);
  // The card of the own backup names the same file: it counts once.
  card('own.key.age', first, 'w');
  card(write('two.key.age'), second);
  card(write('three.key.age'), third);
  card('lost.key.age', second);
  assert.deepEqual(found(wanted(first, second)), ['w/own.key.age', 'two.key.age']);
  assert.deepEqual(found(wanted(second)), ['two.key.age']);
  assert.deepEqual(found([]), []);
  rmSync(join(here, 'two.key.age'));
  assert.deepEqual(found(wanted(second, third)), ['three.key.age']);
  assert.deepEqual(found(wanted(first, second)), ['w/own.key.age', 'w/plain_text_aes_key.bin']);
  assert.equal(shownPath(join(here, 'w', 'x')), 'w/x');
  assert.equal(shownPath('/elsewhere/x'), '/elsewhere/x');
});

test('how a file holds a copy is told by its form, and of any other file why it holds none', (t) => {
  const here = workIn(t);
  const write = (name: string, bytes: string | Uint8Array) => {
    writeFileSync(join(here, name), bytes, { mode: 0o600 });
    return join(here, name);
  };
  const key = randomBytes(32);
  assert.equal(copyKind(write('raw', key)), 'plain');
  assert.equal(copyKind(write('hex', `${key.toString('hex')}\n`)), 'plain');
  const whyNot = (path: string) => {
    const kind = copyKind(path);
    return typeof kind === 'string' ? assert.fail(kind) : kind.why;
  };
  assert.match(whyNot(write('zeroes', Buffer.alloc(32))), /^zeroes is neither a backup nor a key file\. \S/);
  assert.notEqual(
    whyNot(write('zeroes', Buffer.alloc(32))),
    whyNot(write('letter', 'Dear Bob')).replace('letter', 'zeroes'),
  );
  assert.doesNotMatch(whyNot(join(here, 'gone')), /neither a backup/);
});

test('where no import is on record, or nothing came of it, only the cards name copies', (t) => {
  const { here, write, card } = importedHere(t);
  const folder = new CeremonyFolder(join(here, 'w'), false);
  write('w/plain_text_aes_key.bin');
  const found = (recorded?: Facts) =>
    copiesHere(wanted(first), { ...makeOfflineServices(folder), ...(recorded === undefined ? {} : { recorded }) });
  assert.deepEqual([found(), found({})], [[], []]);
  card(write('one.key.age'), first);
  assert.deepEqual([found(), found({})], [['one.key.age'], ['one.key.age']]);
});

test('a backup is told by how it opens, and not as a key file', async (t) => {
  const here = workIn(t);
  const path = join(here, 'a.key.age');
  await sealedTo(ageIdentity(here).recipient, randomBytes(32), path);
  assert.equal(copyKind(path), 'recipients');
});
