import { readFileSync } from 'node:fs';
import { openBackup } from '../../source/material/backup.ts';

/**
 * The key bytes in a backup under a passphrase.
 * @throws when it does not open.
 */
export async function keyInBackup(path: string, passphrase: string): Promise<Buffer> {
  const opened = await openBackup(readFileSync(path), { by: 'passphrase', passphrase: Buffer.from(passphrase) });
  if ('trouble' in opened) throw new Error(opened.why);
  return opened.use((bytes) => Buffer.from(bytes));
}
