import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type RunOptions, run } from '../../source/commands/run.ts';
import { workIn } from '../kept-environment.ts';
import { keyOf } from '../known-facts.ts';
import { connected, done, journal, nameAt, sent } from './written-journals.ts';

/** What `keyferry run` prints, and its exit status. */
async function ran(answers: string | undefined, options: RunOptions = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const status = await run(answers, options, {
    stdout: { write: (text) => out.push(text) },
    stderr: { write: (text) => err.push(text) },
    signal: new AbortController().signal,
  });
  return { status, out: out.join(''), err: err.join('') };
}

test('each ceremony that can be run has an example, and that of the first import is in the order of the video where asked', async () => {
  const first = await ran(undefined, { example: true });
  assert.equal(first.status, 0);
  assert.deepEqual(await ran(undefined, { example: 'first-import' }), first);
  const video = await ran(undefined, { example: true, asInTheVideo: true });
  assert.equal(video.status, 0);
  assert.notEqual(video.out, first.out);
  const expiry = await ran(undefined, { example: 'expiry' });
  assert.match(expiry.out, /^ceremony: expiry$/m);
  const none = await ran(undefined, { example: 'nothing' });
  assert.deepEqual([none.status, none.out], [2, '']);
  assert.match(none.err, /^keyferry: There is no ceremony "nothing"\. Known: first-import, import-existing, /);
});

test('without a file of answers a run says how to make one, for programs too', async () => {
  const { status, out, err } = await ran(undefined, { json: true });
  assert.equal(status, 2);
  assert.match(err, /^keyferry: run needs a file of answers\. Make one: keyferry run --example > answers\.yaml\n$/);
  const { ended, ceremony, problem } = JSON.parse(out);
  assert.deepEqual([ended, ceremony, problem.code], ['cannot-start', null, 'AnswersMissing']);
  assert.equal((await ran(undefined)).out, '');
  const both = await ran(undefined, { json: true, redact: true });
  assert.deepEqual([both.status, both.out], [2, '']);
});

test('answers work in the folder of their key, and a ceremony that is not known is told with its line', async (t) => {
  const here = workIn(t);
  const stopsIn = async (text: string, options: RunOptions = {}) => {
    writeFileSync(join(here, 'answers.yaml'), text);
    const { status, err } = await ran('answers.yaml', { practice: true, ...options });
    return { status, err };
  };
  const unknown = await stopsIn('ceremony: nothing\n');
  assert.equal(unknown.status, 2);
  assert.match(unknown.err, /answers\.yaml.*1.*ceremony: There is no ceremony "nothing"/);
  // Each folder refuses what does not fit it, so that the words tell which one was chosen.
  journal(join(here, 'keyferry-mine'), 'journal.jsonl', 'import-existing', done('existing-key', { key: keyOf('one') }));
  const byAlias = await stopsIn('describe-key:\n  alias: alias/mine\n');
  assert.match(byAlias.err, /Can't begin "[^"]+" in \S*keyferry-mine: another ceremony was begun there/);
  const named = await stopsIn('describe-key:\n  alias: alias/mine\n', { workdir: 'elsewhere' });
  assert.doesNotMatch(named.err, /keyferry-mine/);
});

test('answers for a key go on in the folder where a ceremony of that key has stopped', async (t) => {
  const here = workIn(t);
  const key = done('existing-key', { key: keyOf('one') });
  journal(join(here, 'keyferry-mine'), 'journal.jsonl', 'import-existing', connected, key);
  const asked = { kind: 'answered', step: 'find-key', answers: { key: 'alias/a' } } as const;
  const found = done('find-key', { key: keyOf('one') });
  journal(join(here, 'keyferry-later'), nameAt('expiry', 1), 'expiry', connected, asked, found, sent);
  for (const [answers, says] of [
    [
      'ceremony: import-existing\nexisting-key:\n  key: one\n',
      /nothing more was created; keyferry-mine is as it was\./,
    ],
    ['ceremony: expiry\nfind-key:\n  key: alias/a\n', /nothing more was created; keyferry-later is as it was\./],
    ['ceremony: expiry\nfind-key:\n  key: alias/b\n', /nothing was created\./],
  ] as const) {
    writeFileSync(join(here, 'answers.yaml'), answers);
    const { status, err } = await ran('answers.yaml', { practice: true });
    assert.equal(status, 2);
    assert.match(err, says);
  }
  journal(
    join(here, 'keyferry-two'),
    'journal.jsonl',
    'import-existing',
    connected,
    done('existing-key', { key: keyOf('two') }),
  );
  writeFileSync(join(here, 'answers.yaml'), 'ceremony: encrypt\nfind-key:\n  key: alias/a\n');
  assert.match((await ran('answers.yaml', { practice: true })).err, /Can't tell which key alias\/a is\./);
});
