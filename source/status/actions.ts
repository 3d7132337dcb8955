import { isNeeded } from '../steps/materials.ts';
import { hadMaterial } from './due.ts';
import type { ListedKey } from './listed-key.ts';

/** What a person can do with a key that has imported material, had it, or waits for it. */
export type KeyAction = {
  /** The id of the ceremony that does it; `go-on` continues the one with which the key's folder was begun. */
  readonly to: 'go-on' | 'import-existing' | 'reimport' | 'encrypt' | 'expiry' | 'check-backup';
  /** Verb and object. */
  readonly label: string;
  /** Why it cannot be done now. Absent when it can. */
  readonly reason?: string;
};

/**
 * Gives every action on a key, those that can be done now first. The reason of each other one is true of the state that KMS
 * has just told.
 */
export function actionsOn(listed: ListedKey): readonly KeyAction[] {
  const all = [
    ...(listed.known?.isFinished === false ? [{ to: 'go-on', label: 'Go on with its ceremony' } as const] : []),
    action('reimport', 'Bring its material back', whyNotReimport(listed)),
    action('import-existing', 'Import its first material', whyNotImport(listed)),
    action('encrypt', 'Encrypt objects with it', whyNotUse(listed)),
    action('expiry', 'Change when its material expires', whyNotHeld(listed)),
    action('check-backup', 'Check its backup', whyNotCheck(listed)),
  ];
  return all.toSorted((one, other) => Number(one.reason !== undefined) - Number(other.reason !== undefined));
}

function action(to: KeyAction['to'], label: string, reason: string | undefined): KeyAction {
  return { to, label, ...(reason === undefined ? {} : { reason }) };
}

/** What bars every action. */
function whyNone({ key }: ListedKey): string | undefined {
  const { keyState, keySpec } = key;
  if (keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion') return 'it waits for its deletion';
  if (keySpec !== 'SYMMETRIC_DEFAULT') return `Keyferry does this with SYMMETRIC_DEFAULT keys; this is ${keySpec}`;
  const isPassing = !['Enabled', 'Disabled', 'PendingImport'].includes(keyState);
  return isPassing ? `it is ${keyState} now` : undefined;
}

function whyNotReimport(listed: ListedKey): string | undefined {
  const barred = whyNone(listed);
  if (barred !== undefined) return barred;
  if (hadMaterial(listed.key) === false) return 'it never had material';
  const isMissing = listed.key.materials.some((one) => isNeeded(one) && one.importState === 'PENDING_IMPORT');
  return isMissing ? undefined : 'KMS has all of its material';
}

function whyNotImport(listed: ListedKey): string | undefined {
  const barred = whyNone(listed);
  if (barred !== undefined) return barred;
  if (listed.known?.isFinished === false) return 'its ceremony here does that';
  if (hadMaterial(listed.key) === false) return undefined;
  return 'it had material, and takes only the same bytes back';
}

function whyNotHeld(listed: ListedKey): string | undefined {
  return whyNone(listed) ?? (listed.key.keyState === 'PendingImport' ? 'not while it has no material' : undefined);
}

function whyNotUse(listed: ListedKey): string | undefined {
  const without = whyNotHeld(listed);
  if (without !== undefined) return without;
  return listed.key.keyState === 'Disabled' ? 'not while it is Disabled' : undefined;
}

function whyNotCheck(listed: ListedKey): string | undefined {
  const without = whyNotHeld(listed);
  if (without !== undefined) return without;
  if (listed.known === undefined) return 'its folder is not here';
  const { backups, hasUnopenedBackup } = listed.known;
  return backups.length > 0 || hasUnopenedBackup ? undefined : 'no backup of it is known here';
}
