import type { Answer, Question } from '../../ceremony/question.ts';
import type { KeyferryStep } from '../../steps/services.ts';

/** How one question is put to someone who follows the video. */
type Follow = {
  /** The article's words for it. */
  readonly ask?: string;
  /** What the article chooses. */
  readonly choose?: Answer;
  /** Where another choice is better by now, in one line. */
  readonly today?: string;
};

/** The questions that the article answers, by step and question. Its words are kept where it has some. */
const followed: Readonly<Record<string, Readonly<Record<string, Follow>>>> = {
  'secret-key': {
    origin: { ask: 'Generate the Secret Key', choose: 'generate' },
    keep: { choose: 'file', today: 'Today: in memory only, so that no plain key is left on the disk.' },
  },
  'describe-key': { alias: { ask: 'Enter an Alias' }, description: { ask: 'Enter a Description' } },
  backup: {
    how: {
      choose: 'none',
      today: 'Today: with a passphrase. The article makes no backup, and AWS never gives the key back.',
    },
  },
  permissions: {
    users: {
      ask: 'Choose the set of IAM users that have permission to use the KMS APIs',
      today: 'Today: choose roles. The access keys of IAM users do not expire by themselves.',
    },
    administrators: { ask: 'Choose the set of IAM users who can administer the key' },
  },
  policy: { proceed: { ask: 'Verify the key policy' } },
  'wrapping-key': {
    wrapping: {
      ask: 'Download the wrapping key, choose RSAES_OAEP_SHA_1',
      choose: 'RSAES_OAEP_SHA_1 RSA_2048',
      today: 'Today: RSAES_OAEP_SHA_256 with RSA_4096, as the console recommends.',
    },
  },
  wrap: {
    by: {
      ask: 'Wrap the Secret Key with wrappingKey',
      choose: 'keyferry',
      today: 'Today: openssl rsautl is deprecated, and pkeyutl has taken its place. Keyferry wraps as it does.',
    },
  },
  import: {
    expiry: {
      ask: 'Choose the expiry date as needed',
      choose: 'never',
      today: 'Today: no date, unless a rule asks for one. Expired material makes everything under it unreadable.',
    },
  },
  'encrypt-objects': {
    where: {
      ask: 'Upload an object to any bucket in the Region of the key',
      today: 'Today: this is called SSE-KMS. SSE-C is another thing, and blocked in new buckets.',
    },
  },
  finish: {
    'plain-key': {
      choose: 'keep',
      today: 'Today: keep an encrypted copy in another place, and destroy this file.',
    },
  },
};

/**
 * Gives the value that the article chooses at a question.
 * @throws Error when the article chooses nothing there: the caller has a defect.
 */
export function videoChoice(step: string, question: string): string {
  const choice = followed[step]?.[question]?.choose;
  if (typeof choice !== 'string') throw new Error(`The article chooses nothing at ${step}.${question}.`);
  return choice;
}

/** The article asks for the users of the key before its administrators. */
const order: Readonly<Record<string, readonly string[]>> = {
  permissions: ['users', 'administrators', 'administrators-may-delete'],
};

/** Changes a step to follow the article: its choices are preset, in its order and words, with notes on better ways today. */
export function asInTheVideo(step: KeyferryStep): KeyferryStep {
  const follow = followed[step.id] ?? {};
  const place = (id: string) => order[step.id]?.indexOf(id) ?? 0;
  return {
    ...step,
    questions: (context) =>
      step
        .questions(context)
        .map((question) => followedQuestion(question, follow[question.id]))
        .toSorted((a, b) => place(a.id) - place(b.id)),
  };
}

function followedQuestion(question: Question, follow: Follow | undefined): Question {
  if (follow === undefined) return question;
  const { ask = question.ask, choose, today } = follow;
  const help = [today, question.help].filter((line) => line !== undefined).join('\n');
  return {
    ...question,
    ask,
    ...(choose === undefined || isDisabled(question, choose) ? {} : { default: choose }),
    ...(help === '' ? {} : { help }),
  } as Question;
}

/** A choice that is not possible here, such as a new key file where one exists already, is not preset. */
function isDisabled(question: Question, choice: Answer): boolean {
  if (question.kind !== 'choice' || typeof question.options === 'function') return false;
  return question.options.some(({ value, disabled }) => value === choice && disabled !== undefined);
}
