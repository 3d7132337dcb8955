import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Services } from './services.ts';

/** Gives only those names under which there is a file in the ceremony's folder or in the current folder. */
export function findFiles({ folder }: Services, names: readonly string[]): readonly string[] {
  return names.filter((name) => folder.has(name) || existsSync(resolve(name)));
}

/** Makes the part of a question that offers the first of these files; an empty part when there is none. */
export const offerOf = ([first]: readonly string[]): { readonly offer?: string } =>
  first === undefined ? {} : { offer: first };
