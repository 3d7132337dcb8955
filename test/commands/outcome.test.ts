import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { optionWords, placeWordsOf } from '../../source/commands/option-words.ts';
import { finishedOutcome, printOutcome, type RunOutcome, unfinishedOutcome } from '../../source/commands/outcome.ts';
import { newFolder } from '../new-folder.ts';

const problem = { kind: 'fixable', what: 'It is Disabled.', next: ['Enable it.'] } as const;

/** An outcome but for its time, which only has the form of one. */
function withoutTime({ asOf, ...others }: RunOutcome) {
  assert.match(asOf, /^\d{4}-\d\d-\d\dT.*Z$/);
  return others;
}

test('the outcome of a run names for programs what is known, and a problem with all its sentences', () => {
  const key = { keyId: 'one', keyArn: 'arn:one', alias: 'alias/a', createdAt: '2026-11-24' };
  const known = { ceremony: 'expiry', facts: { key }, workdir: '/w', problem };
  assert.deepEqual(withoutTime(unfinishedOutcome('stopped', 3, known)), {
    ended: 'stopped',
    exit: 3,
    ceremony: 'expiry',
    keyId: 'one',
    keyArn: 'arn:one',
    alias: 'alias/a',
    workdir: '/w',
    problem: { code: null, what: 'It is Disabled.', why: null, state: null, next: ['Enable it.'] },
  });
  const nothing = unfinishedOutcome('cannot-start', 2, { ceremony: null });
  assert.deepEqual(withoutTime(nothing), { ended: 'cannot-start', exit: 2, ceremony: null });
  const coded = { ...problem, code: 'Disabled', why: 'Somebody did it.', state: 'Nothing was changed.' };
  const page = { title: 'Done', lines: [] };
  const finished = finishedOutcome('expiry', { status: 3, page, result: { keyId: 'one' }, problem: coded });
  assert.deepEqual(withoutTime(finished), {
    ended: 'finished',
    exit: 3,
    ceremony: 'expiry',
    keyId: 'one',
    problem: {
      ...{ code: 'Disabled', what: 'It is Disabled.', why: 'Somebody did it.' },
      ...{ state: 'Nothing was changed.', next: ['Enable it.'] },
    },
  });
  const printed: string[] = [];
  printOutcome(
    { ...finishedOutcome('a\u202Eb', { status: 0, page, result: {} }) },
    { write: (text) => printed.push(text) },
  );
  assert.equal(printed.length, 1);
  assert.equal(JSON.parse(printed[0] ?? '').ceremony, 'a\u202Eb');
  assert.ok(!printed[0]?.includes('\u202E') && printed[0]?.endsWith('}\n'));
});

test('the command that goes on has the flags of this one; where the folder knows the place, it names none', () => {
  const place = { practice: true, profile: 'ops', region: 'eu-west-1', endpointUrl: 'http://x' };
  const options = { ...place, plain: true, asInTheVideo: true, redact: true, workdir: 'w' };
  assert.deepEqual(optionWords(options), [
    ...['--plain', '--practice', '--as-in-the-video', '--redact'],
    ...['--profile', 'ops', '--region', 'eu-west-1', '--workdir', 'w', '--endpoint-url', 'http://x'],
  ]);
  assert.deepEqual(optionWords({}), []);
  const folder = join(newFolder(), 'w');
  const placeWords = ['--practice', '--profile', 'ops', '--region', 'eu-west-1', '--endpoint-url', 'http://x'];
  assert.deepEqual(placeWordsOf(options, folder), placeWords);
  mkdirSync(folder);
  writeFileSync(join(folder, 'journal.jsonl'), '');
  assert.deepEqual(placeWordsOf(options, folder), []);
});
