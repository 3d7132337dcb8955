import type { ChoiceQuestion, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { timeLeft } from './dates.ts';
import { dateQuestion, expiryClause, validToOf } from './expiry.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

type Context = StepContext<Facts, Services>;

/**
 * Builds the last questions before the first import: when the material expires. Once the key is made, the last answer begins the
 * import.
 */
export function importNowQuestions(context: Context): readonly Question[] {
  const { facts, answers, services } = context;
  const expiry = expiryQuestion(context);
  if (answers.expiry !== 'date') return [expiry];
  const date = dateQuestion(services);
  return answers['valid-to'] === undefined || !isKeyThere(facts)
    ? [expiry, date]
    : [expiry, date, proceedQuestion(context)];
}

/** Tells whether the key is made. Before that, these questions choose only the expiry, and begin no import. */
const isKeyThere = (facts: Facts) => need(facts, 'key').keyArn !== '';

function expiryQuestion({ facts, services }: Context): ChoiceQuestion {
  const { keyArn } = need(facts, 'key');
  const { validTo } = need(facts, 'wrapping');
  const unreadable =
    'When material expires, everything under the key becomes unreadable at once, until the same 32 bytes are imported again; uploads, replication, logs and backups under it fail too.';
  const isThere = isKeyThere(facts);
  return {
    kind: 'choice',
    id: 'expiry',
    ask: 'Should the material expire?',
    label: 'Expiry',
    form: 'never or date',
    options: [
      { value: 'never', label: isThere ? 'Import now; it never expires' : 'No, it never expires', hint: 'recommended' },
      { value: 'date', label: 'Choose a date on which it expires' },
    ],
    default: 'never',
    help: isThere
      ? `Your wrapped secret goes into this key:\n${keyArn}\n${unreadable} Token and wrapping key: ${timeLeft(new Date(validTo), services.clock())} left.`
      : unreadable,
  };
}

/** Asks whether to import the material now, with the chosen date. */
function proceedQuestion({ answers, services }: Context): ChoiceQuestion {
  const validTo = validToOf(answers, services.clock());
  return {
    kind: 'choice',
    id: 'proceed',
    ask: 'Import the material now?',
    label: 'Import',
    form: 'import',
    options: [
      {
        value: 'import',
        label: validTo === undefined ? 'Import now' : `Import now; it ${expiryClause(validTo.toISOString())}`,
      },
      {
        value: 'other',
        label: 'Choose another date',
        leads: { action: 'ask-again', label: 'Choose another date', question: 'valid-to' },
      },
    ],
    default: 'import',
  };
}
