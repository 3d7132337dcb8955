import { join } from 'node:path';
import type { ExternalKey, ExternalMaterial } from '../../source/aws/external-keys.ts';
import type { KnownKey } from '../../source/ceremonies/known-keys.ts';

/** The moment at which keys are looked at. */
export const now = new Date('2026-11-26T14:02:00Z');
export const day = 86_400_000;
export const inDays = (days: number) => new Date(now.getTime() + days * day);
export const within = { now, withinMs: 30 * day };
export const idOf = (letter: string) => `${letter.repeat(8)}-0000-4000-8000-00000000${letter.repeat(4)}`;
export const arnOf = (letter: string, region = 'us-east-1') => `arn:aws:kms:${region}:111122223333:key/${idOf(letter)}`;

export const material = (more: Partial<ExternalMaterial> = {}): ExternalMaterial => ({
  keyMaterialId: 'a'.repeat(64),
  state: 'CURRENT',
  importState: 'IMPORTED',
  validTo: null,
  description: null,
  ...more,
});

export const keyOf = (letter: string, more: Partial<ExternalKey> = {}): ExternalKey => ({
  keyArn: arnOf(letter),
  keyId: idOf(letter),
  region: 'us-east-1',
  aliases: [],
  keyState: 'Enabled',
  description: '',
  keySpec: 'SYMMETRIC_DEFAULT',
  materials: [material()],
  ...more,
});

export const gone = { keyState: 'PendingImport', materials: [material({ importState: 'PENDING_IMPORT' })] };
export const never = { keyState: 'PendingImport', materials: [] };
export const expiring = (days: number) => ({ materials: [material({ validTo: inDays(days) })] });

export const knownOf = (letter: string, more: Partial<KnownKey> = {}): KnownKey => {
  const folder = join(process.cwd(), `keyferry-${letter}`);
  const proof = {
    file: join(folder, 'k.key.age'),
    keyMaterialId: 'a'.repeat(64),
    provenAt: '2026-05-03T10:00:00.000Z',
  };
  return {
    keyArn: arnOf(letter),
    alias: `alias/${letter}`,
    folder,
    accountId: '111122223333',
    region: 'us-east-1',
    source: 'environment',
    isFinished: true,
    asOf: '2026-05-03T10:00:00.000Z',
    validTo: null,
    backup: proof,
    backups: [proof],
    hasUnopenedBackup: false,
    ...more,
  };
};
