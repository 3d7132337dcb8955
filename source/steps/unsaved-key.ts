import { findEarlierSecret } from './earlier-secret.ts';
import type { Facts } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { isCopyLeft } from './known-copies.ts';
import { isDone } from './past.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** Tells whether the key is lost when this run ends, because it is only in memory and not imported yet. */
export function losesKey(facts: Facts, services: Services): boolean {
  return services.secrets.key !== undefined && isUnsaved(facts, services);
}

/**
 * Says that the key is not saved if the run stops now, and what happens when the person continues later. Returns `undefined`
 * when the key is saved or imported, or was never made. The journal has everything except the key.
 */
export function unsavedWords(facts: Facts, services: Services): string | undefined {
  if (!isUnsaved(facts, services)) return undefined;
  return `Everything but the key itself is saved: ${whyUnsaved(facts, services)}. ${continueWords(facts, services)}`;
}

/** Says why no copy of the key is left, as a part of a sentence. */
function whyUnsaved({ secret }: Facts, { secrets }: Services): string {
  if (secrets.key !== undefined) return 'it was in memory only, and is lost with this run';
  const { file, source } = keyHere(secret) ?? {};
  const wasInFile = file !== undefined || source !== undefined;
  return wasInFile ? 'no copy of it is left' : 'it was in memory only, and went with an earlier run';
}

/**
 * Tells whether the key was made or taken, is not imported yet, and has no copy outside the memory of this run. That is so
 * too while the person has gone back to the step that made it.
 */
function isUnsaved(facts: Facts, services: Services): boolean {
  const earlier = findEarlierSecret(services);
  if (earlier !== undefined) return !isCopyLeft({ ...facts, secret: earlier.fact }, services);
  return isDone(services, 'secret-key') && facts.imported === undefined && !isCopyLeft(facts, services);
}

/** Says what happens when the person continues later. */
function continueWords({ secret, wrapped }: Facts, { folder }: Services): string {
  if (wrapped !== undefined) return 'Its wrapped form is saved, and is imported when you go on.';
  const { file, source } = keyHere(secret) ?? {};
  const path = source ?? (file === undefined ? undefined : folder.file(plainKeyFile));
  return path === undefined ? 'A new one is made when you go on.' : `Put its file back at ${path} before you go on.`;
}
