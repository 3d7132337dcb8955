import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { ClosingPage } from '../../source/ceremony/conclusion.ts';
import type { Question } from '../../source/ceremony/question.ts';
import type { Asking, Journey } from '../../source/ui/ink/journey.ts';
import { looks } from '../../source/ui/ink/tones.ts';
import './fixed-size.ts';

const titles = ['Connection', 'Secret key', 'Import', 'Proof'];
const step = { id: 'import', title: 'Import', why: 'KMS alone can open it.', goesWrong: [], place: 'KMS' } as const;
const question: Question = {
  kind: 'choice',
  id: 'expiry',
  ask: 'Should the material expire?',
  label: 'Expiry',
  form: 'never or a date',
  options: [
    { value: 'never', label: 'No, it stays', hint: 'recommended' },
    { value: 'date', label: 'Yes, on a date', hint: 'asks for the date' },
    { value: 'old', label: 'As before', disabled: 'it had no expiry' },
  ],
};

let draw: (journey: Partial<Journey>) => string;
let asking: Asking;

before(async () => {
  // The libraries decide on colours when they are loaded: so this file has a process of its own, and loads them here.
  process.env.FORCE_COLOR = '1';
  const { renderToString } = await import('ink');
  const { Frame } = await import('../../source/ui/ink/frame.tsx');
  const { beginning } = await import('../../source/ui/ink/journey-events.ts');
  const { askingStage } = await import('./asking-stage.ts');
  asking = askingStage(question);
  draw = (journey) =>
    renderToString(
      <Frame
        {...{ journey: { ...beginning, step, stepIndex: 2, ...journey }, titles, practice: true }}
        {...{ size: { columns: 80, rows: 24 }, seconds: undefined, onPoint: () => {} }}
      />,
      { columns: 80 },
    );
});

/** A frame in which the look of each letter can be read: `*bold*`, `(dim)`, and `<green>` in the colour's name. */
function readable(frame: string): string {
  const marks = { '1': '*', '2': '(', '32': '<green ', '33': '<yellow ', '36': '<cyan ', '31': '<red ' };
  const ends: string[] = [];
  const text = frame.replaceAll(/\u001B\[(\d+)m/g, (_, code: string) => {
    const mark = marks[code as keyof typeof marks];
    if (mark === undefined) return ends.pop() ?? '';
    ends.push({ '*': '*', '(': ')' }[mark] ?? '>');
    return mark;
  });
  return text.replaceAll(/ +$/gm, '');
}

test('on a question, title, question and advice are bold; steps done or to come, and the words beside the keys, are dim', () => {
  const frame = readable(draw({ stage: asking }));
  const rows = [
    '* Keyferry*                                                              *<yellow PRACTICE>*',
    `(${'─'.repeat(80)})`,
    '*<green  ✔ >*(Connection)         *Import*',
    '*<green  ✔ >*(Secret key)',
    '<cyan  ❯ >*Import*             KMS alone can open it.',
    '(   Proof)',
    '                      *Should the material expire?*',
    '(   where the key is)',
    '   (you ─ )<cyan [KMS]>( ─ S3)   <cyan ❯ No, it stays     >*recommended*',
    '                        Yes, on a date   asks for the date',
    '                        (As before        )it had no expiry',
  ];
  assert.deepEqual(frame.split('\n').slice(0, rows.length), rows);
  assert.match(frame, /\n ↑↓\( move · \)enter\( choose · \)esc\( back/);
});

test('a title that says that the key is Enabled says it in green', async () => {
  const { askingStage } = await import('./asking-stage.ts');
  const frame = readable(draw({ stage: askingStage({ ...question, title: 'Your key is Enabled, and it works' }) }));
  assert.ok(frame.includes('*Your key is <green Enabled>, and it works*'), frame);
});

test('on the last page, what is well, what must be kept and what is left to do stand out', () => {
  const lines = [
    'alias/a is Enabled in us-east-1.',
    'Keep safe:',
    'folder/a.key.age',
    '',
    'Yours to do',
    '- put it away',
  ];
  const emphasis: ClosingPage['emphasis'] = new Map([
    ['Keep safe:', 'heading'],
    ['folder/a.key.age', 'keep'],
    ['Yours to do', 'heading'],
    ['Enabled', 'good'],
  ]);
  const frame = readable(draw({ step: undefined, stage: { phase: 'closing', title: 'Done', lines, emphasis } }));
  for (const look of [
    '  *Done*\n',
    '  alias/a is *<green Enabled>* in us-east-1.\n',
    '  *Keep safe:*\n',
    '  *folder/a.key.age*\n',
    '  *Yours to do*\n',
    '  - put it away\n',
  ])
    assert.ok(frame.includes(look), `${look}${frame}`);
});

test('what is wrong is told by a sign and a word beside its colour, and nothing that must be read is dim', () => {
  const frame = readable(draw({ stage: { ...asking, problem: 'It cannot be.' } }));
  assert.match(frame, /\*<red x ?>\*\s*It cannot be\.$/m);
  for (const tone of ['title', 'question', 'note', 'key', 'advice', 'reason', 'warning', 'good', 'bad'] as const)
    assert.equal(looks[tone].dimColor, undefined, tone);
});

test('without any look, signs and words still say what it says', () => {
  const withColours = draw({ stage: { ...asking, problem: 'It cannot be.' } });
  const bare = withColours.replaceAll(/\u001B\[\d+m/g, '');
  for (const told of ['✔ Connection', '❯ Import', 'PRACTICE', '❯ No, it stays', 'recommended', 'x It cannot be.'])
    assert.ok(bare.includes(told), told);
});
