import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { closingLines } from '../../source/ceremonies/first-import/closing-lines.ts';
import { resultOf } from '../../source/ceremonies/first-import/result.ts';
import { readKeyNow } from '../../source/steps/key-now.ts';
import { findCopies } from '../../source/steps/known-copies.ts';
import { newFolder } from '../new-folder.ts';
import { ownKeyFile } from '../own-key-file.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { type AllAnswers, beginImport, type RunningCeremony } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());
const plainKey = 'plain_text_aes_key.bin';
const backup = 'my-first-key.key.age';
const inMemory: AllAnswers = { 'secret-key': { keep: 'memory' } };
const backedUp: AllAnswers = { backup: { how: 'recipients', recipients: [recipient], identity: identityFile } };

const fileOf = ({ services }: RunningCeremony, name: string) => services.folder.file(name);

/** A ceremony without objects, finished. */
async function finished(t: TestContext, answers: AllAnswers): Promise<RunningCeremony> {
  const ceremony = await beginImport(t, { answers: { 'encrypt-objects': { where: 'later' }, ...answers } });
  await ceremony.upTo();
  return ceremony;
}

/** What the last page, the result and the record say; the record as it was written. */
async function toldBy(ceremony: RunningCeremony) {
  const { facts, services } = ceremony;
  const now = await readKeyNow(facts, services);
  return {
    page: closingLines(facts, now, services).join('\n'),
    result: resultOf(facts, now, services),
    record: readFileSync(fileOf(ceremony, 'record.md'), 'utf8'),
    json: JSON.parse(readFileSync(fileOf(ceremony, 'record.json'), 'utf8')),
  };
}

const noCopy = 'There is no copy of the key anywhere that Keyferry knows of';

test('of a key that was in memory alone without a backup, page, record and result say that there is no copy', async (t) => {
  const { page, record, result, json } = await toldBy(await finished(t, inMemory));
  assert.ok(
    page.includes(`${noCopy}.\nIf its material expires or is deleted, everything under the key is lost.`),
    page,
  );
  assert.match(page, /- before you encrypt what must last, bring another key, with a backup/);
  assert.match(
    record,
    new RegExp(`\\*\\*${noCopy}\\*\\*, as of 20.*everything under the key is lost\\. What to do now: `),
  );
  for (const text of [page, record]) assert.doesNotMatch(text, /copies that you keep|keep elsewhere|Keep safe/);
  assert.deepEqual(result.copies, []);
  assert.equal(
    result.noCopyKnown,
    `${noCopy}. If its material expires or is deleted, everything under the key is lost.`,
  );
  assert.deepEqual(json.copies.known, []);
});

test("a person's own file and a backup are told as copies everywhere, with their paths", async (t) => {
  const own = ownKeyFile();
  const ceremony = await finished(t, { 'secret-key': { origin: 'file', file: own, keep: 'memory' }, ...backedUp });
  const { page, record, result, json } = await toldBy(ceremony);
  assert.match(page, new RegExp(`AWS cannot give it back:\n.*/${backup}\n${own}, your own file\n`));
  assert.deepEqual(result.copies, [
    { kind: 'backup', path: fileOf(ceremony, backup), by: 'recipients', proven: 'opened' },
    { kind: 'own file', path: own, openToOthers: false },
  ]);
  assert.equal(result.noCopyKnown, undefined);
  assert.match(record, new RegExp(`as of 20[^:]*:[^:]*:[^:]*: \`${backup}\`; the file that it was taken from\\.`));
  assert.deepEqual(json.copies.known, [{ kind: 'backup', file: backup }, { kind: 'own file' }]);
});

test('before the plain key is destroyed, its question says which other copies there are', async (t) => {
  const helpOf = async (answers: AllAnswers) => {
    const ceremony = await beginImport(t, { answers: { 'encrypt-objects': { where: 'later' }, ...answers } });
    await ceremony.upTo('encrypt-objects');
    const destroying = ceremony.questionsOf('finish', { 'plain-key': 'destroy' });
    return destroying.map(({ help = '' }) => help);
  };
  const own = ownKeyFile();
  const [alone = '', alonePhrase = ''] = await helpOf({});
  assert.match(alone, new RegExp(`^The only copy that Keyferry knows of is\n.*/${plainKey}\n`));
  assert.match(alonePhrase, /^Keyferry knows of no other copy of the key\./);
  const [both = '', bothPhrase = ''] = await helpOf({ 'secret-key': { origin: 'file', file: own, keep: 'file' } });
  assert.match(both, new RegExp(`^Your own file holds the same key:\n${own}\n.*/${plainKey} is the key itself`));
  assert.doesNotMatch(`${both}${bothPhrase}`, /only copy|no other copy/);
});

for (const [what, name, spoil, why] of [
  [
    'a backup that has changed',
    backup,
    (path: string) => writeFileSync(path, 'x'),
    /It has changed since it was made\./,
  ],
  ['a backup that is gone', backup, (path: string) => rmSync(path), /It is not there any more\./],
  [
    'a plain key file with another key',
    plainKey,
    (path: string) => writeFileSync(path, randomBytes(32)),
    /It holds another key: its check value is [0-9A-F]{10}\./,
  ],
  ['a plain key file that is gone', plainKey, (path: string) => rmSync(path), /It is not there any more\./],
] as const) {
  test(`${what} is no copy any more, by a look at the disk and not from memory`, async (t) => {
    const ceremony = await finished(t, name === backup ? { ...inMemory, ...backedUp } : {});
    const { facts, services } = ceremony;
    assert.equal(findCopies(facts, services).copies.length, 1);
    spoil(fileOf(ceremony, name));
    const { page, result } = await toldBy(ceremony);
    assert.deepEqual(result.copies, []);
    assert.match(page, new RegExp(`No copy any more: .*/${name}\n${why.source}\n`));
    assert.ok(page.includes(noCopy), page);
    assert.doesNotMatch(page, /put the backup where|move plain_text/);
  });
}

test('a copy that others may open is told with that', async (t) => {
  const ceremony = await finished(t, {});
  chmodSync(fileOf(ceremony, plainKey), 0o644);
  const { page, result } = await toldBy(ceremony);
  assert.match(page, new RegExp(`/${plainKey}\n {2}Others on this computer may open it\\.`));
  assert.deepEqual(result.copies, [{ kind: 'plain file', path: fileOf(ceremony, plainKey), openToOthers: true }]);
});

test('the key in memory is a copy until it is imported, and no other', async (t) => {
  const ceremony = await beginImport(t, { answers: inMemory });
  const kinds = () => findCopies(ceremony.facts, ceremony.services).copies.map(({ kind }) => kind);
  await ceremony.upTo('wrap');
  assert.deepEqual(kinds(), ['memory']);
  await ceremony.upTo('import');
  assert.deepEqual(kinds(), []);
  assert.equal(existsSync(fileOf(ceremony, plainKey)), false);
});

test('one file under the name of the article is one copy, also where it was brought', async (t) => {
  const path = newFolder();
  writeFileSync(join(path, plainKey), randomBytes(32), { mode: 0o600 });
  const answers = { 'secret-key': { origin: 'file', file: plainKey, keep: 'file' } };
  const ceremony = await beginImport(t, { path, answers });
  await ceremony.upTo('secret-key');
  assert.deepEqual(
    findCopies(ceremony.facts, ceremony.services).copies.map(({ kind }) => kind),
    ['plain file'],
  );
});
