import { takeSecret } from '../../ceremony/interview.ts';
import { given, type SecretQuestion } from '../../ceremony/question.ts';
import type { SecretText } from '../../ceremony/secret-text.ts';
import type { Reply } from '../reply.ts';
import { isCommand, obeyCommand, type Putting, putQuestion, takeAnswer } from './asking.ts';

/** Asks for a text that is not echoed. What can be written at every question can be written here: it is no good secret. */
export async function askSecret(putting: Putting<SecretQuestion>): Promise<Reply> {
  try {
    return await askUntilTaken(putting);
  } finally {
    putting.lineIo.echo();
  }
}

/** Between two tries the echo stays off, so that nothing typed as soon as one is refused is shown. */
async function askUntilTaken(putting: Putting<SecretQuestion>): Promise<Reply> {
  const { lineIo, asked } = putting;
  const { question } = asked;
  putQuestion(putting);
  for (;;) {
    const text = await lineIo.secret(`${question.label}, not shown:`, question.ask, putting.onStop);
    try {
      const command = commandIn(text);
      if (command !== undefined) {
        const outcome = obeyCommand(putting, command, '');
        if (outcome === 'again') putQuestion(putting);
        else if (outcome !== undefined) return outcome;
        continue;
      }
      const outcome = await checked(putting, text);
      if (outcome !== undefined) return outcome;
    } finally {
      text.destroy();
    }
  }
}

async function checked(putting: Putting<SecretQuestion>, text: SecretText): Promise<Reply | undefined> {
  const { lineIo, asked } = putting;
  const { question } = asked;
  const problem = takeSecret(question, text);
  if (problem !== undefined) {
    lineIo.refused(problem, question.ask);
    return undefined;
  }
  const notice = question.notice?.(text);
  const outcome = await takeAnswer(putting, given);
  if (outcome !== undefined && notice !== undefined) lineIo.say(`= ${notice}`);
  return outcome;
}

const longestCommand = 9;

function commandIn(text: SecretText): string | undefined {
  if (text.count > longestCommand) return undefined;
  const word = text.use((bytes) => bytes.toString());
  return isCommand(word) ? word : undefined;
}
