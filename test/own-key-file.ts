import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './new-folder.ts';

/** A key file that a person has: `my.key` in a folder of its own, which only they may read. */
export function ownKeyFile(content: Buffer | string = randomBytes(32)): string {
  const path = join(newFolder(), 'my.key');
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}
