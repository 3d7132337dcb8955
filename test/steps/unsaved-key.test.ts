import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { test } from 'node:test';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { losesKey, unsavedWords } from '../../source/steps/unsaved-key.ts';
import { newFolder } from '../new-folder.ts';
import { ownKeyFile } from '../own-key-file.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { actingIn } from './acting.ts';
import { beginImport, continueImport, type RunningCeremony } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());
const saysNow = ({ facts, services }: RunningCeremony) => unsavedWords(facts, services);
const losesNow = ({ facts, services }: RunningCeremony) => losesKey(facts, services);

const lostNow = 'Everything but the key itself is saved: it was in memory only, and is lost with this run.';

test('while the key is in memory only and has no backup, stopping is said to lose it', async (t) => {
  const ceremony = await beginImport(t, { answers: { 'secret-key': { keep: 'memory' } } });
  await ceremony.upTo('connect');
  assert.deepEqual([saysNow(ceremony), losesNow(ceremony)], [undefined, false]);
  for (const step of ['secret-key', 'backup', 'wrapping-key']) {
    await ceremony.upTo(step);
    assert.equal(saysNow(ceremony), `${lostNow} A new one is made when you go on.`, step);
    assert.equal(losesNow(ceremony), true, step);
  }
  await ceremony.upTo('wrap');
  assert.equal(saysNow(ceremony), `${lostNow} Its wrapped form is saved, and is imported when you go on.`);
  await ceremony.upTo('import');
  assert.deepEqual([saysNow(ceremony), losesNow(ceremony)], [undefined, false]);
});

test('where the key is in a backup, in its file or in the own file, all is saved', async (t) => {
  const own = ownKeyFile();
  const backup = { how: 'recipients', recipients: [recipient], identity: identityFile };
  for (const answers of [
    { 'secret-key': { keep: 'memory' }, backup },
    { 'secret-key': { keep: 'file' } },
    { 'secret-key': { origin: 'file', file: own, keep: 'memory' } },
  ]) {
    const ceremony = await beginImport(t, { answers });
    await ceremony.upTo('backup');
    assert.deepEqual([saysNow(ceremony), losesNow(ceremony)], [undefined, false], JSON.stringify(answers));
  }
});

test('an own file that has vanished is to be put back before going on', async (t) => {
  const own = ownKeyFile();
  const ceremony = await beginImport(t, { answers: { 'secret-key': { origin: 'file', file: own, keep: 'memory' } } });
  await ceremony.upTo('backup');
  rmSync(own);
  assert.equal(saysNow(ceremony), `${lostNow} Put its file back at ${own} before you go on.`);
});

test('after a key went with its run, no screen shows its check value, and nothing is lost twice', async (t) => {
  const ceremony = await beginImport(t, { answers: { 'secret-key': { keep: 'memory' } } });
  await ceremony.upTo('secret-key');
  const dead = keyHere(ceremony.facts.secret)?.checkValue.value ?? assert.fail('it has a value');
  const helpOf = (running: RunningCeremony) => running.questionsOf('describe-key')[0]?.help ?? '';
  assert.match(helpOf(ceremony), new RegExp(`key check value ${dead} .*You can recognise it by that value`));
  const later = await continueImport(t, ceremony);
  await later.upTo('secret-key');
  assert.match(helpOf(later), /^The key was only in memory when Keyferry stopped, so a new one is made\./);
  assert.equal(helpOf(later).includes(dead), false);
  assert.match(saysNow(later) ?? '', /it was in memory only, and went with an earlier run\. A new one is made/);
  assert.equal(losesNow(later), false);
  const { secret } = await later.upTo('backup');
  assert.notEqual(keyHere(secret)?.checkValue.value, dead);
  assert.match(helpOf(later), new RegExp(`key check value ${keyHere(secret)?.checkValue.value} `));
});

test('of a key whose file is gone it is said which file to put back, also while the person is back at its step', (t) => {
  const checkValue = { method: 'AES-CMAC', value: 'A1B2C3' };
  const { services, journal } = actingIn(t, { step: 'secret-key' });
  const secret = { origin: 'generated', bytes: 32, checkValue, file: 'plain_text_aes_key.bin' } as const;
  const own = { origin: 'file', bytes: 32, checkValue, source: '/gone/my.key' } as const;
  journal.append({ kind: 'done', step: 'secret-key', facts: { secret } });
  const start = 'Everything but the key itself is saved: no copy of it is left.';
  assert.equal(
    unsavedWords({ secret }, services),
    `${start} Put its file back at ${services.folder.file('plain_text_aes_key.bin')} before you go on.`,
  );
  assert.equal(unsavedWords({ secret: own }, services), `${start} Put its file back at /gone/my.key before you go on.`);
  const { file: _, ...inMemory } = secret;
  assert.match(
    unsavedWords({ secret: inMemory }, services) ?? '',
    /it was in memory only, and went with an earlier run/,
  );
  assert.equal(losesKey({ secret }, services), false, 'there is none in memory');
  journal.append({ kind: 'reopened', step: 'secret-key' });
  assert.equal(unsavedWords({}, services), undefined, 'it is nowhere any more');
});
