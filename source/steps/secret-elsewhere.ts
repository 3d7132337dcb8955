import type { Answers, Question } from '../ceremony/question.ts';
import type { KeyElsewhere } from './secret-key-fact.ts';

/*
 * A key in an HSM or another key manager. It is wrapped where it is, so Keyferry asks only for what the record needs: who keeps
 * the key, and its check value, which tells it from other keys.
 */

/**
 * Gives the questions about a key that is kept elsewhere: who keeps it, which check value the keeper shows, and, when there is one,
 * by which method.
 * @param moreHelp a text at the end of the help of the first question.
 */
export function elsewhereQuestions(answers: Answers, moreHelp = ''): readonly Question[] {
  const questions = [{ ...keeperQuestion, help: `${keeperQuestion.help}${moreHelp}` }, checkValueQuestion];
  return readCheckValue(answers) === '' ? questions : [...questions, methodQuestion];
}

/** Gives the fact about a key that is kept elsewhere, from the answers. */
export function keyElsewhereOf(answers: Answers): KeyElsewhere {
  const value = readCheckValue(answers);
  const method = answers['check-value-method'] === 'aes-cmac' ? 'AES-CMAC' : 'zero block';
  return {
    origin: 'elsewhere',
    keeper: String(answers.keeper).trim(),
    ...(value === '' ? {} : { statedCheckValue: { method, value } }),
  };
}

/** The most characters of the words for the keeper. They stand in sentences and in a table cell of the record. */
const longestKeeper = 80;

const keeperQuestion: Question = {
  kind: 'text',
  id: 'keeper',
  ask: 'Who or what keeps the key?',
  label: 'Keeper',
  form: `the name of the HSM, the key manager or the team, at most ${longestKeeper} characters`,
  placeholder: 'payments HSM, slot 3',
  longest: longestKeeper,
  check: (text) => {
    const keeper = text.trim();
    if (keeper === '') return 'Type who or what keeps the key.';
    if (keeper.length > longestKeeper)
      return `It has at most ${longestKeeper} characters; this one has ${keeper.length}.`;
    return /\p{Cc}/u.test(keeper) ? 'It takes one line, without control characters.' : undefined;
  },
  help: 'The key never comes here: it is wrapped where it is. Keyferry makes no backup of it, so the copy that is kept there is the only one. The record names who keeps it.',
};

/** The check value is 3 to 8 bytes: ANSI X9.24-1:2017 allows at most 5 bytes for AES; HSMs print 3, some more. */
const checkValuePattern = /^(?:[0-9A-F]{2}){3,8}$/;

const checkValueQuestion: Question = {
  kind: 'text',
  id: 'check-value',
  ask: 'Which key check value does it show for the key?',
  label: 'Check value',
  form: '6 to 16 hex digits, or nothing',
  placeholder: '08D7B4',
  default: '',
  check: (text) => {
    const value = normalise(text);
    return value === '' || checkValuePattern.test(value)
      ? undefined
      : 'A check value has 6 to 16 hex digits, two for each byte.';
  },
  help: 'People compare check values to tell one key from another. Keyferry records this value as you state it, because it cannot compute it without the key. It can stay empty.',
};

const methodQuestion: Question = {
  kind: 'choice',
  id: 'check-value-method',
  ask: 'By which method was it computed?',
  label: 'Method',
  form: 'zero-block or aes-cmac',
  options: [
    { value: 'zero-block', label: 'Zero block', hint: 'what HSMs print' },
    { value: 'aes-cmac', label: 'AES-CMAC', hint: 'ANSI X9.24-1:2017' },
  ],
  help: 'Zero block: 16 zero bytes encrypted under the key, as in CKA_CHECK_VALUE of PKCS#11. AES-CMAC: their MAC. One key has two values, so a value says nothing without its method.',
};

/** Gives the check value from the answers as upper-case hex digits, or an empty text when none was stated. */
const readCheckValue = (answers: Answers) => normalise(String(answers['check-value'] ?? ''));

/** Writes a check value as upper-case hex digits alone. HSMs print it as `0x08d7b4`, `08 D7 B4` or `08:D7:B4`. */
const normalise = (text: string) => text.trim().replace(/^0x/i, '').replaceAll(/[\s:]/g, '').toUpperCase();
