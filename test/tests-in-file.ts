import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Source text without the signs that escape quotes. */
export const unescaped = (source: string) => source.replaceAll(/\\(['"`])/g, '$1');

/** Source text as a person reads it: what differs is `…`, and no quote is escaped. */
export const spoken = (source: string) => unescaped(source.replaceAll(/\$\{(?:[^{}\n]|\{[^{}\n]*\})*\}/g, '…'));

/** The names of the tests and suites in a file below `test`. */
export function testsIn(path: string): ReadonlySet<string> {
  const calls = /\b(?:test|it|suite|describe|causeTest)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g;
  const text = readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8');
  return new Set([...text.matchAll(calls)].map(([, , name = '']) => spoken(name)));
}
