import { existsSync } from 'node:fs';
import { keyCheckValue } from '../material/check-value.ts';
import { examineKeyFile } from '../material/inspect.ts';
import { plainKeyFile } from './file-names.ts';
import { isDone } from './past.ts';
import { type KeyHere, keyHere, type SecretKey } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** The key that a person had made or taken before they went back to the step `secret-key`, and where it still is. */
export type EarlierSecret = { readonly fact: KeyHere; readonly at: 'memory' | 'file' };

/**
 * Finds the key from before the step `secret-key` was reopened. Gives `undefined` while the step is done, before it was done
 * for the first time, for a key elsewhere, and when the key is neither in memory nor in the plain key file any more.
 */
export function findEarlierSecret(services: Services): EarlierSecret | undefined {
  if (isDone(services, 'secret-key')) return undefined;
  const { journal, secrets, folder } = services;
  const done = journal.lines.findLast((line) => line.kind === 'done' && 'secret' in line.facts);
  if (done?.kind !== 'done' || !('secret' in done.facts)) return undefined;
  const fact = keyHere(done.facts.secret as SecretKey);
  if (fact === undefined) return undefined;
  if (secrets.key !== undefined && keyCheckValue(secrets.key).value === fact.checkValue.value)
    return { fact, at: 'memory' };
  return fact.file !== undefined && holdsKey(folder.file(plainKeyFile), fact) ? { fact, at: 'file' } : undefined;
}

/** Tells whether a plain file holds the key with this check value. */
function holdsKey(path: string, { checkValue }: KeyHere): boolean {
  const { key } = examineKeyFile(path);
  if (key === undefined) return false;
  const { value } = keyCheckValue(key);
  key.destroy();
  return value === checkValue.value;
}

/**
 * Says where the key from before stays, or that it is destroyed, when the person takes another one. Gives an empty text when there
 * is none, or when the person's own file still has it.
 */
export function otherKeyWords(earlier: EarlierSecret | undefined): string {
  if (earlier === undefined) return '';
  const { fact, at } = earlier;
  const value = `The key from before, with the check value ${fact.checkValue.value},`;
  if (at === 'file') return `\n${value} stays in ${plainKeyFile}.`;
  if (fact.source !== undefined && existsSync(fact.source)) return '';
  return `\n${value} is only in memory and has no backup: it is destroyed when you take another one.`;
}
