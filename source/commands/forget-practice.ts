import { relative } from 'node:path';
import type { ClosingPage } from '../ceremony/conclusion.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { problemIn } from '../ceremony/problem.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { askAlone } from '../ui/plain/ask-alone.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { StoppedByPerson } from '../ui/reply.ts';
import type { PracticeLeftOver } from './practice-left-over.ts';

/** The streams of the command, and the signal that stops it. */
type Io = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
};

/**
 * Gives the lines that say how to serve a practice account again, and how to remove it.
 * @param stateFolder the state folder of practice AWS. `undefined` when practice AWS was not used: then there are no lines.
 */
export function practiceWords(stateFolder: string | undefined): readonly string[] {
  if (stateFolder === undefined) return [];
  const state = ['--state', relative(process.cwd(), stateFolder)];
  return [
    `Serve this practice account to any AWS client: ${ownCommand('practice-aws', ...state)}`,
    `Remove it when you are done: ${ownCommand('practice-aws', '--forget', ...state)}`,
  ];
}

/**
 * Names the practice files on the disk, asks whether to remove them, and removes them. These are the state of practice AWS and
 * the plain keys of practice ceremonies.
 * @param isSure true when nobody needs to be asked.
 * @returns the exit status: 0 removed; 2 when there is nothing to remove or nobody to ask; 3 when not everything could be
 * removed; 130 when the person said no.
 */
export async function forgetPractice(stateFolder: string, isSure: boolean, io: Io): Promise<number> {
  const { describeLeftOver, findPracticeLeftOver, removeLeftOver } = await import('./practice-left-over.ts');
  const say = (stream: NodeJS.WriteStream, lines: readonly string[]) =>
    void stream.write(`${printableLines(lines.join('\n'))}\n`);
  const leftOver = findPracticeLeftOver(stateFolder);
  if (leftOver === undefined) {
    say(io.stderr, [`keyferry: ${stateFolder} is no state folder of practice AWS. Nothing was removed.`]);
    return 2;
  }
  say(io.stdout, describeLeftOver(leftOver));
  if (!isSure) {
    const answer = await askWhetherToRemove(io);
    if (answer === 'nobody') {
      say(io.stderr, ['keyferry: nobody is here to ask. To remove this, add --yes. Nothing was removed.']);
      return 2;
    }
    if (answer === 'no') {
      say(io.stderr, ['keyferry: nothing was removed.']);
      return stoppedByPerson;
    }
  }
  try {
    say(io.stdout, removeLeftOver(leftOver));
    return 0;
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    say(io.stderr, problemLines(problem));
    return 3;
  }
}

/** Asks at the terminal. Gives `nobody` when there is no terminal. Ctrl+C counts as no. */
async function askWhetherToRemove({ stdin, stderr, signal }: Io): Promise<'yes' | 'no' | 'nobody'> {
  const terminal = readTerminal({ env: process.env, stdin, stdout: stderr });
  if (!terminal.isTty) return 'nobody';
  const question = {
    kind: 'confirm',
    id: 'remove',
    ask: 'Remove this for good?',
    label: 'Remove',
    form: 'yes or no',
    default: false,
  } as const;
  try {
    return (await askAlone(question, { stdin, output: stderr, terminal, signal })) === true ? 'yes' : 'no';
  } catch (error) {
    if (error instanceof StoppedByPerson) return 'no';
    throw error;
  }
}

/**
 * The offer, on the last page of a practice ceremony, to remove the practice files. The files are removed after the person has
 * left the page.
 */
export class ForgetOffer {
  /** The files to remove. Set when the person has chosen the offer once. */
  #leftOver: PracticeLeftOver | undefined;
  #isTaken = false;

  /** True once the person has chosen the offer a second time, and so has agreed to remove the files. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /**
   * Adds the offer to a last page. The person must choose it twice: the first time only tells what would be removed. Choosing it
   * a third time takes both back, so that nothing is removed. A page without practice files gets no offer.
   * @param stateFolder the state folder of practice AWS. When it is `undefined`, practice AWS was not used, and the page stays
   * unchanged.
   */
  async addTo(page: ClosingPage, stateFolder: string | undefined): Promise<ClosingPage> {
    if (stateFolder === undefined) return page;
    const { describeLeftOver, findPracticeLeftOver } = await import('./practice-left-over.ts');
    const leftOver = findPracticeLeftOver(stateFolder);
    if (leftOver === undefined) return page;
    const description = describeLeftOver(leftOver).join('; ');
    const choose = () => {
      if (this.#leftOver === undefined) {
        this.#leftOver = leftOver;
        return `This would be removed for good: ${description}. To remove it when you leave, choose this again.`;
      }
      if (!this.#isTaken) {
        this.#isTaken = true;
        return 'It will be removed when you leave this page. To keep it, choose this again.';
      }
      this.#isTaken = false;
      this.#leftOver = undefined;
      return 'It stays.';
    };
    return { ...page, actions: [...(page.actions ?? []), { key: 'x', does: 'remove practice', act: choose }] };
  }

  /**
   * Removes the files when the person has agreed. Call it after practice AWS has stopped.
   * @returns the lines that say what was removed, or why something was not; none when the person has not agreed.
   */
  async carryOut(): Promise<readonly string[]> {
    if (!this.#isTaken || this.#leftOver === undefined) return [];
    try {
      const { removeLeftOver } = await import('./practice-left-over.ts');
      return removeLeftOver(this.#leftOver);
    } catch (error) {
      const problem = problemIn(error);
      if (problem === undefined) throw error;
      return problemLines(problem);
    }
  }
}
