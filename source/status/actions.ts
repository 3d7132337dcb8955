import { isNeeded } from '../steps/materials.ts';
import { hadMaterial } from './due.ts';
import type { ListedKey } from './listed-key.ts';
import { otherKindWords } from './words.ts';

/** An action on a key that has imported material, had it, or waits for it. */
export type KeyAction = {
  /** The id of the ceremony that does the action. `go-on` continues the ceremony with which the key's folder was begun. */
  readonly id: 'go-on' | 'import-existing' | 'reimport' | 'reimport-wrapped' | 'encrypt' | 'expiry' | 'check-backup';
  /** Verb and object. */
  readonly label: string;
  /** Why the action is not possible now. Absent when it is possible. */
  readonly reason?: string;
};

/**
 * Gives every action on a key, the possible ones first. Each of the others has the reason why it is not possible now. To go on is
 * an action only when the key's ceremony here is not finished. For a key that is kept elsewhere, one action imports its material
 * again, in the place of two.
 */
export function actionsOn(listed: ListedKey): readonly KeyAction[] {
  const keeper = listed.known?.keeper;
  const actions = [
    ...(listed.known?.isFinished === false ? [{ id: 'go-on', label: 'Go on with its ceremony' } as const] : []),
    keeper === undefined
      ? action('reimport', 'Bring its material back', whyNotReimport(listed))
      : importWrappedAction(listed, keeper),
    action('import-existing', 'Import its first material', whyNotImport(listed)),
    action('encrypt', 'Encrypt objects with it', whyNotEncrypt(listed)),
    ...(keeper === undefined ? [action('expiry', 'Change when its material expires', whyNotChangeExpiry(listed))] : []),
    action('check-backup', 'Check its backup', whyNotCheckBackup(listed)),
  ];
  return actions.toSorted((one, other) => Number(one.reason !== undefined) - Number(other.reason !== undefined));
}

/**
 * Gives the action that imports material again from a file that the keeper of the key wraps. The action brings missing material
 * back, or changes when present material expires.
 */
function importWrappedAction(listed: ListedKey, keeper: string): KeyAction {
  const label = isMaterialMissing(listed) ? 'Bring its material back' : 'Change when its material expires';
  return action('reimport-wrapped', `${label}, wrapped by ${keeper}`, whyNoImportAgain(listed));
}

/** Tells whether KMS waits for material that the key needs. The state says so too when the list of materials was not read. */
function isMaterialMissing({ key }: ListedKey): boolean {
  const isListedAsMissing = key.materials.some(
    (material) => isNeeded(material) && material.importState === 'PENDING_IMPORT',
  );
  return isListedAsMissing || key.keyState === 'PendingImport';
}

/** Makes a {@link KeyAction}. @param reason why it is not possible; `undefined` when it is possible. */
function action(id: KeyAction['id'], label: string, reason: string | undefined): KeyAction {
  return { id, label, ...(reason === undefined ? {} : { reason }) };
}

/* Each of these functions gives the reason why an action is not possible now; `undefined` when it is possible. */

/** Gives the reason why no action is possible: the key will be deleted, is not SYMMETRIC_DEFAULT, or its state is temporary. */
function whyNoAction({ key }: ListedKey): string | undefined {
  const { keyState, keySpec } = key;
  if (keyState === 'PendingDeletion' || keyState === 'PendingReplicaDeletion') return 'it waits for its deletion';
  if (keySpec !== 'SYMMETRIC_DEFAULT') return otherKindWords(keySpec);
  const isInOtherState = !['Enabled', 'Disabled', 'PendingImport'].includes(keyState);
  return isInOtherState ? `it is ${keyState} now` : undefined;
}

/** Gives the reason why no material can be imported again, whether or not it is there now. */
function whyNoImportAgain(listed: ListedKey): string | undefined {
  return whyNoAction(listed) ?? (hadMaterial(listed.key) === false ? 'it never had material' : undefined);
}

/** Gives the reason why no missing material can be brought back: as {@link whyNoImportAgain}, or no material is missing. */
function whyNotReimport(listed: ListedKey): string | undefined {
  return whyNoImportAgain(listed) ?? (isMaterialMissing(listed) ? undefined : 'KMS has all of its material');
}

/** Gives the reason why no first import into this key is possible. */
function whyNotImport(listed: ListedKey): string | undefined {
  const reason = whyNoAction(listed);
  if (reason !== undefined) return reason;
  if (listed.known?.isFinished === false) return 'the unfinished ceremony here imports into it';
  switch (hadMaterial(listed.key)) {
    case false:
      return undefined;
    case true:
      return 'it had material, and takes only the same bytes back';
    default:
      return 'it may have had material, and would take only the same bytes back';
  }
}

/** Gives the reason why an action that needs the material in KMS is not possible. */
function whyNoMaterial(listed: ListedKey): string | undefined {
  return whyNoAction(listed) ?? (listed.key.keyState === 'PendingImport' ? 'not while it has no material' : undefined);
}

/** A change of the expiry needs nothing but the material in KMS. */
const whyNotChangeExpiry = whyNoMaterial;

function whyNotEncrypt(listed: ListedKey): string | undefined {
  const reason = whyNoMaterial(listed);
  if (reason !== undefined) return reason;
  return listed.key.keyState === 'Disabled' ? 'not while it is Disabled' : undefined;
}

function whyNotCheckBackup(listed: ListedKey): string | undefined {
  const reason = whyNoMaterial(listed);
  if (reason !== undefined) return reason;
  if (listed.known === undefined) return 'its folder is not here';
  const { backups, hasUnopenedBackup, keeper } = listed.known;
  if (keeper !== undefined && backups.length === 0) return 'it is kept elsewhere';
  return backups.length > 0 || hasUnopenedBackup ? undefined : 'no backup of it is known here';
}
