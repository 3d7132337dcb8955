import { readFileSync } from 'node:fs';
import { type AgeOpener, openBackup } from '../../source/material/backup.ts';

/**
 * The key bytes in a backup.
 * @param by its passphrase, or what else opens it.
 * @throws when it does not open.
 */
export async function keyInBackup(path: string, by: string | AgeOpener): Promise<Buffer> {
  const opener = typeof by === 'string' ? ({ by: 'passphrase', passphrase: Buffer.from(by) } as const) : by;
  const opened = await openBackup(readFileSync(path), opener);
  if ('trouble' in opened) throw new Error(opened.why);
  return opened.use((bytes) => Buffer.from(bytes));
}
