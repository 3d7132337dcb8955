import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Services } from './services.ts';

/** Finds which of these names files have in the ceremony's folder or in the current one. */
export function findFiles({ folder }: Services, names: readonly string[]): readonly string[] {
  return names.filter((name) => folder.has(name) || existsSync(resolve(name)));
}

/** Makes the part of a question that offers the first of these files, and no part where there is none. */
export const offerOf = ([first]: readonly string[]): { readonly offer?: string } =>
  first === undefined ? {} : { offer: first };
