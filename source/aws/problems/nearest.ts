import { nearestNames } from '../../ceremony/nearest-name.ts';
import { knownNames } from './catalogue.ts';

/** Gives at most three known errors whose name a mistyped or unknown one is near to. */
export function nearestErrors(name: string): readonly string[] {
  const ofErrors = knownNames.filter((known) => /[A-Z]/.test(known));
  return nearestNames(name, ofErrors, 'exception').slice(0, 3);
}
