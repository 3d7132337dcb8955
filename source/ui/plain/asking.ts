import { checkAnswer, takenAnswer } from '../../ceremony/interview.ts';
import {
  type Answer,
  type Correction,
  type FieldProblem,
  problemWords,
  type Question,
} from '../../ceremony/question.ts';
import { tableSentences } from '../../ceremony/table-sentences.ts';
import { correctedWords } from '../corrected-words.ts';
import type { Asked } from '../interviewing.ts';
import { describeObstacle } from '../obstacle.ts';
import { type Reply, StoppedByPerson } from '../reply.ts';
import type { LineIo } from './line-io.ts';

/** The commands that a person can type at every question, each with its effect in a few words. */
export const commandsWithEffects: readonly (readonly [line: string, effect: string])[] = [
  ['?', 'why, what can go wrong, and the lesson'],
  [':commands', 'the commands that do the same by hand'],
  ['<', 'go back one question'],
  [':again', 'read the question again'],
  ['""', 'no text, where some stands in brackets'],
  [':stop', 'stop here, and read what is saved'],
];

/** What a function needs to ask a question of its kind line by line: the question, and where its lines go and come from. */
export type AskContext<Of extends Question = Question> = {
  readonly lineIo: LineIo;
  readonly asked: Asked<Of>;
  /** The functions that print the page of `?` and the page of `:commands`. */
  readonly pages: { readonly why: () => void; readonly commands: (answer: Answer) => void };
  /**
   * Called when the person wants to stop.
   * @returns false when the run goes on: the person was told what stopping would lose, and must ask to stop once more.
   */
  readonly onStop: () => boolean;
};

/**
 * True for kinds of question for which the single letter `c` cannot be an answer. There `c` shows the commands, as it does on
 * the screen.
 */
const lettersAreKeys: Readonly<Record<Question['kind'], boolean>> = {
  text: false,
  file: false,
  choice: true,
  many: false,
  confirm: true,
  phrase: false,
  secret: false,
};

/** The functions with which one kind of question reads its lines. */
type Lines = {
  /** Prints the part that comes below the question, such as a list. */
  readonly show?: () => Promise<void>;
  readonly prompt: () => string;
  /** Gives the answer of Enter alone. The page of commands is made for this answer. */
  readonly currentAnswer: () => Answer;
  /** Takes a line. @returns the reply, or `undefined` when the question needs another line. */
  readonly take: (text: string) => Promise<Reply | undefined>;
};

/** Asks a question and reads lines until there is a reply. */
export async function askLines(context: AskContext, { show, prompt, currentAnswer, take }: Lines): Promise<Reply> {
  for (let line: LineMeaning = 'again'; ; line = await readLine(context, prompt(), currentAnswer())) {
    if (line === 'again') {
      printQuestion(context);
      await show?.();
    } else if ('reply' in line) return line.reply;
    else {
      const reply = await take(line.text);
      if (reply !== undefined) return reply;
    }
  }
}

/** The meaning of a line: a reply, a text for the kind of question, or a command to show the question again. */
type LineMeaning = { readonly reply: Reply } | { readonly text: string } | 'again';

/**
 * Reads lines and carries out the commands among them, until a line means one of {@link LineMeaning}. A text that begins with a
 * colon must be typed with two colons; one of them is removed. Any other line with a colon at its beginning is refused.
 * @param current the answer of Enter alone.
 */
async function readLine(context: AskContext, prompt: string, current: Answer): Promise<LineMeaning> {
  const { lineIo, asked } = context;
  const { ask, kind } = asked.question;
  for (;;) {
    const line = await lineIo.line(prompt, ask);
    const text = line.trim();
    if (isCommand(text) || (lettersAreKeys[kind] && text === 'c')) {
      const result = obeyCommand(context, text, current);
      if (result === 'again') return 'again';
      if (result !== undefined) return { reply: result };
    } else if (text.startsWith(':') && !text.startsWith('::'))
      lineIo.refuse(`${text} means nothing here. Text that begins with : is written with two.`, ask);
    else return { text: line.startsWith('::') ? line.slice(1) : line };
  }
}

const commandWords: ReadonlySet<string> = new Set(['?', ':why', ':commands', ':again', '<', ':back', ':stop']);

/** True for a line that is a command, such as `?` or `:back`, and not an answer. */
export const isCommand = (text: string) => commandWords.has(text);

/**
 * Carries out a command such as `?` or `:back`.
 * @param current the answer of Enter alone.
 * @returns a reply that ends the question, `again` to show the question again, or `undefined` to read the next line.
 * @throws StoppedByPerson when the person stops.
 */
export function obeyCommand(
  { lineIo, asked, pages, onStop }: AskContext,
  command: string,
  current: Answer,
): Reply | 'again' | undefined {
  switch (command) {
    case '?':
    case ':why':
      pages.why();
      return undefined;
    case ':again':
      return 'again';
    case '<':
    case ':back':
      if (asked.back !== undefined) return { kind: 'back', typed: current };
      lineIo.refuse('There is nothing before this to go back to.', asked.question.ask);
      return undefined;
    case ':stop':
      if (!onStop()) return undefined;
      throw new StoppedByPerson();
    // `:commands`, or `c` where letters are keys.
    default:
      pages.commands(current);
      return undefined;
  }
}

/** Prints the question with its table and its help. */
export function printQuestion({ lineIo, asked: { question } }: AskContext): void {
  lineIo.say('', ...(question.title === undefined ? [] : [question.title, '']), question.ask);
  for (const row of question.table === undefined ? [] : tableSentences(question.table)) lineIo.say(`  ${row}`);
  for (const note of question.help?.split('\n') ?? []) lineIo.say(note);
}

/**
 * Checks an answer, first by itself and then against AWS or the disk.
 * @param onCorrected is called with the right values of a list, when the check knows them.
 * @returns the reply, or `undefined` after it told the person why the answer was refused.
 */
export async function takeAnswer(
  { lineIo, asked: { question } }: AskContext,
  given: Answer,
  onCorrected?: (instead: Correction['instead']) => void,
): Promise<Reply | undefined> {
  const answer = takenAnswer(question, given);
  const found = checkAnswer(question, answer) ?? (await verifyAnswer(question, answer));
  const problem = problemWords(found);
  if (problem === undefined) return { kind: 'answer', answer };
  const isCorrected = typeof found === 'object' && onCorrected !== undefined;
  if (isCorrected) onCorrected(found.instead);
  lineIo.refuse(isCorrected ? `${problem} ${correctedWords}` : problem, question.ask);
  return undefined;
}

/** Checks an answer against AWS or the disk. Gives what is wrong with it, also when the check itself fails. */
async function verifyAnswer({ verify }: Asked['question'], answer: Answer): Promise<FieldProblem | Correction> {
  try {
    return await verify?.(answer);
  } catch (error) {
    return describeObstacle(error);
  }
}
