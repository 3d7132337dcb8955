/** The names that the article uses, so that a person can do any step by hand and Keyferry finds the files. */
export const plainKeyFile = 'plain_text_aes_key.bin';
export const wrappedKeyFile = 'enc.aes.key';
/** The names of the same two files in "Importing key material" of the KMS developer guide. */
export const plainKeyFileOfGuide = 'PlaintextKeyMaterial.bin';
export const wrappedKeyFileOfGuide = 'EncryptedKeyMaterial.bin';
/** The encrypted data key of the proof. When KMS decrypts it, even years later, the key has the same material. */
export const proofFile = 'proof.bin';
/** The commands with which a user of the key proves it, and the result that these write. */
export const userProofScript = 'user-proof.sh';
export const userResultFile = 'user-proof.json';
export const sampleFile = 'keyferry-sample.txt';

/**
 * Gives the names `wrappingKey_<key id>_<MMDDhhmmss>` and `importToken_…`, which the AWS console gave its downloads; the
 * time is UTC.
 */
export function importFileNames(keyId: string, moment: Date): { publicKeyFile: string; tokenFile: string } {
  // MMDDhhmmss of `2026-11-25T14:02:00.000Z` is 1125140200.
  const stamp = moment.toISOString().replace(/^\d{4}-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d).*$/, '$1$2$3$4$5');
  return { publicKeyFile: `wrappingKey_${keyId}_${stamp}`, tokenFile: `importToken_${keyId}_${stamp}` };
}

/** Gives the file name of the encrypted copy of the key, from its alias: `payments-2026.key.age`. */
export function backupFileName(alias: string): string {
  return `${aliasInFileName(alias)}.key.age`;
}

/** Gives the name of the ceremony's folder for a key with this alias. */
export function folderName(alias: string): string {
  return `keyferry-${aliasInFileName(alias)}`;
}

/** Gives the file names of the record of a later ceremony, from its journal name: `record-reimport-20261125T140200Z.md`. */
export function recordNamesOf(journalName: string): { readonly markdown: string; readonly json: string } {
  const name = journalName.replace(/^journal-(.*)\.jsonl$/, 'record-$1');
  return { markdown: `${name}.md`, json: `${name}.json` };
}

/**
 * In characters. A file name has at most 255 bytes, and an alias 256 characters; what comes before and after it needs space.
 */
const longestInFileName = 200;

/** Writes an alias as a part of a file name: without `alias/`, with hyphens for slashes and colons, and cut when it is long. */
const aliasInFileName = (alias: string) =>
  alias
    .replace(/^alias\//, '')
    .replaceAll(/[/:]+/g, '-')
    .slice(0, longestInFileName);
