import { checkAnswer } from '../../ceremony/interview.ts';
import type { Answer, Question } from '../../ceremony/question.ts';
import type { Asked } from '../interviewing.ts';
import { describeObstacle } from '../obstacle.ts';
import { type Reply, StoppedByPerson } from '../reply.ts';
import { tableSentences } from '../table-sentences.ts';
import type { LineIo } from './line-io.ts';

/** The commands that a person can type at every question, with what each does. */
export const everywhere: readonly (readonly [line: string, does: string])[] = [
  ['?', 'why, what can go wrong, and the lesson'],
  [':commands', 'the commands that do the same by hand'],
  ['<', 'go back one question'],
  [':again', 'read the question again'],
  ['""', 'no text, where some stands in brackets'],
  [':stop', 'stop here, and read what is saved'],
];

/** A question that is being asked line by line, with all that the functions of its kind need. */
export type Putting<Of extends Question = Question> = {
  readonly lineIo: LineIo;
  readonly asked: Asked<Of>;
  /** Shows the pages that a line can ask for. */
  readonly pages: { readonly why: () => void; readonly commands: (answer: Answer) => void };
  readonly onStop: () => void;
};

/** True for kinds of question to which a lone `c` is no answer. There `c` shows the commands, as on a screen. */
const lettersAreKeys: Readonly<Record<Question['kind'], boolean>> = {
  text: false,
  file: false,
  choice: true,
  many: false,
  confirm: true,
  phrase: false,
  secret: false,
};

/** How a kind of question takes lines. */
type Lines = {
  /** Shows what belongs below the question, such as its list. */
  readonly show?: () => Promise<void>;
  readonly prompt: () => string;
  /** Gives what the answer would be now. The page of commands is built with this answer. */
  readonly currentAnswer: () => Answer;
  /** Takes a line. @returns the outcome, or `undefined` when the question needs another line. */
  readonly take: (text: string) => Promise<Reply | undefined>;
};

/** Asks a question and reads lines until there is an outcome. */
export async function askLines(putting: Putting, { show, prompt, currentAnswer, take }: Lines): Promise<Reply> {
  for (let line: LineMeaning = 'again'; ; line = await readLine(putting, prompt(), currentAnswer())) {
    if (line === 'again') {
      putQuestion(putting);
      await show?.();
    } else if ('outcome' in line) return line.outcome;
    else {
      const outcome = await take(line.text);
      if (outcome !== undefined) return outcome;
    }
  }
}

/** What a line means: an outcome, a text for the kind of question, or that the question must be shown again. */
type LineMeaning = { readonly outcome: Reply } | { readonly text: string } | 'again';

/**
 * Reads lines until one is an outcome or a text, and carries out the commands among them.
 * @param current what the answer would be now.
 */
async function readLine(putting: Putting, prompt: string, current: Answer): Promise<LineMeaning> {
  const { lineIo, asked } = putting;
  const { ask, kind } = asked.question;
  for (;;) {
    const line = await lineIo.line(prompt, ask);
    const text = line.trim();
    if (isCommand(text) || (lettersAreKeys[kind] && text === 'c')) {
      const outcome = obeyCommand(putting, text, current);
      if (outcome === 'again') return 'again';
      if (outcome !== undefined) return { outcome };
    } else if (text.startsWith(':') && !text.startsWith('::'))
      lineIo.refused(`${text} means nothing here. Text that begins with : is written with two.`, ask);
    else return { text: line.startsWith('::') ? line.slice(1) : line };
  }
}

const commands: ReadonlySet<string> = new Set(['?', ':why', ':commands', ':again', '<', ':back', ':stop']);

/** True for a line that is a command, such as `?` or `:back`, and not an answer. */
export const isCommand = (text: string) => commands.has(text);

/**
 * Carries out a command such as `?` or `:back`.
 * @param current what the answer would be now.
 * @returns an outcome that ends the question, `again` to show the question again, or `undefined` to read the next line.
 */
export function obeyCommand(
  { lineIo, asked, pages, onStop }: Putting,
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
      lineIo.refused('There is nothing before this to go back to.', asked.question.ask);
      return undefined;
    case ':stop':
      onStop();
      throw new StoppedByPerson();
    default:
      pages.commands(current);
      return undefined;
  }
}

/** Prints the question with its table and its help. */
export function putQuestion({ lineIo, asked: { question } }: Putting): void {
  lineIo.say('', question.ask);
  for (const row of question.table === undefined ? [] : tableSentences(question.table)) lineIo.say(`  ${row}`);
  for (const note of question.help?.split('\n') ?? []) lineIo.say(note);
}

/**
 * Checks an answer, first by itself and then against AWS or the disk.
 * @returns the outcome, or `undefined` after it told the person why the answer was refused.
 */
export async function takeAnswer({ lineIo, asked: { question } }: Putting, answer: Answer): Promise<Reply | undefined> {
  const problem = checkAnswer(question, answer) ?? (await verifyAnswer(question, answer));
  if (problem === undefined) return { kind: 'answer', answer };
  lineIo.refused(problem, question.ask);
  return undefined;
}

async function verifyAnswer({ verify }: Asked['question'], answer: Answer): Promise<string | undefined> {
  try {
    return await verify?.(answer);
  } catch (error) {
    return describeObstacle(error);
  }
}
