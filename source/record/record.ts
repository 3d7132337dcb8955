import { printableLines } from '../terminal/printable.ts';
import { importTlsRows } from './calls.ts';
import { existingRows, type RecordedExistingKey, whoCanWhat } from './existing-key.ts';
import { accountRows, type RecordHead } from './head.ts';
import { code, inline, rows, table } from './markdown.ts';
import { type Trail, trailSections } from './trail.ts';
import { noObjectsWords, proofWords, type UserProof } from './user-proof.ts';
import { listCallers } from './who-did-what.ts';

/** The record of a first import: identifiers, choices, times and request ids. Nothing in it is secret. */
export type CeremonyRecord = RecordHead & {
  readonly key: {
    readonly keyId: string;
    readonly keyArn: string;
    readonly alias: string;
    readonly description: string;
    /** The key state that KMS told at the time `keyStateAsOf`, or null when KMS did not answer. */
    readonly keyState: string | null;
    readonly keyStateAsOf: string;
    readonly createdAt: string;
    /** The key policy as parsed JSON, or null when the caller may not read it. */
    readonly policy: unknown;
  };
  /** The choices for the key policy. Absent when somebody else made the key. */
  readonly people?: {
    readonly administrators: readonly string[];
    readonly users: readonly string[];
    readonly administratorsMayDelete: boolean;
    /** The ARN among these that follows from the profile of the caller, without a word of IAM. Absent when there is none. */
    readonly derived?: string;
  };
  /** Facts about a key that somebody else made. Absent when the ceremony made the key. */
  readonly existing?: RecordedExistingKey;
  readonly secret: {
    /** `generated` when Keyferry made the secret key. */
    readonly origin: string;
    /** The length of the secret key. */
    readonly bytes: number;
    readonly checkValue: { readonly method: string; readonly value: string };
    /** The name of the file with the plain key. Absent when there was no such file. */
    readonly file?: string;
    readonly plainKey: 'kept' | 'destroyed' | 'none';
    /**
     * `shown`: the secret is the material in KMS. `other`: it is not. `not shown`: a person wrapped it, and KMS did not
     * compare.
     */
    readonly inKms: 'shown' | 'other' | 'not shown';
  };
  /** The encrypted backup of the secret. Absent when the person declined it. */
  readonly backup?: {
    readonly file: string;
    readonly by: 'passphrase' | 'recipients';
    readonly sha256: string;
    readonly recipients: readonly string[];
    /** `opened`: the file opened to the same key. `written`: nothing here could open it, and only its bytes were compared. */
    readonly proven: 'opened' | 'written';
  };
  /** The copies of the key that Keyferry knew when it wrote the record. Empty when the secret is not the key in KMS. */
  readonly copies: {
    readonly asOf: string;
    readonly known: readonly {
      readonly kind: 'plain file' | 'own file' | 'backup';
      /** The name of the file in the ceremony's folder. Absent for the person's own file, whose path is not recorded. */
      readonly file?: string;
    }[];
  };
  readonly wrapping: {
    readonly algorithm: string;
    readonly keySpec: string;
    readonly publicKeySha256: string;
    readonly publicKeyFile: string;
    readonly tokenFile: string;
    readonly validTo: string;
    readonly wrappedFile: string;
    readonly wrappedBy: string;
  };
  readonly material: {
    readonly keyMaterialId: string;
    readonly expirationModel: string;
    readonly validTo: string | null;
    readonly importedAt: string;
    /**
     * Only when KMS told another expiry after the import than was asked for: ISO 8601 or `never`; `not told` when KMS said
     * neither.
     */
    readonly otherExpiry?: { readonly asked: string; readonly told: string };
    /**
     * When KMS opened a data key with the material for the caller. Null when the caller may not use the key, or left the proof
     * to a user of the key.
     */
    readonly provedAt: string | null;
    /** What a user of the key states about the proof. Null while there is no result. Absent when nothing was left to a user. */
    readonly userProof?: UserProof | null;
  };
  readonly objects: readonly {
    readonly bucket: string;
    readonly key: string;
    readonly size: number;
    readonly sha256: string;
    readonly sseAlgorithm: string;
    readonly kmsKeyArn: string;
    readonly verified: boolean;
  }[];
} & Trail;

/** Gives the record as a page of Markdown, for people. */
export function recordAsMarkdown(record: CeremonyRecord): string {
  const { account, key, secret, wrapping, material, existing } = record;
  const expiry = material.validTo === null ? 'does not expire' : `expires at ${material.validTo}`;
  const sections = [
    `# ${key.alias}${account.practice ? ' (practice)' : ''}`,
    `A KMS key with imported material, ${existing === undefined ? 'made' : 'which somebody else made. Its first material was imported'} with Keyferry ${record.keyferry} from ${record.ceremony.begunAt} to ${record.ceremony.finishedAt}.`,
    table([
      ['Key ARN', code(key.keyArn)],
      ['Alias', key.alias === key.keyId ? '(none)' : code(key.alias)],
      ['Description', inline(key.description) || '(none)'],
      ['Key state', `${key.keyState ?? 'not known'}, as of ${key.keyStateAsOf}`],
      ...accountRows(record),
      ...(existing === undefined
        ? [['Made by', listCallers(record)]]
        : [...existingRows(key, existing), ['Imported by', listCallers(record)]]),
      ['Material id', material.keyMaterialId === '' ? '(KMS gave none)' : code(material.keyMaterialId)],
      ['Material', `imported at ${material.importedAt}, ${expiry}${otherExpiryWords(material)}`],
      ...importTlsRows(record.calls),
      ['Proof', proofWords(material)],
    ]),
    '## The secret key',
    `${secret.bytes} bytes, ${secret.origin === 'generated' ? 'made here' : 'brought as a file'}. Key check value ${secret.checkValue.value} (${secret.checkValue.method}).`,
    ...inKmsWords(record),
    plainKeyWords(record),
    backupWords(record),
    copiesWords(record),
    'If the material is deleted or expires, import the same 32 bytes again into the same KMS key, with `keyferry reimport` or by hand: the bytes that were imported, and no others. Other bytes are refused, and another KMS key cannot decrypt what this one encrypted.',
    '## Wrapping',
    table([
      ['Algorithm', wrapping.algorithm],
      ['Wrapping key', `${wrapping.keySpec}, SHA-256 ${code(wrapping.publicKeySha256)}`],
      ['Files', `${code(wrapping.publicKeyFile)}, ${code(wrapping.tokenFile)}, ${code(wrapping.wrappedFile)}`],
      ['Valid until', wrapping.validTo],
    ]),
    'These three files are throw-away: the next import gets new ones.',
    '## People',
    ...peopleWords(record),
    '## Objects',
    record.objects.length === 0
      ? noObjectsWords(material)
      : rows(
          ['Object', 'Bytes', 'SHA-256', 'Checked'],
          record.objects.map(({ bucket, key: name, size, sha256, verified }) => [
            code(`s3://${bucket}/${name}`),
            String(size),
            code(sha256),
            verified ? 'key and contents' : 'no',
          ]),
        ),
    ...policySection(record),
    ...trailSections(record),
  ];
  return `${printableLines(sections.join('\n\n'))}\n`;
}

/** Warns, behind the expiry that KMS told, when another one was asked for. */
function otherExpiryWords({ otherExpiry }: CeremonyRecord['material']): string {
  return otherExpiry === undefined ? '' : `. **Another expiry was asked for: ${otherExpiry.asked}**`;
}

/** Writes who can do what with the key, as Markdown. */
function peopleWords({ people, existing }: CeremonyRecord): readonly string[] {
  if (existing !== undefined) return whoCanWhat(existing);
  const { administrators = [], users = [], administratorsMayDelete = false } = people ?? {};
  return [
    table([
      ['Administrators', administrators.map(code).join('<br>') || '(the account root alone)'],
      ['Users', users.map(code).join('<br>') || '(the account root alone)'],
      ['Administrators may delete the key', administratorsMayDelete ? 'yes' : 'no'],
    ]),
    ...(people?.derived === undefined
      ? []
      : [
          `${code(people.derived)} was derived from the profile, not confirmed by IAM. KMS took it into the key policy.`,
        ]),
  ];
}

/** Writes the section with the key policy, as Markdown. */
function policySection({ key, existing }: CeremonyRecord): readonly string[] {
  const title = existing === undefined ? '## Key policy' : `## Key policy, as read at ${existing.asOf}`;
  if (key.policy === null) return [title, 'Not known: the caller may not read it.'];
  return [title, `\`\`\`json\n${JSON.stringify(key.policy, undefined, 2)}\n\`\`\``];
}

/**
 * Warns when the secret is not, or is not shown to be, the material in KMS. Gives an empty list when the secret is shown to
 * be it.
 */
function inKmsWords({ secret, wrapping, material }: CeremonyRecord): readonly string[] {
  if (secret.inKms === 'shown') return [];
  const byPerson = `The file ${code(wrapping.wrappedFile)} was wrapped by a person, not by Keyferry.`;
  if (secret.inKms === 'not shown')
    return [
      `**This secret is not shown to be the key in KMS.** ${byPerson} Nothing was left to compare it with. ${code('keyferry check-backup')} lets KMS compare a backup.`,
    ];
  return [
    `**This secret is NOT the key in KMS.** ${byPerson} KMS refused this secret as other bytes than the material ${code(material.keyMaterialId)}. The check value above is that of this secret; the check value of the material in KMS is not known here.`,
    'What to do: find the bytes that were wrapped and keep a copy safe, before the material expires or is deleted; only they can bring the key back. Prove that copy: encrypt it with age, then `keyferry check-backup FILE`. Where nobody has these bytes, make another key and move what is encrypted to it.',
  ];
}

/** Says where the plain key is, or what became of it. */
function plainKeyWords({ secret, copies }: CeremonyRecord): string {
  const file = code(secret.file ?? '');
  switch (secret.plainKey) {
    case 'kept':
      return secret.inKms === 'other' || copies.known.some(({ kind }) => kind === 'plain file')
        ? `It is in ${file}. AWS cannot give it back: keep it in a safe place that is not this machine.`
        : `It was kept in ${file}, where it was no longer when this was written.`;
    case 'destroyed':
      return 'Its file was destroyed here.';
    case 'none':
      return secret.file === undefined
        ? 'It was in memory alone while it was imported.'
        : `It was in ${file}, where it was no longer when the ceremony finished.`;
  }
}

/** Lists the copies of the key, or warns that there is none. */
function copiesWords({ copies: { asOf, known }, secret }: CeremonyRecord): string {
  if (known.length === 0)
    return `**There is no copy of the key anywhere that Keyferry knows of**, as of ${asOf}. If the material expires or is deleted, everything under the key is lost. What to do now: see to it that nobody deletes the material or the key. Before anything that must last is encrypted under it, bring another key, with a backup. Where somebody keeps the bytes, prove that copy with ${code('keyferry check-backup')}.`;
  const names = known.map(({ kind, file }) =>
    kind === 'own file'
      ? 'the file that it was taken from'
      : `${code(file ?? '')}${kind === 'plain file' ? ', the plain key' : ''}`,
  );
  const subject = secret.inKms === 'shown' ? 'the key' : 'this secret';
  return `Copies of ${subject} that Keyferry knew of, as of ${asOf}: ${names.join('; ')}. AWS cannot give it back.`;
}

/** Says what kind of backup there is, how it was proven, and whether it was still there at the end. */
function backupWords({ backup, secret, copies }: CeremonyRecord): string {
  if (backup === undefined) return 'No backup was made here; it was declined.';
  const lock = backup.by === 'passphrase' ? 'under a passphrase' : `to ${backup.recipients.map(code).join(', ')}`;
  const proof =
    backup.proven === 'opened'
      ? 'It was read back from the disk and opened to the same key'
      : 'It was read back from the disk and compared byte for byte; nothing here could open it';
  const subject = secret.inKms === 'shown' ? 'The backup' : 'The backup of this secret';
  const warning = secret.inKms === 'other' ? ' It is **not** a backup of the key in KMS.' : '';
  // When the secret is not the key in KMS, `copies` is empty and tells nothing about the backup.
  const isThere = secret.inKms === 'other' || copies.known.some(({ kind }) => kind === 'backup');
  const gone = isThere ? '' : ' **It was gone or had changed when this was written.**';
  return `${subject} is ${code(backup.file)}, encrypted with age ${lock}. ${proof}. Its SHA-256 is ${code(backup.sha256)}.${warning}${gone}`;
}
