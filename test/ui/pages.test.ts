import assert from 'node:assert/strict';
import test from 'node:test';
import { ceremonies } from '../../source/ceremonies/all.ts';
import type { Question } from '../../source/ceremony/question.ts';
import { articleUrl, videoUrl } from '../../source/steps/article.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { keysPage } from '../../source/ui/ink/panels/keys-page.ts';
import { commandsPage, tutorialPage, whyPage } from '../../source/ui/ink/panels/pages.ts';
import { lastTop } from '../../source/ui/ink/panels/panel-view.ts';
import { askingStage } from './asking-stage.ts';

/** The room for a page at 80x24: two rows for each of header and footer, one that stays free. */
const place = { width: 78, rows: 19 };
const help = 'Only the help of the question says this.';
const question = { kind: 'text', id: 'a', ask: 'Which?', label: 'Name', form: 'a name', help } satisfies Question;
const stage = askingStage(question);

for (const { id, steps } of ceremonies)
  test(`${id}: the page of ? is one screen at 80x24 at each step, and so is the tutorial's`, () => {
    for (const step of steps) {
      const journey = { ...beginning, step, stage };
      const why = whyPage(journey, false);
      assert.equal(lastTop({ kind: 'why', content: why }, place), 0, `${step.id}\n${why.lines.join('\n')}`);
      assert.ok(why.lines.includes(step.why));
      for (const danger of step.goesWrong) assert.ok(why.lines.includes(`- ${danger}`));
      assert.doesNotMatch(why.lines.join('\n'), /ctrl\+|Only the help/);
      if (step.lesson === undefined) continue;
      assert.ok(why.lines.includes(step.lesson.article));
      const tutorial = tutorialPage(journey);
      assert.equal(lastTop({ kind: 'tutorial', content: tutorial }, place), 0, step.id);
    }
  });

test('where the screen has no room for all its text, the page of ? has that text', () => {
  assert.ok(whyPage({ ...beginning, step: ceremonies[0]?.steps[0], stage }, true).lines.includes(help));
});

test('a cut question is on the page with its sentence to tick and its table, a cut problem without its request id', () => {
  const step = ceremonies[0]?.steps[0];
  const table = { head: [], rows: [['a name', 'a text']] };
  const options = [{ value: 'make', label: 'Make' }];
  const tick = { ask: 'I have read it.', before: 'make' };
  const plan: Question = { ...question, kind: 'choice', options, tick, table };
  const asked = whyPage({ ...beginning, step, stage: askingStage(plan) }, true).lines;
  assert.deepEqual(asked.slice(2, 5), ['Which?', 'I have read it.', help]);
  assert.match(asked[5] ?? '', /a name.*a text/);
  const problem = { kind: 'ours', what: 'It failed.', next: ['Ask.'], requestId: 'r-1' } as const;
  const trouble = { phase: 'problem', problem, rowValue: undefined, saved: 'everything' } as const;
  const told = whyPage({ ...beginning, step, stage: trouble }, true).lines;
  assert.deepEqual(told.slice(2, 5), ['It failed.', 'Ask.', '']);
});

test('the page of ? has a blank line above what can go wrong, and no other where nothing is cut', () => {
  const lesson = { article: 'Section 8', video: 'V.', showed: 'S.', shows: 'N.' };
  const step = { id: 's', title: 'S', why: 'Why.', goesWrong: ['It breaks.'], lesson, place: 'you' } as const;
  const lines = ['Why.', '', 'What can go wrong', '- It breaks.', '', 'In the tutorial', 'Section 8'];
  assert.deepEqual(whyPage({ ...beginning, step, stage }, false), { title: 'S: why', lines });
  assert.deepEqual(tutorialPage({ ...beginning, step, stage }), {
    title: 'S: the tutorial',
    lines: [
      ...['In the article', 'Section 8', articleUrl, '', 'In the video', 'V.', videoUrl, ''],
      ...['Then', 'S.', '', 'Now', 'N.'],
    ],
  });
  assert.equal(commandsPage({ ...beginning, step, stage }).title, 'S: the same by hand');
  const { help: _, ...silent } = question;
  assert.deepEqual(whyPage({ ...beginning, step, stage: askingStage(silent) }, true).lines.slice(0, 4), [
    'Why.',
    '',
    'Which?',
    '',
  ]);
  const acting = { phase: 'acting', lines: [], since: 0 } as const;
  assert.deepEqual(whyPage({ ...beginning, step, stage: acting }, true).lines, lines);
  const choice: Question = { ...silent, kind: 'choice', options: [] };
  assert.equal(whyPage({ ...beginning, step, stage: askingStage(choice) }, true).lines[2], 'Which?');
  assert.deepEqual(tutorialPage(beginning), { title: 'Keyferry: the tutorial', lines: [] });
  assert.deepEqual(commandsPage(beginning), { title: 'Keyferry: the same by hand', lines: [] });
});

test('a step that the tutorial does not have has an empty page of it', () => {
  const [first] = ceremonies[0]?.steps ?? [];
  assert.ok(first);
  const { lesson: _, ...step } = first;
  assert.deepEqual(tutorialPage({ ...beginning, step, stage }).lines, []);
});

test('on the page of commands, a comment is above each command and a blank line between two', () => {
  const commands = () => [
    { says: 'Look', shell: 'aws kms list-keys' },
    { says: 'Make', shell: 'openssl rand 32 \\\n  > k.bin' },
  ];
  assert.deepEqual(commandsPage({ ...beginning, step: ceremonies[0]?.steps[0], stage, commands }).lines, [
    '# Look',
    'aws kms list-keys',
    '',
    '# Make',
    'openssl rand 32 \\',
    '  > k.bin',
  ]);
});

test('on the last page, ? shows the page itself only where it is cut', () => {
  const closing = { phase: 'closing', title: 'Done', lines: ['All is well.'], notice: 'Saved.' } as const;
  const journey = { ...beginning, stage: closing };
  assert.deepEqual(whyPage(journey, true), { title: 'Done', lines: ['Saved.', '', 'All is well.'] });
  assert.equal(whyPage(journey, false).title, 'Keys');
});

test('the page of keys names each key once, and keys for the same effect on one line', () => {
  for (const kind of ['text', 'choice'] as const) {
    const option = { value: 'a', label: 'a' };
    const asks: Question = kind === 'text' ? question : { ...question, kind, options: [option] };
    const journey = {
      ...beginning,
      step: ceremonies[0]?.steps[0],
      stage: askingStage(asks),
      commands: () => [{ says: 'By hand', shell: 'true' }],
    };
    const { lines } = keysPage(journey);
    const heading = lines.indexOf('On a page like this');
    const effects = (part: readonly string[]) =>
      part.flatMap((line) => {
        const [names = '', does] = line.split(/ {2,}|(?<=^.{14}) /);
        return names === ''
          ? []
          : names
              .trim()
              .split(', ')
              .map((name) => `${name}: ${does}`);
      });
    const ofScreen = effects(lines.slice(0, heading));
    const ofPage = effects(lines.slice(heading + 1));
    const namesOf = (all: readonly string[]) => all.map((each) => each.split(': ')[0]);
    assert.equal(new Set(namesOf(ofScreen)).size, ofScreen.length, lines.join('\n'));
    assert.equal(new Set(namesOf(ofPage)).size, ofPage.length, lines.join('\n'));
    assert.equal(new Set([...ofScreen, ...ofPage]).size, ofScreen.length + ofPage.length, lines.join('\n'));
    assert.ok(ofPage.includes('esc: close'), 'a key that does something else on a page');
    if (kind === 'choice') {
      assert.ok(lines.includes('up, down       move'), lines.join('\n'));
      assert.ok(lines.includes('?, ctrl+g      why'), lines.join('\n'));
      assert.ok(lines.includes('c, ctrl+o      commands'));
    }
  }
});

test('of two effects of a key, the page of keys has the one that the key has now', () => {
  const suggest = () => 'right';
  const check = (text: string) => (text === 'right' ? undefined : 'It is wrong.');
  const complete = (text: string) => ({ text, names: [] });
  const asks: Question = { ...question, default: 'wrong', suggest, check, complete };
  const { lines } = keysPage({ ...beginning, step: ceremonies[0]?.steps[0], stage: askingStage(asks) });
  assert.ok(lines.includes('tab            correct it'), lines.join('\n'));
  assert.doesNotMatch(lines.join('\n'), /complete/);
});
