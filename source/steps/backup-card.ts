import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as v from 'valibot';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import { readPublicFile } from '../material/small-file.ts';
import { madeBackup } from './backup-fact.ts';
import { type Facts, type Imported, need } from './facts.ts';
import { keyHere } from './secret-key-fact.ts';

/*
 * Beside each backup lies a card: a JSON file that names the KMS key and the key material. AWS advises to keep these names
 * with the bytes (KMS developer guide, "Protecting imported key material"). Nothing in a card is secret.
 */

const cardSchema = v.object({
  keyArn: v.string(),
  keyMaterialId: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  checkValue: v.object({ method: v.string(), value: v.string() }),
  backup: v.object({ file: v.string(), sha256: v.string() }),
});

/** The content of a card: which material of which KMS key a backup holds. */
export type BackupCard = v.InferOutput<typeof cardSchema>;

/** Gives the file name or path of the card of a backup: `payments-2026.key.age.json`. */
export const cardFileOf = (backupFile: string) => `${backupFile}.json`;

/**
 * Writes the card of the backup that this ceremony made, after the import has given the id of the material. Replaces an earlier
 * card. Writes no card when Keyferry made no backup, or when nothing shows that the backup holds the imported material.
 */
export function writeBackupCard(facts: Facts, imported: Imported, folder: CeremonyFolder): void {
  const backup = madeBackup(facts.backup);
  const secret = keyHere(need(facts, 'secret'));
  if (backup === undefined || secret === undefined || imported.secretInKms !== 'shown') return;
  const { keyArn, alias } = need(facts, 'key');
  const { keyMaterialId, importedAt } = imported;
  const { checkValue, zeroBlockCheckValue } = secret;
  const card = {
    keyArn,
    alias,
    keyMaterialId,
    checkValue,
    ...(zeroBlockCheckValue === undefined ? {} : { zeroBlockCheckValue }),
    backup: { file: backup.file, sha256: backup.sha256, by: backup.by },
    importedAt,
    howToBringTheKeyBack: [
      `keyferry reimport --workdir FOLDER, where FOLDER holds this card and ${backup.file}`,
      `By hand: age --decrypt ${backup.file}, wrap the 32 bytes, then aws kms import-key-material with --import-type EXISTING_KEY_MATERIAL and --key-material-id ${keyMaterialId}`,
    ],
  };
  folder.replace(cardFileOf(backup.file), `${JSON.stringify(card, undefined, 2)}\n`);
}

/**
 * Reads the cards in a folder. Adds to each card the path where its backup should be; that file may be missing. Leaves out
 * files that are not valid cards. Gives no card for a folder that cannot be read.
 */
export function readBackupCards(folder: string): readonly (BackupCard & { readonly path: string })[] {
  return fileNamesIn(folder)
    .filter((name) => name.endsWith('.key.age.json'))
    .flatMap((name) => readCard(join(folder, name)))
    .map((card) => ({ ...card, path: join(folder, basename(card.backup.file)) }));
}

/** Reads the card of a backup. Returns undefined when the card is missing, is not valid, or names another backup file. */
export function readCardOf(backupPath: string): BackupCard | undefined {
  return readCard(cardFileOf(backupPath)).find(({ backup }) => backup.file === basename(backupPath));
}

/** Gives a list of one card, or an empty list when the file cannot be read or is not a valid card. */
function readCard(path: string): readonly BackupCard[] {
  const content = readPublicFile(path);
  // A string says why the file was not read.
  if (typeof content === 'string') return [];
  try {
    const parsed = v.safeParse(cardSchema, JSON.parse(content.toString('utf8')));
    return parsed.success ? [parsed.output] : [];
  } catch {
    return [];
  }
}

/** Gives the names of the files in a folder; an empty list when the folder cannot be read. */
function fileNamesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
