import type { SecretText } from '../ceremony/secret-text.ts';

/**
 * How many passphrases a strong attacker tries a day: 10,000 a second. With age's work factor, scrypt takes one processor
 * core about half a second a guess, so that this is a room of machines.
 */
const guessesPerDay = 10_000 * 60 * 60 * 24;

/** A passphrase must hold out for at least this many days, since the key protects data for years. */
const leastDays = 1;

type Estimate = (text: string) => { readonly guesses: number };

let estimate: Estimate | undefined;
let loading: Promise<void> | undefined;

/** Loads the estimator, zxcvbn, with its lists of common passwords. It is loaded on demand: a megabyte that few runs need. */
export function loadEstimator(): Promise<void> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }]) => {
      const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
      estimate = (text) => zxcvbn.check(text);
    },
  );
  return loading;
}

/** Says in a sentence how long guessing would take; `undefined` for an empty text or while the estimator is still loading. */
export function strengthWords(text: SecretText): string | undefined {
  const days = daysToGuess(text);
  return days === undefined ? undefined : `${gradeOf(days)}: a machine room would guess it in ${timeWords(days)}.`;
}

/** Says why a passphrase is too weak; `undefined` when it is not, and always while the estimator is still loading. */
export function weaknessOf(text: SecretText): string | undefined {
  const days = daysToGuess(text);
  if (days === undefined || days >= leastDays) return undefined;
  return 'This is guessed within a day. Use several random words, or let a password manager make one.';
}

/**
 * Gives the days that guessing takes, or `undefined` for an empty text or while the estimator is loading. The estimator
 * needs a string. Nobody can overwrite a string; the garbage collector frees it some time after this call.
 */
function daysToGuess(text: SecretText): number | undefined {
  if (estimate === undefined || text.count === 0) return undefined;
  const words = text.use((bytes) => bytes.toString('utf8', 0, 128));
  // Blanks between words do not make a passphrase harder to guess.
  const guesses = Math.min(...[words, words.replaceAll(' ', '')].map((each) => (estimate as Estimate)(each).guesses));
  return guesses / guessesPerDay;
}

const gradeOf = (days: number) =>
  days < leastDays ? 'Too weak' : days < 365 ? 'Weak' : days < 36_500 ? 'Good' : 'Strong';

function timeWords(days: number): string {
  if (days < 1) return 'less than a day';
  if (days < 60) return `about ${Math.round(days)} days`;
  if (days < 730) return `about ${Math.round(days / 30)} months`;
  return days < 36_500 ? `about ${Math.round(days / 365)} years` : 'centuries';
}
