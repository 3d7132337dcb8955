import type { Question } from '../ceremony/question.ts';
import { type Facts, need } from './facts.ts';
import { findCopies, isCopyLeft, noCopyKnownWords } from './known-copies.ts';
import { isDone } from './past.ts';
import type { Services } from './services.ts';
import { isKeyLost } from './with-key.ts';

// Pages: KMS developer guide, "Special considerations for imported key material".

/**
 * Tells whether the key that will be imported has no copy outside the memory of this run. Gives false also when there is no key
 * to import, such as when the person's own file is gone before the wrap: then the step `wrap` ends in a problem.
 */
export function lacksCopy(facts: Facts, services: Services): boolean {
  if (isCopyLeft(facts, services)) return false;
  // During the rehearsal of an answers file, the key is made later. And `withKey` makes a new key in the place of a lost key.
  const willBeMade = !isDone(services, 'secret-key') || isKeyLost(facts, services);
  const canBeWrapped = services.secrets.key !== undefined || willBeMade;
  return isDone(services, 'wrap') || canBeWrapped;
}

/** Builds the question with which a person confirms the import of a key without a copy. */
export function withoutCopyQuestion(facts: Facts, services: Services): Question {
  const goneFiles = findCopies(facts, services).filesWithoutKey.map(({ path, why }) => `${path}: ${why}`);
  const handNote =
    need(facts, 'wrapped').by === 'you' ? ['You wrapped the key yourself: only you know where its bytes are.'] : [];
  return {
    kind: 'confirm',
    id: 'without-copy',
    asked: 'always',
    ask: 'I import this key though there is no copy of it.',
    label: 'Without a copy',
    form: 'true (the line "without-copy: true" under "import:"), where you accept that the key has no copy',
    mustTick: true,
    help: [
      noCopyKnownWords,
      ...goneFiles,
      ...handNote,
      'AWS never gives the key back. When its material expires or is deleted, all that it encrypted is lost.',
      'To have a copy, stop here: nothing was imported. Then begin in another folder, and make the backup.',
    ].join('\n'),
  };
}
