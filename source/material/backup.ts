import { type AgeParts, splitAgeFile } from './age-file.ts';
import { type AgeLock, type AgeOpener, ageStanzas, makeAgeHeader, openAgeHeader } from './age-header.ts';
import { keyPayloadBytes, openAgePayload, sealAgePayload } from './age-payload.ts';
import type { SecretBytes } from './secret-bytes.ts';

export type { AgeLock, AgeOpener } from './age-header.ts';
export { isAgeRecipient } from './age-header.ts';
export { standardWorkFactor } from './age-passphrase.ts';

const keyBytes = 32;

/** Whether a passphrase opens a backup, or an identity of one of its recipients. */
export type BackupKind = 'passphrase' | 'recipients';

/** Why a file does not open as a backup: `trouble` is for programs, `why` is a sentence for people. */
export type BackupTrouble = {
  readonly trouble: 'not an age file' | 'cut off' | 'damaged' | 'wrong passphrase' | 'wrong identity' | 'no key';
  readonly why: string;
};

/** Encrypts a key. Returns the bytes of a file that `age -d` decrypts to the 32 raw bytes of the key. */
export async function sealBackup(secret: SecretBytes, lock: AgeLock): Promise<Buffer> {
  const { header, fileKey } = await makeAgeHeader(lock);
  try {
    return Buffer.concat([header, sealAgePayload(fileKey, secret)]);
  } finally {
    fileKey.destroy();
  }
}

/** Tells whether a passphrase or recipients open a backup, or why nothing does. Reads the header and decrypts nothing. */
export function findBackupKind(file: Buffer): { readonly kind: BackupKind } | BackupTrouble {
  const parts = splitBackup(file);
  if ('trouble' in parts) return parts;
  return { kind: ageStanzas(parts.header).includes('scrypt') ? 'passphrase' : 'recipients' };
}

/** Decrypts a backup. Returns the key, which the caller must destroy, or why the file does not open to a key. */
export async function openBackup(file: Buffer, opener: AgeOpener): Promise<SecretBytes | BackupTrouble> {
  const parts = splitBackup(file);
  if ('trouble' in parts) return parts;
  const fileKey = await openAgeHeader(parts.header, opener);
  if (fileKey === 'damaged') return damaged;
  if (fileKey === 'no match') return opener.by === 'passphrase' ? wrongPassphrase : wrongIdentity;
  const opened = openAgePayload(fileKey, parts.payload);
  fileKey.destroy();
  if (opened === undefined) return parts.payload.length < keyPayloadBytes ? cutOff : damaged;
  if (opened.length === keyBytes) return opened;
  const { length } = opened;
  opened.destroy();
  return { trouble: 'no key', why: `It opens, but holds ${length} bytes. An AES-256 key is exactly ${keyBytes}.` };
}

/** Splits an age file, armoured or not, into header and payload, or says why the file is no sound age file. */
function splitBackup(file: Buffer): AgeParts | BackupTrouble {
  const parts = splitAgeFile(file);
  if (parts === 'not an age file') return notAge;
  if (parts === 'damaged') return damagedText;
  return parts === 'cut off' ? cutOff : parts;
}

const notAge = { trouble: 'not an age file', why: 'It is not an age file: its first line is another.' } as const;
const cutOff = { trouble: 'cut off', why: 'It is cut off: the end of the file is missing.' } as const;
const damaged = { trouble: 'damaged', why: 'It is damaged: its contents are not as they were written.' } as const;
const damagedText = {
  trouble: 'damaged',
  why: 'It is damaged: its text between BEGIN and END is not as age writes it.',
} as const;
const wrongPassphrase = { trouble: 'wrong passphrase', why: 'This passphrase does not open it.' } as const;
const wrongIdentity = { trouble: 'wrong identity', why: 'It is not encrypted to this identity.' } as const;
