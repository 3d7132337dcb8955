import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { makeRedaction } from '../../source/terminal/redaction.ts';
import { redactScreen } from '../../source/ui/redacted.ts';
import type { Screen } from '../../source/ui/screen.ts';

/** Gives a question as a screen with stand-ins gets it. */
async function redactedQuestion(question: Question): Promise<Question> {
  const asked: Question[] = [];
  const screen: Screen<object> = {
    interviewer: {
      async interview(step, context) {
        asked.push(...step.questions({ ...context, answers: {} }));
        return 'back';
      },
      acting: () => {},
      progress: () => {},
      noticed: () => {},
      done: () => {},
      trouble: async () => ({ action: 'stop' }),
    },
    ask: async () => '',
    closing: async () => {},
    close: async () => {},
  };
  const step: Step<Facts, object> = {
    id: 's',
    title: 'S',
    done: 'S',
    why: '',
    goesWrong: [],
    place: 'you',
    lasting: false,
    asks: ['q'],
    needs: [],
    provides: [],
    questions: () => [question],
    commands: () => [],
    act: async () => ({}),
    receipt: () => '',
  };
  const { interviewer } = redactScreen(screen, makeRedaction({ home: '/home/me', user: 'me', host: 'h' }));
  await interviewer.interview(step, { facts: {}, services: {} }, { start: {}, drafts: {}, canGoBack: false });
  const [shown] = asked;
  assert.ok(shown !== undefined);
  return shown;
}

const words = { id: 'q', ask: 'Which?', label: 'Q', form: 'a text' };
const check = (text: string) => `s3://payments: ${text} is of 123456789012.`;

for (const question of [
  { ...words, kind: 'text', check },
  { ...words, kind: 'file', check },
  { ...words, kind: 'choice', options: [], check },
  { ...words, kind: 'many', options: [], least: 0, check },
] satisfies readonly Question[])
  test(`what is wrong with an answer has stand-ins: ${question.kind}`, async () => {
    const shown = await redactedQuestion(question);
    assert.ok('check' in shown && shown.kind !== 'secret');
    assert.equal(shown.check?.('it'), 's3://bucket-1: it is of 111111111111.');
  });

test('what the chosen files come to has stand-ins', async () => {
  const shown = await redactedQuestion({
    ...words,
    kind: 'many',
    options: [],
    least: 0,
    tally: async (chosen) => `${chosen.length} file. /home/me/a: it cannot be read.`,
  });
  assert.ok(shown.kind === 'many');
  assert.equal(await shown.tally?.(['a'], new AbortController().signal), '1 file. ~/a: it cannot be read.');
});
