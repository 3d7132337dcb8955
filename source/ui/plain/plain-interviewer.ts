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
import { waysOn } from '../ways-on.ts';
import { askQuestion } from './ask.ts';
import { everywhere, type Putting } from './asking.ts';
import type { Desk } from './desk.ts';
import { progressTeller } from './progress-teller.ts';

type Parts<Services> = {
  readonly ceremony: Course<Facts, Services>;
  readonly desk: Desk;
  /** True where the whole run is practice, which every step's heading then says. */
  readonly practice: boolean;
  readonly onStop: () => void;
  /** Whether stopping now loses the key, which is in memory alone. */
  readonly losesKey: () => boolean;
  /** Absent where lines do not come from a terminal. */
  readonly lend: Lend | undefined;
};

/** The interviewer that reads and writes lines. */
export function plainInterviewer<Services>(parts: Parts<Services>): Interviewer<Facts, Services> {
  const { ceremony, desk, onStop, lend } = parts;
  const typed = new Map<string, Answer>();
  const tell = progressTeller((line) => desk.say(line));
  let inStep: string | undefined;
  const enter = (step: Step<Facts, Services>, { connection }: Facts) => {
    if (inStep === step.id) return;
    inStep = step.id;
    const practice = parts.practice || (connection !== undefined && isPractice(connection)) ? ' (PRACTICE)' : '';
    const number = ceremony.steps.findIndex(({ id }) => id === step.id) + 1;
    desk.say('', `Step ${number} of ${ceremony.steps.length}: ${step.title}${practice}`, step.why);
  };

  return {
    ...(lend === undefined ? {} : { lend }),

    async interview(step, context, given) {
      enter(step, context.facts);
      const pages = (commands: Asked['commands']): Putting['pages'] => ({
        why: () => desk.say('', step.why, '', ...dangerLines(step), '', ...tutorialLines(step), ...helpLines(), ''),
        commands: (answer) => showCommands(desk, commands(answer)),
      });
      return interviewStep({
        step,
        context,
        given,
        typed,
        ask: (asked) => askQuestion({ desk, asked, onStop, pages: pages(asked.commands) }),
      });
    },

    acting(step, { facts }) {
      enter(step, facts);
      desk.say('');
    },

    progress: (_step, progress) => tell(progress),

    noticed: (line) => desk.say(`${desk.symbols.done} ${line}`),

    done(step, facts) {
      inStep = undefined;
      desk.say(`${desk.symbols.done} ${step.receipt(facts)}`);
    },

    async trouble(_step, problem): Promise<Decision> {
      desk.say('', ...problemLines(problem));
      const ways = waysOn(problem, parts.losesKey());
      if (!desk.interrupted()) return { action: 'stop' };
      desk.say('', ...ways.map(({ label }, index) => `  ${index + 1}. ${label}`));
      for (;;) {
        const line = await desk.line('Number:', problem.what);
        const way = line.trim() === ':stop' ? ways.at(-1) : ways[Number(line.trim() || Number.NaN) - 1];
        if (way !== undefined) return way.decision;
        desk.refused(`Type a number from 1 to ${ways.length}.`, problem.what);
      }
    },
  };
}

/** What can be written at every question. */
export function helpLines(): readonly string[] {
  return ['At any question you can write', ...everywhere.map(([line, does]) => `  ${line.padEnd(10)} ${does}`)];
}

function showCommands(desk: Desk, commands: readonly EquivalentCommand[]): void {
  if (commands.length === 0) desk.say('There is no command for this.');
  else desk.sayWhole('', ...commandLines(commands), '');
}
