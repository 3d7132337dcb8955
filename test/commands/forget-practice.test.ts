import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ForgetOffer, forgetPractice, practiceWords } from '../../source/commands/forget-practice.ts';
import { findPracticeLeftOver } from '../../source/commands/practice-left-over.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { plainKeyFile } from '../../source/steps/file-names.ts';
import { workIn } from '../kept-environment.ts';
import { generatedSecret } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { beginImport } from '../steps/ceremony.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { connected, connection, damage, done, journal } from './written-journals.ts';

const stateName = 'keyferry-practice-aws';
const generated = done('secret-key', { secret: generatedSecret });
const ofFile = done('secret-key', { secret: { ...generatedSecret, origin: 'file' } });

/** A practice account with one key, and the folder of a ceremony with its plain key beside it. */
function practised() {
  const parent = newFolder();
  const stateFolder = join(parent, stateName);
  seedKeys(stateFolder, 'us-east-1', [{ validTo: null }]);
  const folderWithKey = (name: string, ...lines: Parameters<typeof journal>[3][]) => {
    const folder = join(parent, name);
    const made = journal(folder, 'journal.jsonl', 'first-import', ...lines);
    const plainKey = join(folder, plainKeyFile);
    writeFileSync(plainKey, Buffer.alloc(32, 7));
    return { plainKey, journal: made.path };
  };
  const { plainKey } = folderWithKey('keyferry-mine', connected, generated);
  return { parent, stateFolder, folderWithKey, plainKey };
}

/** What the command does in a terminal in which somebody types an answer, or without one; and what it says. */
async function forget(stateFolder: string, { isSure = false, typed }: { isSure?: boolean; typed?: string }) {
  const said: string[] = [];
  const asks = new FakeInput();
  const stream = (name: string, isTTY: boolean) =>
    Object.assign(Object.create(process.stderr), {
      isTTY,
      write: (text: string, done = () => {}) => {
        said.push(`${name}: ${text}`);
        if (text.includes('Enter for no') && typed !== undefined) setImmediate(() => asks.write(typed));
        done();
        return true;
      },
    });
  const isTTY = typed !== undefined;
  const io = {
    stdin: isTTY ? asks : Object.assign(Object.create(asks), { isTTY: false }),
    stdout: stream('out', isTTY),
    stderr: stream('err', isTTY),
    signal: new AbortController().signal,
  };
  return { status: await forgetPractice(stateFolder, isSure, io), said };
}

test('the plain keys that practice has made are removed with its account, and no other key file', async () => {
  const { parent, stateFolder, folderWithKey, plainKey } = practised();
  const onAws = done('connect', { connection: { ...connection, accountId: '111122223333', source: 'environment' } });
  const kept = [
    folderWithKey('keyferry-brought', connected, ofFile),
    folderWithKey('keyferry-aws', onAws, generated),
    folderWithKey('keyferry-begun', generated),
    folderWithKey('keyferry-none', connected),
    folderWithKey('keyferry-damaged', connected, generated),
    folderWithKey('other-name', connected, generated),
    folderWithKey('keyferry-unknown', connected, generated),
  ];
  damage(kept[4]?.journal ?? '');
  rmSync(kept[6]?.journal ?? '');
  journal(join(parent, 'keyferry-memory'), 'journal.jsonl', 'first-import', connected, generated);
  writeFileSync(join(stateFolder, 'mine.txt'), 'a note');
  const { status, said } = await forget(stateFolder, { isSure: true });
  assert.equal(status, 0);
  assert.deepEqual(said, [
    `out: ${stateFolder}: practice AWS with 1 KMS key, 0 buckets, 0 objects\n  These files in it are not of practice AWS, and stay: mine.txt\n${plainKey}: a plain practice key\n`,
    `out: Removed practice AWS from ${stateFolder}\nRemoved ${plainKey}\n`,
  ]);
  assert.deepEqual(readdirSync(stateFolder), ['mine.txt']);
  assert.equal(existsSync(plainKey), false);
  for (const each of kept) assert.equal(existsSync(each.plainKey), true, each.plainKey);
});

for (const [typed, status, lastWords] of [
  ['yes\n', 0, /^out: Removed .*keyferry-practice-aws\nRemoved .*bin\n$/],
  ['\n', 130, /^err: keyferry: nothing was removed\.\n$/],
  ['no\n', 130, /^err: keyferry: nothing was removed\.\n$/],
  [':stop\n', 130, /^err: keyferry: nothing was removed\.\n$/],
  [undefined, 2, /^err: keyferry: nobody is here to ask\. To remove this, add --yes\. Nothing was removed\.\n$/],
] as const) {
  test(`whoever is asked whether to remove what practice has left and types ${JSON.stringify(typed)}: status ${status}`, async () => {
    const { stateFolder, plainKey } = practised();
    const ended = await forget(stateFolder, typed === undefined ? {} : { typed });
    assert.equal(ended.status, status, ended.said.join(''));
    assert.match(
      ended.said[0] ?? '',
      /^out: .*practice AWS with 1 KMS key, 0 buckets, 0 objects\n.*a plain practice key\n$/,
    );
    assert.match(ended.said.at(-1) ?? '', lastWords);
    assert.deepEqual([existsSync(stateFolder), existsSync(plainKey)], [status !== 0, status !== 0]);
  });
}

test('while practice AWS runs, nothing is removed, and it is said how to stop it', async (t) => {
  const { stateFolder, plainKey } = practised();
  const server = await startPracticeAws({ stateFolder });
  t.after(() => server.close());
  const { status, said } = await forget(stateFolder, { isSure: true });
  assert.equal(status, 3);
  const why = said.at(-1) ?? '';
  assert.match(
    why,
    /^err: .*Can't remove everything that practice has left\.\n +Practice AWS is running with this state folder\.\n/,
  );
  assert.match(why, /Nothing was removed\./);
  assert.match(why, /Stop it with Ctrl\+C where it runs, then do the same again\./);
  assert.equal(existsSync(plainKey), true);
  // The offer on the last page says the same, and throws nothing.
  const offer = new ForgetOffer();
  const { actions: [remove] = [] } = await offer.addTo({ title: 'Done', lines: [] }, stateFolder);
  await remove?.act();
  await remove?.act();
  assert.match((await offer.carryOut()).join('\n'), /Practice AWS is running with this state folder/);
});

test('a plain key that cannot be destroyed is told with what was removed before it', async () => {
  const { stateFolder, plainKey } = practised();
  linkSync(plainKey, `${plainKey}-too`);
  const { status, said } = await forget(stateFolder, { isSure: true });
  assert.equal(status, 3);
  const why = said.at(-1) ?? '';
  assert.match(why, /The file has a second name \(a hard link\) that would stay\./);
  assert.ok(why.includes(`Removed ${stateFolder}. The rest is still there.`), why);
  assert.match(why, /Remove the rest by hand, or do the same again\./);
  assert.deepEqual([existsSync(stateFolder), existsSync(plainKey)], [false, true]);
});

test('the offer comes after what the last page offers already, and only where practice has left something', async () => {
  const { stateFolder } = practised();
  const own = { key: 'c', does: 'copy', act: () => 'copied' };
  const page = { title: 'Done', lines: ['a line'], actions: [own] };
  const { actions, ...others } = await new ForgetOffer().addTo(page, stateFolder);
  assert.deepEqual(others, { title: 'Done', lines: ['a line'] });
  assert.deepEqual([actions?.[0], actions?.map(({ key }) => key)], [own, ['c', 'x']]);
  assert.equal(await new ForgetOffer().addTo(page, undefined), page);
  assert.equal(await new ForgetOffer().addTo(page, newFolder()), page);
});

test('how to serve a practice account again, and how to remove it, is said of one that was used', (t) => {
  assert.deepEqual(practiceWords(undefined), []);
  const here = workIn(t);
  assert.deepEqual(practiceWords(join(here, 'w', stateName)), [
    'Serve this practice account to any AWS client: keyferry practice-aws --state w/keyferry-practice-aws',
    'Remove it when you are done: keyferry practice-aws --forget --state w/keyferry-practice-aws',
  ]);
});

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

test('the plain key of a practice ceremony in the folder beside its account is named as well', () => {
  const { parent, stateFolder, folderWithKey, plainKey } = practised();
  const { plainKey: ofParent } = folderWithKey('.', connected, generated);
  assert.equal(ofParent, join(parent, plainKeyFile));
  assert.deepEqual(findPracticeLeftOver(stateFolder)?.plainKeys, [ofParent, plainKey]);
});
