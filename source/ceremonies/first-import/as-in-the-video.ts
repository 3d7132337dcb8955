import type { Answer, Options, Question } from '../../ceremony/question.ts';
import type { KeyferryStep } from '../../steps/services.ts';

// Pages: KMS developer guide, "Special considerations for imported key material", "Step 2: Download the wrapping public
// key and import token".

/**
 * The article's words and choice for one question, and a note for today. Each is absent when there is nothing to say. The
 * article and its video show the same steps: see `steps/article.ts`.
 */
type ArticleAnswer = {
  /** The article's words for the question. */
  readonly ask?: string;
  /** The answer that the article chooses. */
  readonly choose?: Answer;
  /** The option that the article or its picture shows, when it is not the option in `choose`. */
  readonly shows?: string;
  /** What the article's picture shows at this question. */
  readonly picture?: string;
  /** A note for the person: which answer is better today, or what has changed. */
  readonly today?: string;
};

/** An {@link ArticleAnswer} for each question about which the article says something, by step id and question id. */
const articleAnswers: Readonly<Record<string, Readonly<Record<string, ArticleAnswer>>>> = {
  'secret-key': {
    origin: { ask: 'Generate the Secret Key', choose: 'generate' },
    keep: { choose: 'file', today: 'Today: in memory only, so that no plain key is left on the disk.' },
  },
  'describe-key': {
    alias: { ask: 'Enter an Alias', picture: 'In the picture: MasterKey.' },
    description: { ask: 'Enter a Description' },
  },
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
      shows: 'me',
      today: 'Today: openssl rsautl is deprecated, and pkeyutl has taken its place. Keyferry wraps as it does.',
    },
  },
  import: {
    expiry: {
      ask: 'Choose the expiry date as needed',
      choose: 'never',
      shows: 'date',
      picture: 'In the picture: Key material expires at 2016/12/01 11:59 UTC.',
      today: 'Today: no date, unless a rule asks for one.',
    },
    'valid-to': { picture: 'In the picture: 2016/12/01 11:59 UTC. Here it is a date within the next 365 days.' },
  },
  'encrypt-objects': {
    where: {
      ask: 'Upload an object to any bucket in the Region of the key',
      shows: 'existing',
      today: 'Today: this is called SSE-KMS. SSE-C is another thing, and blocked in new buckets.',
    },
    what: { shows: 'files' },
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
 * @throws Error when the article chooses nothing at that question.
 */
export function choiceOfArticle(step: string, question: string): string {
  const choice = articleAnswers[step]?.[question]?.choose;
  if (typeof choice !== 'string') throw new Error(`The article chooses nothing at ${step}.${question}.`);
  return choice;
}

/** Question ids in the article's order, by step id: the article asks for the users of the key before its administrators. */
const articleOrder: Readonly<Record<string, readonly string[]>> = {
  permissions: ['policy', 'users', 'administrators', 'importers', 'administrators-may-delete'],
};

/**
 * Changes a step for a person who follows the article. Its questions get the order and the words of the article, and its
 * choices as defaults. Notes say what is better today.
 */
export function followArticle(step: KeyferryStep): KeyferryStep {
  const answers = articleAnswers[step.id] ?? {};
  // A question that the list of its step does not name has the position -1: it comes first. Without a list, the order stays.
  const positionOf = (questionId: string) => articleOrder[step.id]?.indexOf(questionId) ?? 0;
  return {
    ...step,
    questions: (context) =>
      step
        .questions(context)
        .map((question) => withArticleAnswer(question, answers[question.id]))
        .toSorted((one, other) => positionOf(one.id) - positionOf(other.id)),
  };
}

/**
 * Gives the question with the article's words and default, and marks the option that the video shows. When the article's choice
 * cannot be taken now, the question keeps its own default. The help begins with the article's picture and the note for today.
 */
function withArticleAnswer(question: Question, answer: ArticleAnswer | undefined): Question {
  if (answer === undefined) return question;
  const { ask = question.ask, choose, shows = choose, picture, today } = answer;
  const help = [picture, today, question.help].filter((line) => line !== undefined).join('\n');
  return {
    ...question,
    ask,
    ...(choose === undefined || isDisabled(question, choose) ? {} : { default: choose }),
    ...(help === '' ? {} : { help }),
    ...(question.kind === 'choice' ? { options: markShown(question.options, shows) } : {}),
  } as Question;
}

/**
 * Marks the option that the video shows, unless its hint says `as in the video` or `as in the article` already. Options that are
 * loaded later stay as they are.
 */
function markShown(options: Options, shown: Answer | undefined): Options {
  if (typeof options === 'function') return options;
  return options.map((option) => {
    const { value, hint } = option;
    if (value !== shown || /as in the (?:video|article)/.test(hint ?? '')) return option;
    return { ...option, hint: [...(hint === undefined ? [] : [hint]), 'as in the video'].join(', ') };
  });
}

/**
 * Tells whether the person cannot choose this option now, for example a new key file when the folder has one already. Gives false
 * for options that are loaded later and for other kinds of question.
 */
function isDisabled(question: Question, choice: Answer): boolean {
  if (question.kind !== 'choice' || typeof question.options === 'function') return false;
  return question.options.some(({ value, disabled }) => value === choice && disabled !== undefined);
}
