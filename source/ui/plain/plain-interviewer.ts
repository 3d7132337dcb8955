import type { Course } from '../../ceremony/ceremony.ts';
import { keptDrafts } from '../../ceremony/drafts.ts';
import { pendingQuestion } from '../../ceremony/interview.ts';
import type { Decision, Interviewer } from '../../ceremony/interviewer.ts';
import type { Answer, Answers } from '../../ceremony/question.ts';
import type { EquivalentCommand, Step, StepContext } from '../../ceremony/step.ts';
import type { Lend } from '../../ceremony/waiting.ts';
import { type Facts, isPractice } from '../../steps/facts.ts';
import { commandLines } from '../command-lines.ts';
import { type Asked, interviewStep } from '../interviewing.ts';
import { dangerLines, tutorialLines, videoWords } from '../lesson-lines.ts';
import { problemLines } from '../problem-lines.ts';
import type { Saved } from '../stop-words.ts';
import { waysOn } from '../ways-on.ts';
import { askQuestion } from './ask.ts';
import { type AskContext, commandsWithEffects } from './asking.ts';
import type { LineIo, Restart } from './line-io.ts';
import { progressTeller } from './progress-teller.ts';

type Parts<Services> = {
  readonly ceremony: Course<Facts, Services>;
  readonly lineIo: LineIo;
  /** True when the whole run is practice. The heading of every step then says so. */
  readonly practice: boolean;
  /** See {@link AskContext}. */
  readonly onStop: () => boolean;
  /** Called before each question. */
  readonly onAsked: () => void;
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  /** `undefined` when the lines do not come from a terminal. */
  readonly lend: Lend | undefined;
};

/** Makes the interviewer that asks and reports in lines of text. */
export function plainInterviewer<Services>(parts: Parts<Services>): Interviewer<Facts, Services> {
  const { ceremony, lineIo, onStop, lend } = parts;
  /** The last content of each field: see `typed` of `interviewStep`. */
  const typed = new Map<string, Answer>();
  const tell = progressTeller((line) => lineIo.say(line));
  /** The id of the step whose heading was printed last; `undefined` once that step is done. */
  let enteredStep: string | undefined;
  /** Prints the heading of a step when the step begins. @param isAhead true when the step has not come yet. */
  const enter = (step: Step<Facts, Services>, { connection, setUp }: Facts, isAhead = false) => {
    if (enteredStep === step.id) return;
    enteredStep = step.id;
    const practice = parts.practice || (connection !== undefined && isPractice(connection)) ? ' (PRACTICE)' : '';
    const number = ceremony.steps.findIndex(({ id }) => id === step.id) + 1;
    const ahead = isAhead ? ', asked now already' : '';
    const video = setUp?.kind === 'video' ? videoWords(step.lesson) : undefined;
    lineIo.say(
      '',
      `Step ${number} of ${ceremony.steps.length}: ${step.title}${ahead}${practice}`,
      ...(video === undefined ? [] : [video]),
      step.why,
    );
  };

  return {
    ...(lend === undefined ? {} : { lend }),

    async interview(step, context, given) {
      enter(step, context.facts, given.isAhead);
      let answersNow = given.start;
      const note = (answers: Answers) => {
        answersNow = answers;
        given.note?.(answers);
      };
      lineIo.restart = () => restartAt(step.title, askAfterStop(step, context, answersNow), parts.savedNow());
      const pages = (commands: Asked['commands']): AskContext['pages'] => ({
        why: () => {
          lineIo.say('', step.why, '', ...dangerLines(step), '');
          if (step.lesson !== undefined) lineIo.say(...tutorialLines(step), '');
          lineIo.say(...helpLines(), '');
        },
        commands: (answer) => showCommands(lineIo, commands(answer)),
      });
      return interviewStep({
        step,
        context,
        given: { ...given, note },
        typed,
        ask: (asked) => {
          parts.onAsked();
          return askQuestion({ lineIo, asked, onStop, pages: pages(asked.commands) });
        },
      });
    },

    acting(step, { facts }) {
      enter(step, facts);
      lineIo.say('');
    },

    progress: (_step, progress) => tell(progress),

    noticed: (line) => lineIo.say(`${lineIo.symbols.done} ${line}`),

    done(step, facts) {
      enteredStep = undefined;
      lineIo.say(`${lineIo.symbols.done} ${step.receipt(facts)}`);
    },

    async trouble(_step, problem): Promise<Decision> {
      lineIo.say('', ...problemLines(problem));
      const rows = waysOn(problem, parts.savedNow());
      if (!lineIo.prepareUnexpected()) {
        lineIo.say('', `The further lines of standard input were not read. ${lineIo.restart().next}`);
        return { action: 'stop' };
      }
      lineIo.say('', ...rows.map(({ label }, index) => `  ${index + 1}. ${label}`));
      for (;;) {
        const text = (await lineIo.line('Number:', problem.what)).trim();
        // The last row stops.
        const row = text === ':stop' ? rows.at(-1) : rows[Number(text) - 1];
        if (row !== undefined) return row.decision;
        lineIo.refuse(`Type a number from 1 to ${rows.length}.`, problem.what);
      }
    },
  };
}

/** Gives the question with which the next start goes on; `undefined` when the step has nothing left to ask. */
function askAfterStop<Facts, Services>(
  step: Step<Facts, Services>,
  context: Omit<StepContext<Facts, Services>, 'answers'>,
  answersNow: Answers,
): string | undefined {
  const questions = (answers: Answers) => step.questions({ ...context, answers });
  const kept = keptDrafts(questions, answersNow);
  return pendingQuestion(questions(kept), kept)?.ask;
}

/**
 * Tells what the next start asks when the input ends in a step.
 * @param ask the question of the step with which it goes on; `undefined` when the step has nothing left to ask.
 */
function restartAt(title: string, ask: string | undefined, saved: Saved): Restart {
  if (saved === 'nothing')
    return {
      state: 'Nothing is saved yet.',
      next: 'It then asks everything again.',
    };
  const from = ask === undefined ? '.' : `, from this question on: ${ask}`;
  const next = `It may ask first which ceremony to continue. Then comes the step ${title} again${from}`;
  return {
    state: 'Every step before this one is saved.',
    next,
  };
}

/** Lists the commands that a person can type at every question. */
export function helpLines(): readonly string[] {
  return [
    'At any question you can write',
    ...commandsWithEffects.map(([line, effect]) => `  ${line.padEnd(10)} ${effect}`),
  ];
}

/** Prints the page of commands. The commands are not wrapped, so that a person can copy them. */
function showCommands(lineIo: LineIo, commands: readonly EquivalentCommand[]): void {
  if (commands.length === 0) lineIo.say('There is no command for this.');
  else lineIo.sayWhole('', ...commandLines(commands), '');
}
