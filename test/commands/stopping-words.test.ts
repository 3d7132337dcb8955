import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { conductUnattended, savedNow, stoppedWords } from '../../source/commands/conduct.ts';
import { openCeremony } from '../../source/commands/open-ceremony.ts';
import { newFolder } from '../new-folder.ts';

test('before a ceremony has begun nothing is saved, and from then on its progress is', async () => {
  const w = join(newFolder(), 'w');
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  assert.equal(savedNow(opened), 'nothing');
  opened.begin();
  assert.equal(savedNow(opened), 'everything');
  await opened.close();
});

test('a run without a person that is stopped says what one with a person says', async () => {
  const w = join(newFolder(), 'w');
  const stoppedRun = async () => {
    const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
    const said: string[] = [];
    const telling = { say: (line: string) => void said.push(line), show: () => {} };
    const signal = AbortSignal.abort(new Error('stopped'));
    const given = { path: 'answers.yaml', steps: new Map() };
    await assert.rejects(conductUnattended(firstImport, opened, given, { ...telling, signal }), /stopped/);
    assert.deepEqual(said, stoppedWords(opened, 'run the same command again'));
    return { opened, said };
  };
  const before = await stoppedRun();
  assert.deepEqual(before.said, ['Stopped. Nothing was made.']);
  before.opened.begin();
  await before.opened.close();
  const after = await stoppedRun();
  assert.match(
    after.said.join('\n'),
    /^Stopped\. Everything so far is saved in .*\nTo continue: run the same command again$/,
  );
  await after.opened.close();
});

test('a later ceremony that stops before it has sent anything says that it begins anew', async () => {
  const w = join(newFolder(), 'w');
  const opened = await openCeremony(encrypt, w, { practice: true, workdir: w });
  opened.begin();
  assert.equal(savedNow(opened), 'nothing');
  assert.deepEqual(stoppedWords(opened, 'keyferry encrypt --key alias/a'), [
    'Stopped. Nothing was sent or changed.',
    'To begin again: keyferry encrypt --key alias/a',
  ]);
  opened.services.journal.append({ kind: 'intent', step: 'encrypt-objects', name: 'upload' });
  assert.equal(savedNow(opened), 'everything');
  await opened.close();
});

test('a ceremony whose steps are all done is never said to have stopped', async () => {
  const w = join(newFolder(), 'w');
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  opened.begin();
  opened.services.journal.append({ kind: 'finished' });
  const words = stoppedWords(opened, 'keyferry --workdir w').join('\n');
  assert.match(words, /^Finished\. All steps are done, and the folder is .*w$/);
  assert.doesNotMatch(words, /Stopped|continue/);
  const record = { kind: 'fixable', what: "Can't write the record.", next: [] } as const;
  assert.match(stoppedWords(opened, 'keyferry --workdir w', record).join('\n'), /To continue: keyferry --workdir w$/);
  await opened.close();
});
