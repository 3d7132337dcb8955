import type { Course } from '../../ceremony/ceremony.ts';
import type { Decision, Interviewer } from '../../ceremony/interviewer.ts';
import type { Answer } from '../../ceremony/question.ts';
import type { EquivalentCommand, Step } from '../../ceremony/step.ts';
import type { Lend } from '../../ceremony/waiting.ts';
import { type Facts, isPractice } from '../../steps/facts.ts';
import { commandLines } from '../command-lines.ts';
import { type Asked, interviewStep } from '../interviewing.ts';
import { dangerLines, tutorialLines } from '../lesson-lines.ts';
import { problemLines } from '../problem-lines.ts';
import type { Saved } from '../stop-words.ts';
import { waysOn } from '../ways-on.ts';
import { askQuestion } from './ask.ts';
import { everywhere, type Putting } from './asking.ts';
import type { LineIo } from './line-io.ts';
import { progressTeller } from './progress-teller.ts';

type Parts<Services> = {
  readonly ceremony: Course<Facts, Services>;
  readonly lineIo: LineIo;
  /** True when the whole run is practice. The heading of every step then says so. */
  readonly practice: boolean;
  readonly onStop: () => void;
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  /** `undefined` when the lines do not come from a terminal. */
  readonly lend: Lend | undefined;
};

/** Gives the interviewer that reads and writes lines. */
export function plainInterviewer<Services>(parts: Parts<Services>): Interviewer<Facts, Services> {
  const { ceremony, lineIo, onStop, lend } = parts;
  const typed = new Map<string, Answer>();
  const tell = progressTeller((line) => lineIo.say(line));
  let inStep: string | undefined;
  const enter = (step: Step<Facts, Services>, { connection }: Facts) => {
    if (inStep === step.id) return;
    inStep = step.id;
    const practice = parts.practice || (connection !== undefined && isPractice(connection)) ? ' (PRACTICE)' : '';
    const number = ceremony.steps.findIndex(({ id }) => id === step.id) + 1;
    lineIo.say('', `Step ${number} of ${ceremony.steps.length}: ${step.title}${practice}`, step.why);
  };

  return {
    ...(lend === undefined ? {} : { lend }),

    async interview(step, context, given) {
      enter(step, context.facts);
      const pages = (commands: Asked['commands']): Putting['pages'] => ({
        why: () => lineIo.say('', step.why, '', ...dangerLines(step), '', ...tutorialLines(step), ...helpLines(), ''),
        commands: (answer) => showCommands(lineIo, commands(answer)),
      });
      return interviewStep({
        step,
        context,
        given,
        typed,
        ask: (asked) => askQuestion({ lineIo, asked, onStop, pages: pages(asked.commands) }),
      });
    },

    acting(step, { facts }) {
      enter(step, facts);
      lineIo.say('');
    },

    progress: (_step, progress) => tell(progress),

    noticed: (line) => lineIo.say(`${lineIo.symbols.done} ${line}`),

    done(step, facts) {
      inStep = undefined;
      lineIo.say(`${lineIo.symbols.done} ${step.receipt(facts)}`);
    },

    async trouble(_step, problem): Promise<Decision> {
      lineIo.say('', ...problemLines(problem));
      const ways = waysOn(problem, parts.savedNow());
      if (!lineIo.prepareUnexpected()) return { action: 'stop' };
      lineIo.say('', ...ways.map(({ label }, index) => `  ${index + 1}. ${label}`));
      for (;;) {
        const line = await lineIo.line('Number:', problem.what);
        const way = line.trim() === ':stop' ? ways.at(-1) : ways[Number(line.trim() || Number.NaN) - 1];
        if (way !== undefined) return way.decision;
        lineIo.refused(`Type a number from 1 to ${ways.length}.`, problem.what);
      }
    },
  };
}

/** Lists the commands that a person can type at every question. */
export function helpLines(): readonly string[] {
  return ['At any question you can write', ...everywhere.map(([line, does]) => `  ${line.padEnd(10)} ${does}`)];
}

function showCommands(lineIo: LineIo, commands: readonly EquivalentCommand[]): void {
  if (commands.length === 0) lineIo.say('There is no command for this.');
  else lineIo.sayWhole('', ...commandLines(commands), '');
}
