import type { AskAhead, ChoiceQuestion, Lead, Option, Question } from '../../ceremony/question.ts';
import { tableSentences } from '../../ceremony/table-sentences.ts';
import { madeBackup } from '../../steps/backup-fact.ts';
import { utc } from '../../steps/dates.ts';
import { validToOf } from '../../steps/expiry.ts';
import { type Facts, isPractice, need } from '../../steps/facts.ts';
import { listForCaller } from '../../steps/own-principal.ts';
import { answersOf, backTo } from '../../steps/past.ts';
import { leftOutWords } from '../../steps/policy-kind.ts';
import { isTestClean, policyOf, policyTable, policyWords } from '../../steps/policy-words.ts';
import { keyElsewhere, keyHere } from '../../steps/secret-key-fact.ts';
import type { Services } from '../../steps/services.ts';
import type { StepId } from '../../steps/step-id.ts';
import { chosenPair } from '../../steps/wrapping-key.ts';

// Pages: KMS developer guide, "Protecting imported key material".

/** The sentence that a person ticks on the plan. */
const acknowledgeSentence = 'I understand: if KMS loses the secret, only my backup brings it back.';

/**
 * Turns the question `proceed` of the policy step into a plan. In the plan, every choice that was taken is a row, which opens the
 * question of that choice. The question `go-on`, which comes after a look at a bucket, gets the sentence of the plan to tick:
 * nothing is made in AWS before the person ticks it. Other questions stay as they are.
 */
export function asPlan(questions: readonly Question[], facts: Facts, services: Services): readonly Question[] {
  return questions.map((question) => {
    if (question.kind !== 'choice') return question;
    if (question.id === 'proceed') return planQuestion(question, facts, services);
    return question.id === 'go-on' ? { ...question, tick: { ask: acknowledgeSentence, before: 'yes' } } : question;
  });
}

/**
 * Turns the question of the policy step into the plan: an option that creates the key, a row for each choice that was taken, and
 * the look at a bucket. Of the question's own options, those stay that show the allowed actions and the needed permissions. The
 * help says what callers who left themselves out cannot do. It also has the warnings, and the result of IAM's test unless that is
 * clean.
 */
function planQuestion(question: ChoiceQuestion, facts: Facts, services: Services): Question {
  const { table: _table, help: _help, options, ...rest } = question;
  const { warnings, test } = policyWords(facts);
  const { administrators, policyKind = 'console' } = need(facts, 'people');
  const leftOut = leftOutWords({ administrators, policy: policyKind }, need(facts, 'connection')).trimEnd();
  const words = [...(leftOut === '' ? [] : [leftOut]), ...warnings, ...(isTestClean(facts) ? [] : test)];
  const ownOptions = typeof options === 'function' ? [] : options;
  const { alias, aliasFrom } = need(facts, 'description');
  const importWords = keyElsewhere(facts.secret) === undefined ? ' and import the secret' : '';
  const moveWords = aliasFrom === undefined ? '' : ', move the alias to it,';
  return {
    ...rest,
    title: 'Ready to create the key',
    ask: 'Is this what you want?',
    asked: 'always',
    options: [
      { value: 'create', label: `Create ${alias}${moveWords}${importWords}` },
      ...rowsOf(facts, services),
      ...ownOptions.filter(({ value }) => value === 'duties' || value === 'needed'),
      { value: 'look', label: 'Bucket', hint: 'look first: it may want another key' },
    ],
    tick: { ask: acknowledgeSentence, before: 'create' },
    ...(words.length === 0 ? {} : { help: words.join('\n') }),
  };
}

/**
 * Gives the rows of the plan. A row about a choice opens the question of that choice, with the chosen answer as its default. The
 * last two rows only show a page.
 */
function rowsOf(facts: Facts, services: Services): readonly Option[] {
  const connection = need(facts, 'connection');
  const { region } = connection;
  const { tags = [], description, alias, multiRegion } = need(facts, 'description');
  const { administrators, importers = [], users } = need(facts, 'people');
  const namesOf = (arns: readonly string[]) => listForCaller(arns, connection);
  const tagWords = tags.map(({ key, value }) => `${key}=${value}`);
  return [
    backRow(
      'Name',
      [alias, description || 'no description', tagWords.join(' ') || 'no tags'].join(', '),
      'describe-key',
    ),
    backRow('Secret', secretWords(facts), 'secret-key', 'origin'),
    ...(keyElsewhere(facts.secret) === undefined ? [backRow('Backup', backupWords(facts), 'backup')] : []),
    backRow('Manage it', namesOf(administrators), 'permissions', 'administrators'),
    ...(importers.length === 0 ? [] : [backRow('Import', namesOf(importers), 'permissions', 'importers')]),
    backRow('Use it', namesOf(users), 'permissions', 'users'),
    backRow(
      'Region',
      multiRegion === true ? `${region}, multi-Region, for ever` : `${region} only; cannot be changed later`,
      'describe-key',
      'multi-region',
    ),
    aheadRow('Wrapping', wrappingWords(services), 'wrapping-key', 'wrapping'),
    aheadRow('Expires', expiryWords(services), 'import', 'expiry'),
    pageRow('Cost', isPractice(connection) ? '1 USD a month on AWS, nothing here' : '1 USD a month', [
      policyWords(facts).costs,
    ]),
    pageRow('Policy', 'show who may do what', policyLines(facts)),
  ];
}

const row = (label: string, hint: string, leads: Lead): Option => ({
  value: `row-${label.toLowerCase().replaceAll(' ', '-')}`,
  label,
  hint,
  leads,
});

/** Makes a row that goes back to an earlier step, and there to the question, if one is named. */
const backRow = (label: string, hint: string, step: StepId, question?: string): Option =>
  row(label, hint, { ...backTo(step, `Change: ${label}`), ...(question === undefined ? {} : { question }) });

/** Makes a row that asks a question of a later step now. */
const aheadRow = (label: string, hint: string, step: StepId, question: string): Option =>
  row(label, hint, { action: 'ask-ahead', step, question } satisfies AskAhead);

/** Makes a row that shows a page, and changes nothing. */
const pageRow = (label: string, hint: string, lines: readonly string[]): Option =>
  row(label, hint, { action: 'panel', panel: { title: `${label} of the key`, lines } });

/** Says who keeps the secret elsewhere; else where the secret comes from, with its check value; `none` when there is no secret. */
function secretWords({ secret }: Facts): string {
  const elsewhere = keyElsewhere(secret);
  if (elsewhere !== undefined) return `kept by ${elsewhere.keeper}, never here`;
  const here = keyHere(secret);
  if (here === undefined) return 'none';
  const origin = here.origin === 'generated' ? 'made here' : 'from your file';
  const place = here.file === undefined ? '' : `, in ${here.file}`;
  return `${origin}${place}, check value ${here.checkValue.value}`;
}

/** Says which file the backup is and what it is encrypted to, or that there is none. */
function backupWords(facts: Facts): string {
  const backup = madeBackup(need(facts, 'backup'));
  if (backup === undefined) return 'none: only AWS will have the key';
  const count = backup.recipients.length;
  const by = backup.by === 'passphrase' ? 'passphrase' : `${count} recipient${count === 1 ? '' : 's'}`;
  return `${backup.file}, read back, ${by}`;
}

const wrappingWords = (services: Services) => {
  const { algorithm, keySpec } = chosenPair(services);
  return `${algorithm}, ${keySpec}`;
};

/** Says when the material will expire by what was answered so far: `never` also when nothing was. */
function expiryWords(services: Services): string {
  const moment = validToOf(answersOf(services, 'import'), services.clock());
  return moment === undefined ? 'never' : `${utc(moment)}; then all under it is unreadable`;
}

/** Gives the page about the key policy: who may do what, what else is to be known, and the policy as JSON. */
function policyLines(facts: Facts): readonly string[] {
  const keyPolicy = policyOf(facts);
  const { warnings, notes, test } = policyWords(facts);
  return [
    ...tableSentences(policyTable(keyPolicy)),
    '',
    ...warnings,
    ...notes,
    ...test,
    '',
    ...JSON.stringify(keyPolicy, undefined, 2).split('\n'),
  ];
}
