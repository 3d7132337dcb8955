import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleAnswers } from '../../source/ceremonies/first-import/example.ts';

/** The example of an answers file with texts replaced. @throws when a text is not in it. */
export function exampleWith(changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The example has no "${from}".`);
    return text.replace(from, to);
  }, exampleAnswers);
}

/** What turns the example into answers that leave the key in memory and in a backup under `passphrase.txt`. */
export const withBackup: Readonly<Record<string, string>> = {
  'keep: file ': 'keep: memory ',
  '  how: none': '  how: passphrase\n  passphrase-file: passphrase.txt',
  'confirm-none:': '# confirm-none:',
  'plain-key:': '# plain-key:',
};

/** Writes answers under a name with a space in it, as people do. */
export function answersFile(folder: string, text: string): string {
  const path = join(folder, 'any name.yaml');
  writeFileSync(path, text);
  return path;
}
