import type { SecretText } from '../ceremony/secret-text.ts';

/**
 * How many passphrases a strong attacker tries in a day: 10,000 in each second. With age's work factor, scrypt takes about half
 * a second of a processor core for one guess, so this attacker has a room of machines.
 */
const guessesPerDay = 10_000 * 60 * 60 * 24;

/** A passphrase that is guessed in fewer days is too weak. */
const leastDays = 1;

/** Passphrases that articles give as examples: attackers try them first, and the estimator sees only random words in them. */
const publishedExamples = ['correcthorsebatterystaple', 'correct-horse-battery-staple'];

type Estimate = (text: string) => { readonly guesses: number };

let estimate: Estimate | undefined;
let loading: Promise<void> | undefined;

/** Loads the estimator, zxcvbn, with its lists of common passwords: a megabyte, which few runs need. Loads it only once. */
export function loadEstimator(): Promise<void> {
  loading ??= Promise.all([import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common')]).then(
    ([{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }]) => {
      const zxcvbn = new ZxcvbnFactory({
        dictionary: { ...dictionary, publishedExamples },
        graphs: adjacencyGraphs,
      });
      estimate = (text) => zxcvbn.check(text);
    },
  );
  return loading;
}

/** Says in a sentence how long guessing would take; `undefined` for an empty text or while the estimator is still loading. */
export function strengthWords(text: SecretText): string | undefined {
  const days = daysToGuess(text);
  return days === undefined
    ? undefined
    : `${gradeOf(days)}: a room full of computers would guess it in ${timeWords(days)}.`;
}

/**
 * Says why a passphrase is too weak; `undefined` when it is strong enough, for an empty text, and while the estimator is still
 * loading.
 */
export function weaknessOf(text: SecretText): string | undefined {
  const days = daysToGuess(text);
  if (days === undefined || days >= leastDays) return undefined;
  return 'This is guessed within a day. Use several random words, or let a password manager make one.';
}

/**
 * Gives the days that guessing takes; `undefined` for an empty text or while the estimator is loading. The estimator needs a
 * string, which nobody can overwrite: the garbage collector frees it some time after this call.
 */
function daysToGuess(text: SecretText): number | undefined {
  if (estimate === undefined || text.count === 0) return undefined;
  // The estimator gets the first 128 bytes, because it takes long for a long text.
  const passphrase = text.use((bytes) => bytes.toString('utf8', 0, 128));
  // Blanks between words do not make a passphrase harder to guess.
  const guesses = Math.min(
    ...[passphrase, passphrase.replaceAll(' ', '')].map((each) => (estimate as Estimate)(each).guesses),
  );
  return guesses / guessesPerDay;
}

/** Gives the grade of a passphrase: too weak below {@link leastDays}, weak below a year, good below a century, else strong. */
function gradeOf(days: number): string {
  if (days < leastDays) return 'Too weak';
  if (days < 365) return 'Weak';
  return days < 36_500 ? 'Good' : 'Strong';
}

/** Writes a number of days in a unit that suits it. */
function timeWords(days: number): string {
  if (days < 1) return 'less than a day';
  if (days < 1.5) return 'about a day';
  if (days < 60) return `about ${Math.round(days)} days`;
  if (days < 730) return `about ${Math.round(days / 30)} months`;
  return days < 36_500 ? `about ${Math.round(days / 365)} years` : 'centuries';
}
