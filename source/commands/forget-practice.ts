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

type Io = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
};

/** Gives the lines that say how to serve a practice account again, and how to remove it. @param stateFolder none where practice AWS was not used. */
export function practiceWords(stateFolder: string | undefined): readonly string[] {
  if (stateFolder === undefined) return [];
  const state = ['--state', relative(process.cwd(), stateFolder)];
  return [
    `Serve this practice account to any AWS client: ${ownCommand('practice-aws', ...state)}`,
    `Remove it when you are done: ${ownCommand('practice-aws', '--forget', ...state)}`,
  ];
}

/**
 * Names what practice has left, asks, and removes it: practice AWS with its state, and the plain keys of its ceremonies.
 * @param isSure true where nobody is to be asked.
 * @returns the exit status: 0 removed, 2 nothing to remove, or nobody there to ask, 3 not everything could be removed,
 * 130 the person said no.
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

/** Offers on the last page of a practice ceremony to remove what practice has left, and does so once the page was left. */
export class ForgetOffer {
  #leftOver: PracticeLeftOver | undefined;
  #isTaken = false;

  /** True once the person has chosen to remove it. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /**
   * Adds the offer to a last page. Whoever takes it reads first what would be removed, and takes it again to agree.
   * @param stateFolder none where practice AWS was not used; the page stays as it is then.
   */
  async addTo(page: ClosingPage, stateFolder: string | undefined): Promise<ClosingPage> {
    if (stateFolder === undefined) return page;
    const { describeLeftOver, findPracticeLeftOver } = await import('./practice-left-over.ts');
    const leftOver = findPracticeLeftOver(stateFolder);
    if (leftOver === undefined) return page;
    const named = describeLeftOver(leftOver).join('; ');
    const offer = () => {
      if (this.#leftOver === undefined) {
        this.#leftOver = leftOver;
        return `This would be removed for good: ${named}. To remove it when you leave, choose this again.`;
      }
      this.#isTaken = true;
      return 'It will be removed when you leave this page.';
    };
    return { ...page, ways: [...(page.ways ?? []), { key: 'x', does: 'remove practice', act: offer }] };
  }

  /** Removes what the person chose to remove, once practice AWS has stopped. @returns what was removed, or why it was not. */
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
