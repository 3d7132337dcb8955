import { join } from 'node:path';
import type { ExternalKey, ExternalMaterial } from '../../source/aws/external-key.ts';
import type { KnownKey } from '../../source/ceremonies/known-keys.ts';
import type { Where } from '../../source/status/advice.ts';
import { statusPage } from '../../source/status/page.ts';
import type { RegionLook } from '../../source/status/region-look.ts';
import { statusOf } from '../../source/status/status.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';

export const now = new Date('2026-11-26T14:02:00Z');
const day = 86_400_000;
export const inDays = (days: number) => new Date(now.getTime() + days * day);
export const period = { now, periodMs: 30 * day };
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

/** A usable key with one material; its id and ARN begin with the letter. */
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

/** What a finished ceremony knows of the key of this letter, with a backup of its material. */
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

export const lookOf = (keys: readonly ExternalKey[], more: Partial<RegionLook> = {}): RegionLook => ({
  region: 'us-east-1',
  keys,
  hidden: 0,
  areAliasesHidden: false,
  ...more,
});

export const found = (looks: readonly RegionLook[], known: readonly KnownKey[] = []) =>
  statusOf('111122223333', looks, { keys: known, unreadable: [] }, period);

const terminalOf = (columns: number, env: Record<string, string> = { LANG: 'C.UTF-8' }) =>
  readTerminal({ env, stdin: { isTTY: true }, stdout: { isTTY: true, columns, rows: 24 } });

const here: Where = { source: 'environment', endpointUrl: undefined };
/** The page in a terminal of so many columns. */
export const pageOf = (
  status: ReturnType<typeof found>,
  { columns = 80, env, where = here }: { columns?: number; env?: Record<string, string>; where?: Where } = {},
) => statusPage(status, terminalOf(columns, env), where);
