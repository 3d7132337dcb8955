import { existsSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const descriptors = '/proc/self/fd';

/** How many files of this folder, itself included, this process has open; 0 where the system does not tell. */
export function openIn(folder: string): number {
  if (!existsSync(descriptors)) return 0;
  const pathOf = (name: string) => {
    try {
      return readlinkSync(join(descriptors, name));
    } catch {
      // It was closed meanwhile.
      return '';
    }
  };
  return readdirSync(descriptors).filter((name) => pathOf(name).startsWith(folder)).length;
}
