/**
 * What became of the backup of the secret. `declined`: the person wanted none. `keeper`: the copy that the keeper of the key has
 * counts as the backup.
 */
export type Backup = MadeBackup | { readonly by: 'declined' | 'keeper' };

/** A backup that Keyferry made. */
export type MadeBackup = {
  readonly by: 'passphrase' | 'recipients';
  readonly file: string;
  /**
   * Of the file, hex. When a backup does not open, this hash shows whether the file has changed or the passphrase is wrong.
   */
  readonly sha256: string;
  /** The age recipients who can open it; empty for a backup under a passphrase. */
  readonly recipients: readonly string[];
  /** `opened`: read back and opened to the same key. `written`: read back and compared byte for byte. */
  readonly proven: 'opened' | 'written';
};

/** Gives the facts of the backup that Keyferry made; `undefined` when it made none. */
export function madeBackup(backup: Backup | undefined): MadeBackup | undefined {
  return backup !== undefined && 'file' in backup ? backup : undefined;
}
