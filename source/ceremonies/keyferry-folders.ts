import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Gives the `keyferry-` subfolders of a folder, sorted by name, whether a ceremony was begun in them or not; none when the folder
 * is not there or may not be read.
 */
export function listKeyferryFolders(parent: string): readonly string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.startsWith('keyferry-'))
      .map(({ name }) => join(parent, name))
      .sort();
  } catch {
    return [];
  }
}
