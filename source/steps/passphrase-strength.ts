import type { SecretText } from '../ceremony/secret-text.ts';

/** What a good passphrase cracker tries: scrypt at age's work factor takes a core about half a second a guess. */
const guessesPerDay = 10_000 * 60 * 60 * 24;

/** Weaker than a day of guessing is no protection for a key that protects years of data. */
const leastDays = 1;

type Estimate = (text: string) => { readonly guesses: number };

let estimate: Estimate | undefined;
let loading: Promise<void> | undefined;

/** Loads the estimator, zxcvbn, with its lists of common passwords; it is a megabyte that few runs need. */
export function loadEstimator(): Promise<void> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }]) => {
      const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
      estimate = (text) => zxcvbn.check(text);
    },
  );
  return loading;
}

/** Says in a sentence how long guessing would take; `undefined` while the estimator is still loading. */
export function strengthWords(text: SecretText): string | undefined {
  const days = daysToGuess(text);
  return days === undefined ? undefined : `${grade(days)}: a machine room would guess it in ${span(days)}.`;
}

/** Says why a passphrase is too weak. Call it once the estimator is loaded. */
export function weaknessOf(text: SecretText): string | undefined {
  const days = daysToGuess(text);
  if (days === undefined || days >= leastDays) return undefined;
  return 'This is guessed within a day. Use several random words, or let a password manager make one.';
}

/** The estimator takes a string, which cannot be zeroed; it lives as briefly as the garbage collector lets it. */
function daysToGuess(text: SecretText): number | undefined {
  if (estimate === undefined || text.count === 0) return undefined;
  const words = text.use((bytes) => bytes.toString('utf8', 0, 128));
  // Blanks between words do not make a passphrase harder to guess.
  const guesses = Math.min(...[words, words.replaceAll(' ', '')].map((each) => (estimate as Estimate)(each).guesses));
  return guesses / guessesPerDay;
}

const grade = (days: number) =>
  days < leastDays ? 'Too weak' : days < 365 ? 'Weak' : days < 36_500 ? 'Good' : 'Strong';

function span(days: number): string {
  if (days < 1) return 'less than a day';
  if (days < 60) return `about ${Math.round(days)} days`;
  if (days < 730) return `about ${Math.round(days / 30)} months`;
  return days < 36_500 ? `about ${Math.round(days / 365)} years` : 'centuries';
}
