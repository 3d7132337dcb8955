import type { Problem } from '../../ceremony/problem.ts';
import { statedWords } from '../../steps/backup-values.ts';
import { checkBackupCommand } from '../../steps/check-backup-command.ts';
import { utc } from '../../steps/dates.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { keyElsewhere, keyHere } from '../../steps/secret-key-fact.ts';
import type { Services } from '../../steps/services.ts';
import { yoursToDo } from '../emphasis.ts';
import { otherExpiryProblem } from '../other-expiry.ts';

/**
 * Gives the problem when the material has another expiry after the check than before it. `undefined` when the expiry is the same,
 * or when KMS refused the backup, so that nothing was imported.
 */
export function expiryProblemOf(facts: Facts, services: Services): Problem | undefined {
  const { found } = need(facts, 'answer');
  const { keyMaterialId } = need(facts, 'imported');
  const { validTo } = need(facts, 'check');
  return found === undefined ? undefined : otherExpiryProblem([{ keyMaterialId, validTo, found }], services);
}

/**
 * Gives the lines of the last page of a check: what KMS answered, and what that means for the person.
 * @param problem that of {@link expiryProblemOf}.
 */
export function checkClosing(facts: Facts, problem?: Problem): readonly string[] {
  const answer = need(facts, 'answer');
  const { same: isSame } = answer;
  const { file, validTo } = need(facts, 'check');
  const { alias, keyArn } = need(facts, 'key');
  const expiry =
    validTo === null
      ? 'Its material does not expire.'
      : `Its material expires at ${utc(new Date(validTo))}, as before.`;
  const keyLines = [`${alias} is ${need(facts, 'keyState')}. ${problem?.why ?? expiry}`, '', keyArn];
  const problemLines = problem === undefined ? [] : ['', yoursToDo, ...problem.next.map((line) => `- ${line}`)];
  const elsewhere = keyElsewhere(facts.secret);
  const stated = elsewhere === undefined ? [] : statedWords(elsewhere, answer);
  if (isSame)
    return [
      'The backup is this key: KMS took it as the material that it holds.',
      '',
      file,
      ...stated,
      ...(answer.asStated === false ? ['So what was stated is wrong: look at the value and its method.'] : []),
      '',
      ...keyLines,
      ...problemLines,
    ];
  return [
    'The backup is another key: KMS refused it.',
    '',
    file,
    ...(elsewhere === undefined ? comparisonWords(facts) : stated),
    '',
    ...keyLines,
    '',
    yoursToDo,
    '- look for another copy, and check that one',
    '- do not let the material expire or be deleted before you have one',
  ];
}

/** Says how the check value of the secret in the backup compares with that of the secret of this ceremony. */
function comparisonWords(facts: Facts): readonly string[] {
  const { checkValue: backupCheckValue } = need(facts, 'answer');
  const secretCheckValue = keyHere(need(facts, 'secret'))?.checkValue.value;
  return backupCheckValue === secretCheckValue
    ? [
        `It holds the secret of this ceremony (key check value ${backupCheckValue}), but other bytes were imported.`,
        'The check value of the material in KMS is not known here.',
      ]
    : [`Its key check value is ${backupCheckValue}; that of the secret of this ceremony is ${secretCheckValue}.`];
}

/**
 * Gives the lines of the last page of a comparison with the record: its result, its limits, and what the person must do. Of a key
 * that is kept elsewhere, the record has only what the person stated.
 */
export function offlineClosing(facts: Facts, services: Services): readonly string[] {
  const compared = need(facts, 'compared');
  const { same: isSame, secretInKms } = compared;
  const { file } = need(facts, 'look');
  const { alias, keyArn } = need(facts, 'key');
  const elsewhere = keyElsewhere(facts.secret);
  // The command names the file only when the person named it: without a name, the command takes the recorded backup.
  const fileWords = services.preset.backup === undefined ? [] : [file];
  return [
    verdictWords(isSame, elsewhere !== undefined),
    '',
    file,
    ...(elsewhere === undefined ? recordedWords(facts) : statedWords(elsewhere, compared)),
    ...(secretInKms === 'shown' ? [] : [whyNotShown[secretInKms]]),
    '',
    `On record for ${alias}`,
    keyArn,
    '',
    'This compares with the record, and not with KMS: AWS was asked nothing.',
    `To let KMS say it: ${checkBackupCommand(services, ...fileWords)}`,
    ...(isSame ? [] : ['', yoursToDo, '- look for another copy, and check that one']),
  ];
}

/** Says whether the backup holds the key, as far as the record can tell it. */
function verdictWords(isSame: boolean, isElsewhere: boolean): string {
  if (!isSame) return 'The backup does not hold the key.';
  return isElsewhere
    ? 'The backup has the key check value that was stated for the key.'
    : 'The backup holds the key on record.';
}

/** Says how the check value of the secret in the backup compares with the recorded one. */
function recordedWords(facts: Facts): readonly string[] {
  const { checkValue } = need(facts, 'compared');
  const recordedCheckValue = keyHere(need(facts, 'secret'))?.checkValue.value;
  return checkValue === recordedCheckValue
    ? [`Its key check value is ${checkValue}, as on record.`]
    : [`Its key check value is ${checkValue}; the one on record is ${recordedCheckValue}.`];
}

/** Says why the record does not show that the secret of the ceremony is the material in KMS. */
const whyNotShown = {
  other: 'By the record, other bytes than these were imported into KMS.',
  'not shown': 'By the record, nobody has compared what was imported into KMS with this secret.',
} as const;
