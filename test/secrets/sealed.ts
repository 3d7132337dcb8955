import { writeFileSync } from 'node:fs';
import { sealBackup } from '../../source/material/backup.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';

/** Writes a backup file for a recipient that opens to these bytes, whether they are a key or not. */
export async function sealedTo(recipient: string, bytes: Buffer, path: string): Promise<void> {
  using secret = SecretBytes.takeFrom(Buffer.from(bytes));
  writeFileSync(path, await sealBackup(secret, { by: 'recipients', recipients: [recipient] }), { mode: 0o600 });
}

/** The same under a passphrase; scrypt takes no time. */
export async function sealedUnder(passphrase: string, bytes: Buffer, path: string): Promise<void> {
  using secret = SecretBytes.takeFrom(Buffer.from(bytes));
  const lock = { by: 'passphrase', passphrase: Buffer.from(passphrase), workFactor: 2 } as const;
  writeFileSync(path, await sealBackup(secret, lock), { mode: 0o600 });
}
