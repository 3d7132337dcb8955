import type { Services } from './services.ts';

/**
 * Gives the keyferry command, as a person can run it in the current directory, that asks KMS whether a backup holds the
 * material of the key. @param args the path of a backup, or flags. Without a path, the command checks the backup of this
 * ceremony.
 */
export function checkBackupCommand({ folder, ownCommand }: Services, ...args: readonly string[]): string {
  return ownCommand('check-backup', ...args, ...folder.workdirWords);
}
