import type { KeySearch } from '../aws/ceremony-key.ts';
import { ceremonyTag } from '../aws/kms.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { outcomeOf } from './past.ts';
import type { Services } from './services.ts';

// Pages: AWS KMS pricing.

type Past = Pick<Services, 'journal'>;
type Unknown = Extract<KeySearch, { found: 'unknown' }>;

/** The calls of the search for the key of a ceremony, as the journal names them. */
const searchCalls = ['KMS.ListKeys', 'KMS.DescribeKey', 'KMS.ListResourceTags'];

/** How many ids of keys a problem has; the others are counted. */
const mostIds = 3;

/**
 * Tells whether the answer of CreateKey was lost, and AWS has denied a call that looks for the key since then. The journal
 * knows it also in a later run.
 */
function couldNotLook({ journal }: Past): boolean {
  if (outcomeOf({ journal }, 'policy', 'create-key') !== 'unknown') return false;
  const begun = journal.lines.findLastIndex((line) => line.kind === 'intent' && line.name === 'create-key');
  return journal.lines
    .slice(begun)
    .some(
      (line) =>
        line.kind === 'call' && searchCalls.includes(line.operation) && line.error?.startsWith('AccessDenied') === true,
    );
}

/**
 * Gives the question whether the key of this ceremony is among the keys that could not be looked at. Gives none when all keys
 * could be looked at.
 */
export function unseenKeysQuestion(services: Past): readonly Question[] {
  if (!couldNotLook(services)) return [];
  return [
    {
      kind: 'choice',
      id: 'unseen-keys',
      asked: 'always',
      ask: 'Is one of the keys that Keyferry could not look at the key of this ceremony?',
      label: 'Other keys',
      form: 'look, or none: none of them is the key of this ceremony, so that a new key is made',
      options: [
        { value: 'look', label: 'I do not know: look again' },
        { value: 'none', label: 'None of them is: make a new key' },
      ],
      default: 'look',
      help: [
        'The answer of CreateKey was lost, so AWS may have made the key.',
        `It would have the tag ${tagText(services)}.`,
        'On AWS, a second key costs 1 USD a month more, and nothing would use the first.',
      ].join('\n'),
    },
  ];
}

/**
 * Tells whether the person has said that no unseen key is the key of this ceremony. That counts only for the tries before the
 * answer: a later CreateKey whose answer is lost too may have made another key.
 * @param begunAt when the last try began.
 */
export function hasRuledOutUnseenKeys({ journal }: Past, answers: Answers, begunAt: Date): boolean {
  const answered = journal.lines.findLast((line) => line.kind === 'answered' && line.step === 'policy');
  return answers['unseen-keys'] === 'none' && answered !== undefined && new Date(answered.at) >= begunAt;
}

/** Makes the error for a key that may be among those that could not be looked at: no second key is made. */
export function unseenKeysError(services: Past, { unseenKeyIds, deniedActions }: Unknown): ProblemError {
  const problem: Problem = {
    kind: 'lost',
    what: "Can't tell whether the KMS key was made.",
    why: `The answer of CreateKey was lost. ${unseenWords(unseenKeyIds)}`,
    state: 'Whether a key was made is not known. No second key is made.',
    next: [
      `Have ${deniedActions.join(' and ')} allowed to you, then try again: Keyferry looks for its tag.`,
      `Or ask who may look for the tag ${tagText(services)}. If no key has it, say so (answers file: policy.unseen-keys: none).`,
    ],
    remedies: [{ action: 'ask-again', label: 'Say that there is no such key', question: 'unseen-keys' }],
  };
  return new ProblemError(problem);
}

/** Says which keys may be the key of this ceremony; for an empty list, that the caller may not list the keys. */
function unseenWords(keyIds: readonly string[]): string {
  if (keyIds.length === 0) return 'You may not list the keys to look for it.';
  if (keyIds.length === 1) return `This key may be the one, and you may not look at it: ${keyIds[0]}.`;
  const more = keyIds.length - mostIds;
  const ids = [...keyIds.slice(0, mostIds), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return `One of these keys may be the one, and you may not look at them: ${ids}.`;
}

/** Writes the tag of this ceremony's key. */
const tagText = ({ journal }: Past) => `${ceremonyTag} = ${journal.state.id ?? ''}`;
