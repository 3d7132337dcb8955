import { takeSecret } from '../../ceremony/interview.ts';
import { given, type SecretQuestion } from '../../ceremony/question.ts';
import type { SecretText } from '../../ceremony/secret-text.ts';
import type { Reply } from '../reply.ts';
import { type AskContext, isCommand, obeyCommand, printQuestion, takeAnswer } from './asking.ts';

/** Asks for a text that is not echoed. Commands such as `:stop` work here too, because nobody has such a secret. */
export async function askSecret(context: AskContext<SecretQuestion>): Promise<Reply> {
  try {
    return await askUntilTaken(context);
  } finally {
    context.lineIo.echo();
  }
}

/** Asks until a text is accepted, or a command ends the question. The echo stays off between tries: the person may type at once. */
async function askUntilTaken(context: AskContext<SecretQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question } = asked;
  printQuestion(context);
  for (;;) {
    const text = await lineIo.secret(`${question.label}, not shown:`, question.ask, context.onStop);
    if ('problem' in text) {
      lineIo.refuse(text.problem, question.ask);
      continue;
    }
    try {
      const command = commandIn(text);
      if (command !== undefined) {
        const result = obeyCommand(context, command, noCurrentAnswer);
        if (result === 'again') printQuestion(context);
        else if (result !== undefined) return result;
        continue;
      }
      const reply = await takeText(context, text);
      if (reply !== undefined) return reply;
    } finally {
      text.destroy();
    }
  }
}

/**
 * Checks a typed text, and hands a valid text to the question. Prints what the question then says of the text.
 * @returns the reply, or `undefined` after it told the person why the text was refused.
 */
async function takeText(context: AskContext<SecretQuestion>, text: SecretText): Promise<Reply | undefined> {
  const { lineIo, asked } = context;
  const { question } = asked;
  const problem = takeSecret(question, text);
  if (problem !== undefined) {
    lineIo.refuse(problem, question.ask);
    return undefined;
  }
  const notice = question.notice?.(text);
  const reply = await takeAnswer(context, given);
  if (reply !== undefined && notice !== undefined) lineIo.say(`= ${notice}`);
  return reply;
}

/** Enter alone gives no answer to a question for a secret. */
const noCurrentAnswer = '';

/** The number of characters of `:commands`. */
const longestCommand = 9;

/**
 * Gives the command that was typed instead of a secret, or `undefined`. A text that is too long for a command is a secret; no
 * string is made of it.
 */
function commandIn(text: SecretText): string | undefined {
  if (text.count > longestCommand) return undefined;
  const word = text.use((bytes) => bytes.toString());
  return isCommand(word) ? word : undefined;
}
