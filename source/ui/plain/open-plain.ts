import type { Course } from '../../ceremony/ceremony.ts';
import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { PanelContent } from '../../ceremony/question.ts';
import type { Lend } from '../../ceremony/waiting.ts';
import type { Facts } from '../../steps/facts.ts';
import { makeLinker } from '../../terminal/hyperlinks.ts';
import { type LeavingProcess, type Signal, statusOf } from '../../terminal/leaving.ts';
import { Lending } from '../../terminal/lending.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import { describeLending } from '../lent-words.ts';
import { problemLines } from '../problem-lines.ts';
import { StoppedByPerson } from '../reply.ts';
import type { Screen } from '../screen.ts';
import { type Saved, stopQuestion } from '../stop-words.ts';
import { askQuestion } from './ask.ts';
import { LineInput } from './line-input.ts';
import { LineIo } from './line-io.ts';
import { helpLines, plainInterviewer } from './plain-interviewer.ts';

type OpenPlain<Services> = {
  readonly terminal: Terminal;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly ceremony: Course<Facts, Services>;
  readonly practice: boolean;
  /** Called when the person stops. After that, the question that was asked fails with {@link StoppedByPerson}. */
  readonly onStop: () => void;
  /** Called when a signal ends the process. It releases locks and secrets, and gives the last lines to print. */
  readonly onHangup: () => readonly string[];
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  readonly process: LeavingProcess;
};

/** Opens the plain interface, which asks and reports in lines of text. It suits any terminal, screen reader or pipe. */
export function openPlain<Services>(input: OpenPlain<Services>): Screen<Services> {
  const { terminal, stdin, stdout, ceremony, practice, onStop, onHangup, savedNow, process } = input;
  const lines = new LineInput(stdin);
  const lineIo = new LineIo({ input: lines, stdout, terminal });
  const lending = new Lending();
  const stop = () => {
    onStop();
    lines.fail(new StoppedByPerson());
  };
  /** True once the person was told that stopping loses the key, until the next question is asked. */
  let isWarned = false;
  /** Stops. On a terminal, first tells the person, once, when stopping would lose a key. @returns false when it only told. */
  const stopKnowingly = (): boolean => {
    const saved = savedNow();
    if (terminal.isTty && saved === 'all but the key' && !isWarned) {
      isWarned = true;
      lineIo.say('', `${lineIo.symbols.caution} ${stopQuestion(saved)} Do it again to stop, or answer to go on.`);
      return false;
    }
    stop();
    return true;
  };
  const interrupt = () => {
    // While another program has the terminal, Ctrl+C is for that program.
    if (!lending.takesInterrupt()) stopKnowingly();
  };
  process.on('SIGINT', interrupt);
  const leave = (signal: Signal) => {
    lines.restore();
    lineIo.say('', ...onHangup());
    process.exit(statusOf(signal));
  };
  process.on('SIGTERM', leave);
  process.on('SIGHUP', leave);
  // An error means that the reader of the output, such as head(1), has ended.
  stdout.on('error', stop);
  lineIo.say(`Keyferry, line by line${practice ? ' (PRACTICE)' : ''}. Enter ends each answer.`, ...helpLines());
  const lend: Lend = async (what) => {
    lineIo.say(describeLending(what));
    const endLending = lending.begin();
    lines.rest();
    return async () => {
      endLending();
      lines.goOn();
    };
  };
  /** The lines of the last page or of the problem at which the run stopped, once they are shown. */
  let closingLines: readonly string[] = [];
  const sayNothingMore = () => lineIo.say('There is nothing more to say about this.');
  const interviewer = plainInterviewer({
    ceremony,
    lineIo,
    practice,
    onStop: stopKnowingly,
    onAsked: () => {
      isWarned = false;
    },
    savedNow,
    lend: terminal.isTty ? lend : undefined,
  });
  return {
    interviewer: {
      ...interviewer,
      async trouble(step, problem) {
        const decision = await interviewer.trouble(step, problem);
        // The last words of a run that stops at a problem begin with the problem, which was just printed.
        if (decision.action === 'stop') closingLines = problemLines(problem);
        return decision;
      },
    },

    async ask(question, backAnswer) {
      const back = backAnswer === undefined ? undefined : ('question' as const);
      const asked = { question, draft: undefined, isFirst: false, back, commands: () => [] };
      const pages = { why: sayNothingMore, commands: sayNothingMore };
      for (;;) {
        const reply = await askQuestion({ lineIo, asked, onStop: stopKnowingly, pages });
        if (reply.kind === 'answer') return String(reply.answer);
        if (reply.kind === 'back' && backAnswer !== undefined) return backAnswer;
        // An option that leads elsewhere has no meaning outside of a step: asks again.
      }
    },

    async closing(page) {
      closingLines = page.lines;
      lineIo.link = await makeLinker(page.links ?? new Map(), terminal, stdout);
      return showLastPage(lineIo, lines, page);
    },

    async close(lastWords = []) {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', leave);
      process.off('SIGHUP', leave);
      lines.close();
      // These lines were printed already.
      lineIo.say('', ...lastWords.filter((line) => !closingLines.includes(line)));
    },
  };
}

/**
 * Prints the last page, and carries out its actions until the person leaves it. Ctrl+C and the end of the input leave the page, and
 * are no errors, because everything is done.
 */
async function showLastPage(
  lineIo: LineIo,
  input: LineInput,
  { title, lines, commands = [], actions = [] }: ClosingPage,
): Promise<void> {
  lineIo.say('', title);
  for (const line of lines) {
    if (commands.includes(line)) lineIo.sayWhole(line);
    else lineIo.say(line);
  }
  if (actions.length === 0) return;
  lineIo.say('', ...actions.map(({ does }, index) => `  ${index + 1}. ${capital(does)}`));
  for (;;) {
    if (input.hasEnded) return;
    const line = await lineIo.line('Number, or Enter to leave:', title).catch(() => '');
    if (line.trim() === '') return;
    const action = actions[Number(line.trim()) - 1];
    if (action === undefined) lineIo.say(`Type a number from 1 to ${actions.length}.`);
    else showResult(lineIo, action.act());
  }
}

/** Prints the result of an action of the last page: a line, or a page. */
function showResult(lineIo: LineIo, result: PanelContent | string): void {
  if (typeof result === 'string') lineIo.say(result);
  else lineIo.sayWhole('', result.title, '', ...result.lines, '');
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
