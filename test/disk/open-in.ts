import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const descriptors = '/proc/self/fd';
/** Why a test of open files is skipped; `false` where the system tells which are open. */
export const noDescriptors = existsSync(descriptors) ? false : 'the system does not tell which files are open';

/** How often this process has a file or folder open, or a file in this folder; 0 where the system does not tell. */
export function openIn(path: string): number {
  if (!existsSync(descriptors)) return 0;
  const pathOf = (name: string) => {
    try {
      return readlinkSync(join(descriptors, name));
    } catch {
      // It was closed meanwhile.
      return '';
    }
  };
  return readdirSync(descriptors).filter((name) => pathOf(name).startsWith(path)).length;
}
