import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

/** Answers by step, then by question; undefined takes away what is there. */
export type Changes = Readonly<
  Record<string, Readonly<Record<string, string | boolean | readonly string[] | undefined>>>
>;

/**
 * A first import as in the article but for its wrapping: the key in a file, and no backup. The wrapping key is a small one,
 * which costs practice AWS a tenth of the time of a large one.
 */
const inFile: Changes = {
  connect: { region: 'us-east-1' },
  'secret-key': { origin: 'generate', keep: 'file' },
  'describe-key': {
    alias: 'alias/my-first-key',
    description: 'My first key with imported material',
    acknowledge: true,
  },
  backup: { how: 'none', 'confirm-none': 'no backup' },
  permissions: { 'administrators-may-delete': false },
  'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_256 RSA_2048' },
  wrap: { by: 'keyferry' },
  import: { expiry: 'never' },
  'encrypt-objects': { where: 'new', what: 'sample' },
  finish: { 'plain-key': 'keep' },
};

/** Keeps the key in memory: what becomes of a file of it is not asked then. */
export const memoryAlone: Changes = { 'secret-key': { keep: 'memory' }, finish: { 'plain-key': undefined } };

/** Accepts that no copy of the key is left. */
export const withoutCopy: Changes = { import: { 'without-copy': true } };

/** A backup under the passphrase in a file. */
export const underPassphrase = (file: string): Changes => ({
  backup: { how: 'passphrase', 'passphrase-file': file, 'confirm-none': undefined },
});

/** The caller is who the environment says. */
export const ofEnvironment: Changes = { connect: { source: 'environment' } };

/** Changes one after the other, those of one step together. */
export function together(...changes: readonly Changes[]): Changes {
  const merged: Record<string, Changes[string]> = {};
  for (const change of changes)
    for (const [step, answers] of Object.entries(change)) merged[step] = { ...merged[step], ...answers };
  return merged;
}

/** An answers file for a first import, with changes to the usual answers. */
export function exampleWith(...changes: readonly Changes[]): string {
  return stringify(together(inFile, ...changes));
}

/** Writes answers under a name with a space in it, as people do. */
export function answersFile(folder: string, text: string): string {
  const path = join(folder, 'any name.yaml');
  writeFileSync(path, text);
  return path;
}
