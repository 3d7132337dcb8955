import type { Services } from './services.ts';

/** Gives the command that lets KMS check the backup of this ceremony, or a file, from the current directory. */
export function checkBackupCommand({ folder, ownCommand }: Services, ...file: readonly string[]): string {
  return ownCommand('check-backup', ...file, ...folder.workdir);
}
