import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { assistant } from '../../source/commands/assistant.ts';
import { expiry } from '../../source/commands/expiry.ts';
import { importExisting } from '../../source/commands/import-existing.ts';
import type { InterfaceOptions } from '../../source/commands/open-interface.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { arnOf, foreverImported, keyOf, wrappedHere } from '../known-facts.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { bareAwsEnvironment } from '../ui/fixed-world.ts';
import { atStreams } from './at-streams.ts';
import { connected, done, finished, isLocked, journal, nameAt, sent } from './written-journals.ts';

/* A person who works line by line, from a pipe: each line is an answer, and the run stops where the lines end. */

function personHere(t: TestContext) {
  keepEnvironment(t);
  const here = workIn(t);
  bareAwsEnvironment(here);
  const ran = async (lines: readonly string[], work: () => Promise<number>) => {
    const told = await atStreams(t, work, { lines });
    const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    for (const { name } of folders) assert.equal(isLocked(join(here, name)), false, `${name} is free again`);
    return told;
  };
  const led = (lines: readonly string[], options: InterfaceOptions = {}) =>
    ran(lines, () => assistant({ plain: true, ...options }));
  return { here, ran, led };
}

/** The same beside a practice account with a key that was imported, and one that waits. Folders know of neither. */
function keysHere(t: TestContext) {
  const person = personHere(t);
  const { here } = person;
  const state = join(here, 'keyferry-practice-aws');
  const [one, two] = seedKeys(state, 'us-east-1', [{ validTo: null, alias: 'alias/one' }, { alias: 'alias/two' }]);
  assert.ok(one?.currentMaterialId !== undefined && two !== undefined);
  const imported = { ...foreverImported, keyMaterialId: one.currentMaterialId };
  const know = (folder: string, ...last: Parameters<typeof journal>[3][]) =>
    journal(
      join(here, folder),
      'journal.jsonl',
      'first-import',
      connected,
      done('make-key', { key: keyOf(one.keyId, 'alias/one') }),
      done('import', { imported, wrapped: wrappedHere }),
      ...last,
    );
  return { ...person, know, one: arnOf(one.keyId), two: arnOf(two.keyId) };
}

test('without a terminal the assistant says what is missing and what works without one, and begins nothing', async (t) => {
  const { here, led } = personHere(t);
  assert.deepEqual(await led([], { plain: false, workdir: 'w', practice: true }), {
    status: 2,
    out: '',
    err: [
      'keyferry: the assistant needs a terminal, and this is none: standard input, standard output. Nothing was begun.',
      'Line by line, also with pipes: keyferry --plain --practice --workdir w',
      'Without a person: keyferry run --example > answers.yaml, then keyferry run answers.yaml',
      '',
    ].join('\n'),
  });
  assert.deepEqual(readdirSync(here), []);
});

test('where nothing was begun, a new ceremony begins at once, in the folder that is named where one is', async (t) => {
  const { here, led } = personHere(t);
  Object.assign(process.env, { DEV: '1', NO_COLOR: '1' });
  const fresh = await led([], { practice: true });
  assert.deepEqual([process.env.DEV, process.env.FORCE_COLOR], [undefined, '0']);
  assert.equal(fresh.status, 3);
  assert.match(fresh.out, /\nStep 1 of \d+: Connection \(PRACTICE\)\n[\s\S]*\nStopped\. Nothing was made\.\n$/);
  assert.deepEqual(readdirSync(here), []);
  const named = await led([''], { practice: true, workdir: 'w', endpointUrl: 'http://127.0.0.1:9' });
  assert.equal(named.status, 3);
  assert.match(named.out, /\nStopped\. Everything so far is saved in w\nTo continue: keyferry --plain --workdir \S*w /);
  writeFileSync('a-file', '');
  const file = await led([''], { practice: true, workdir: 'a-file' });
  assert.equal(file.status, 2);
  assert.match(file.out, /\nx Can't keep the ceremony in \S*a-file\.\n/);
});

test('an unfinished ceremony of the same kind goes on in its folder, and a new one in a new folder', async (t) => {
  const { here, led } = personHere(t);
  journal(join(here, 'keyferry-a'), 'journal.jsonl', 'first-import', connected);
  const goesOn = await led(['1', '2']);
  assert.equal(goesOn.status, 3);
  assert.match(goesOn.out, /\nContinue where you stopped\?\n/);
  assert.equal(goesOn.out.match(/^Keyferry, line by line/gm)?.length, 1, 'on the same screen');
  assert.match(goesOn.out, /\S Set-up: choose everything\n/);
  assert.match(goesOn.out, /\nStopped\. Everything so far is saved in keyferry-a\nTo continue: keyferry --plain\n$/);
  const fresh = await led(['2', ''], { practice: true });
  assert.match(fresh.out, /\nStopped\. Everything so far is saved in keyferry-new\n/);
  const none = await led([]);
  assert.deepEqual([none.status, none.err], [3, '']);
  const stopped = await led([':stop']);
  assert.equal(stopped.status, 130);
  assert.match(stopped.out, /\n\nStopped\. Nothing was changed\.\n$/);
  assert.equal(existsSync(join(here, 'keyferry-new-2')), false);
});

test('a ceremony of another kind goes on with its own steps, and reads on behind the lines that were read', async (t) => {
  const { here, led } = personHere(t);
  journal(join(here, 'keyferry-a'), 'journal.jsonl', 'first-import', connected);
  journal(join(here, 'keyferry-b'), 'journal.jsonl', 'import-existing', connected);
  const { status, out } = await led(['2', ':stop', '']);
  assert.equal(status, 130);
  assert.match(out, /\nStep 2 of \d+: Key \(PRACTICE\)\n/);
  assert.doesNotMatch(out, /Nothing was changed/);
  assert.match(out, /\nStopped\. Everything so far is saved in keyferry-b\nTo continue: keyferry --plain\n$/);
  journal(join(here, 'keyferry-c'), nameAt('expiry', 1), 'expiry', sent);
  const later = await led(['3', ':stop']);
  assert.equal(later.status, 130);
  assert.match(later.out, / {2}3\. Continue keyferry-c: Change when material expires /);
  assert.match(later.out, /\nStep 1 of \d+: Connection\n[\s\S]*saved in keyferry-c\nTo continue: keyferry --plain\n$/);
});

test('an import into a key offers the unfinished imports alone, and none where a key or a folder is named', async (t) => {
  const { here, ran, two } = keysHere(t);
  journal(join(here, 'keyferry-a'), 'journal.jsonl', 'first-import', connected);
  const existing = (lines: readonly string[], key?: string, options: InterfaceOptions = {}) =>
    ran(lines, () => importExisting(key, { plain: true, practice: true, region: 'us-east-1', ...options }));
  assert.match((await existing([':stop'])).out, /\nStep 1 of \d+: Connection/);
  journal(join(here, 'keyferry-b'), 'journal.jsonl', 'import-existing', connected);
  const offered = await existing([]);
  assert.match(
    offered.out,
    / {2}1\. Continue keyferry-b .*\n {2}2\. Continue keyferry-new .*\n {2}3\. Begin a new one\n/,
  );
  const ofKey = await existing([':stop'], two);
  assert.equal(ofKey.status, 130);
  assert.match(ofKey.out, /Key found: alias\/two/);
  assert.match(ofKey.out, new RegExp(`\\nTo continue: keyferry import-existing ${two}\\n$`));
  assert.equal(existsSync(join(here, 'keyferry-two')), true);
  const again = await existing([':stop'], 'alias/two');
  assert.match(again.out, /\nStopped\. Everything so far is saved in keyferry-two\n/);
  const inFolder = await existing([':stop'], undefined, { workdir: 'w' });
  assert.match(inFolder.out, /\nStep 1 of /);
  const other = await existing([], 'alias/one', { workdir: 'keyferry-two' });
  assert.equal(other.status, 2);
  assert.match(other.err, /holds the import into alias\/two\./);
});

test('finished ceremonies open on their keys; whoever stops there has changed nothing', async (t) => {
  const { here, led, know } = keysHere(t);
  know('keyferry-a', finished);
  journal(join(here, 'keyferry-z'), 'journal.jsonl', 'import-existing', connected);
  const stopped = await led([':stop']);
  assert.equal(stopped.status, 130);
  assert.match(stopped.out, /^Keyferry, line by line \(PRACTICE\)\./);
  assert.match(
    stopped.out,
    /\nYour keys\. .*\n.*\n {2}1\. Continue keyferry-z .*\n {2}2\. alias\/one .*\n {2}3\. Ask AWS .*\n {2}4\. Bring a new key\n/,
  );
  assert.match(stopped.out, /\n\nStopped\. Nothing was changed\.\n$/);
  const ended = await led([]);
  assert.equal(ended.status, 2);
  assert.match(ended.err, /^x Standard input ended before this was answered: Your keys\./);
  const goesOn = await led(['1', ':stop']);
  assert.equal(goesOn.status, 130);
  assert.match(
    goesOn.out,
    /\nStep 2 of \d+: Key \(PRACTICE\)\n[\s\S]*saved in keyferry-z\nTo continue: keyferry --plain\n$/,
  );
  // The keys of this place were seen before the new one is begun, and are not shown again.
  const fresh = await led(['4', ''], { practice: true });
  assert.match(fresh.out, /\nStep 1 of \d+: Connection \(PRACTICE\)\n/);
  assert.doesNotMatch(fresh.out, /as AWS tells now/);
  assert.match(fresh.out, /\nStopped\. Everything so far is saved in keyferry-new\nTo continue: keyferry --plain\n$/);
  const inFolder = await led([], { workdir: 'keyferry-z' });
  assert.doesNotMatch(inFolder.out, /Your keys/);
  // What has finished in a folder that is named is not taken for another ceremony.
  journal(join(here, 'x'), 'journal.jsonl', 'import-existing', connected, finished);
  assert.doesNotMatch((await led([], { workdir: 'x' })).out, /another ceremony was begun there/);
  // A later ceremony is about a key already.
  journal(join(here, 'keyferry-b'), nameAt('expiry', 1), 'expiry', sent);
  const later = await led(['1', '', '', ':stop'], { practice: true });
  assert.match(later.out, /Connected to practice AWS/);
  assert.doesNotMatch(later.out, /as AWS tells now/);
});

test('what a person does with a key that a folder knows is done there, and with another key in a new folder', async (t) => {
  const { here, led, know, two } = keysHere(t);
  know('keyferry-a', finished);
  // The second of the list that AWS gives is the known key, where the cursor is.
  const expiry = await led(['1', '', 'expiry', ':stop']);
  assert.equal(expiry.status, 130);
  assert.match(expiry.out, /\nTo begin again: keyferry expiry --workdir keyferry-a\n$/);
  const imports = await led(['1', '1', 'import-existing', ':commands', ':stop']);
  assert.equal(imports.status, 130);
  assert.match(imports.out, /AWS_ACCESS_KEY_ID=/);
  assert.equal(imports.out.match(/^Keyferry, line by line \(PRACTICE\)\./gm)?.length, 2);
  assert.match(imports.out, /Key found: alias\/two, /);
  // The folder has the name of the key by then, and is found again by the key.
  assert.ok(
    imports.out.endsWith(
      `\nStopped. Everything so far is saved in keyferry-two\nTo continue: keyferry import-existing ${two} --practice --region us-east-1\n`,
    ),
    imports.out.slice(-300),
  );
  assert.equal(existsSync(join(here, 'keyferry-new')), false);
});

test('a ceremony that is chosen by its key in the account goes on with its own steps', async (t) => {
  const { led, know } = keysHere(t);
  know('keyferry-a');
  Object.assign(process.env, { DEV: '1' });
  const { status, out } = await led(['2', '', '3', 'go-on', ':stop'], { practice: true });
  assert.equal(status, 130);
  assert.equal('DEV' in process.env, false);
  assert.equal(out.match(/^Keyferry, line by line \(PRACTICE\)\./gm)?.length, 2);
  assert.match(out, /\nStep \d+ of 13: /);
  assert.match(out, /\nTo continue: keyferry --plain\n$/);
});

test('whoever takes a key of the account instead of a new one leaves nothing of that behind', async (t) => {
  const { here, led, one } = keysHere(t);
  // In the list the new key comes first, then what waits, then what was imported.
  const { status, out } = await led(['', '3', 'encrypt', ':stop'], { practice: true });
  assert.equal(status, 130);
  assert.match(out, /\nYour keys in us-east-1, as AWS tells now\./);
  assert.match(out, /\nWhat do you want to do with alias\/one\?\n/);
  assert.ok(
    out.endsWith(
      `\nTo begin again: keyferry encrypt --key ${one} --practice --region us-east-1 --workdir keyferry-new\n`,
    ),
    out.slice(-300),
  );
  assert.equal(existsSync(join(here, 'keyferry-new', 'journal.jsonl')), false);
  // A ceremony that was begun before stays.
  journal(join(here, 'keyferry-b'), 'journal.jsonl', 'first-import');
  const begun = await led(['1', '', '3', 'expiry', ':stop'], { practice: true });
  assert.match(begun.out, new RegExp(`\\nTo begin again: keyferry expiry --key ${one} --practice `));
  assert.equal(existsSync(join(here, 'keyferry-b', 'journal.jsonl')), true);
});

test('a change of an expiry works where its key is known, in the folder that is named, or in a new one', async (t) => {
  const { here, ran, know } = keysHere(t);
  know('keyferry-a', finished);
  const again = async (options: Parameters<typeof expiry>[0]) => {
    const { status, out, err } = await ran([':stop'], () => expiry({ plain: true, ...options }));
    assert.notEqual(status, 2, err);
    return /\nTo begin again: (.*)\n$/.exec(out)?.[1];
  };
  const inFolder = 'keyferry expiry --key alias/one --workdir keyferry-a';
  assert.equal(await again({ key: 'alias/one' }), inFolder);
  assert.equal(await again({ key: 'alias/one', workdir: 'keyferry-a' }), inFolder);
  const place = { practice: true, region: 'us-east-1' };
  const fresh = 'keyferry expiry --key alias/two --practice --region us-east-1 --workdir';
  assert.equal(await again({ key: 'alias/two', ...place }), `${fresh} keyferry-new`);
  // The key of a folder beside it is none of the folder that is named.
  assert.equal(await again({ key: 'alias/two', ...place, workdir: 'v' }), `${fresh} v`);
  assert.equal(await again({ key: 'alias/two', ...place, workdir: '.' }), fresh.replace(' --workdir', ''));
  process.chdir(join(here, 'keyferry-a'));
  assert.equal(await again({}), 'keyferry expiry');
});
