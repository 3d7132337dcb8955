import { nearestNames } from '../../ceremony/nearest-name.ts';
import { knownNames } from './catalogue.ts';

/** Gives at most three names of known errors that are similar to a mistyped or unknown name. */
export function nearestErrors(name: string): readonly string[] {
  // Names without capital letters are phrases of tools, not codes.
  const codes = knownNames.filter((known) => /[A-Z]/.test(known));
  return nearestNames(name, codes, 'exception').slice(0, 3);
}
