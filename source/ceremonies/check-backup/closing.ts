import { utc } from '../../steps/dates.ts';
import { type Facts, need } from '../../steps/facts.ts';

/** Gives the lines of the last page of a check: what KMS answered, and what that means for the person. */
export function checkClosing(facts: Facts): readonly string[] {
  const { same, checkValue: backupCheckValue } = need(facts, 'answer');
  const { file, validTo } = need(facts, 'check');
  const { alias, keyArn } = need(facts, 'key');
  const expiry =
    validTo === null
      ? 'Its material does not expire.'
      : `Its material expires at ${utc(new Date(validTo))}, as before.`;
  const state = [`${alias} is ${need(facts, 'keyState')}. ${expiry}`, '', keyArn];
  const secretCheckValue = need(facts, 'secret').checkValue.value;
  return same
    ? ['The backup is this key: KMS took it as the material that it holds.', '', file, '', ...state]
    : [
        'The backup is another key: KMS refused it.',
        '',
        file,
        ...(backupCheckValue === secretCheckValue
          ? [
              `It holds the secret of this ceremony (key check value ${backupCheckValue}), but other bytes were imported.`,
              'The check value of the material in KMS is not known here.',
            ]
          : [
              `Its key check value is ${backupCheckValue}; that of the secret of this ceremony is ${secretCheckValue}.`,
            ]),
        '',
        ...state,
        '',
        'Yours to do',
        '- look for another copy, and check that one',
        '- do not let the material expire or be deleted before you have one',
      ];
}
