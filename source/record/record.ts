import { printableLines } from '../terminal/printable.ts';
import { importTlsRows } from './calls.ts';
import { abilitiesSection, existingRows, type RecordedExistingKey } from './existing-key.ts';
import { accountRows, type RecordHead } from './head.ts';
import { choiceRows, type RecordedChoices } from './made-key.ts';
import { code, inline, tableWithHead, tableWithoutHead } from './markdown.ts';
import {
  type ObjectCheck,
  type ObjectTotals,
  objectCheckWords,
  totalsWords,
  unreadWords,
} from './object-check-words.ts';
import { peopleWords, type RecordedPeople } from './people.ts';
import { type SecretParts, secretSection } from './secret-section.ts';
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
    /** Where the implications of imported material were acknowledged, when that was not with the description. */
    readonly acknowledged?: 'with the plan';
    /** What the ceremony chose for the key. Absent when somebody else made the key. */
    readonly choices?: RecordedChoices;
    /** The key policy as parsed JSON, or null when the caller may not read it. */
    readonly policy: unknown;
  };
  /** The choices for the key policy. Absent when somebody else made the key. */
  readonly people?: RecordedPeople;
  /** Facts about a key that somebody else made. Absent when the ceremony made the key. */
  readonly existing?: RecordedExistingKey;
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
  readonly objects: readonly ({
    readonly bucket: string;
    readonly key: string;
    readonly size: number;
    readonly sha256: string;
    readonly sseAlgorithm: string;
    readonly kmsKeyArn: string;
  } & ObjectCheck)[];
  /** Absent when nothing was uploaded, and in ceremonies of earlier versions. */
  readonly sums?: ObjectTotals;
} & SecretParts &
  Trail;

/** Gives the record as a page of Markdown, for people. */
export function recordAsMarkdown(record: CeremonyRecord): string {
  const { account, key, people, wrapping, material, existing } = record;
  const expiry = material.validTo === null ? 'does not expire' : `expires at ${material.validTo}`;
  const sections = [
    `# ${key.alias}${account.practice ? ' (practice)' : ''}`,
    `A KMS key with imported material, ${existing === undefined ? 'made' : 'which somebody else made. Its first material was imported'} with Keyferry ${record.keyferry} from ${record.ceremony.begunAt} to ${record.ceremony.finishedAt}.`,
    tableWithoutHead([
      ['Key ARN', code(key.keyArn)],
      ['Alias', key.alias === key.keyId ? '(none)' : code(key.alias)],
      ['Description', inline(key.description) || '(none)'],
      ...(key.acknowledged === undefined ? [] : [['Acknowledged', `${key.acknowledged}, before the key was made`]]),
      ['Key state', `${key.keyState ?? 'not known'}, as of ${key.keyStateAsOf}`],
      ...accountRows(record),
      ...(existing === undefined
        ? [...(key.choices === undefined ? [] : choiceRows(key.choices)), ['Made by', listCallers(record)]]
        : [...existingRows(key, existing), ['Imported by', listCallers(record)]]),
      ['Material id', material.keyMaterialId === '' ? '(KMS gave none)' : code(material.keyMaterialId)],
      ['Material', `imported at ${material.importedAt}, ${expiry}${otherExpiryWords(material)}`],
      ...importTlsRows(record.calls),
      ['Proof', proofWords(material)],
    ]),
    '## The secret key',
    ...secretSection(record),
    '## Wrapping',
    tableWithoutHead([
      ['Algorithm', wrapping.algorithm],
      ['Wrapping key', `${wrapping.keySpec}, SHA-256 ${code(wrapping.publicKeySha256)}`],
      ['Files', `${code(wrapping.publicKeyFile)}, ${code(wrapping.tokenFile)}, ${code(wrapping.wrappedFile)}`],
      ['Valid until', wrapping.validTo],
    ]),
    'These three files are throw-away: the next import gets new ones.',
    '## People',
    ...(people === undefined ? [] : peopleWords(people)),
    ...(existing === undefined ? [] : abilitiesSection(existing)),
    '## Objects',
    ...objectsSection(record),
    ...unreadWords(record.objects),
    ...policySection(record),
    ...trailSections(record),
  ];
  return `${printableLines(sections.join('\n\n'))}\n`;
}

/**
 * Says how many objects there are and lists them, or says why there are none. Very many objects are not listed. For a ceremony of
 * an earlier version, only lists them.
 */
function objectsSection({ objects, sums, material }: CeremonyRecord): readonly string[] {
  if (sums === undefined && objects.length === 0) return [noObjectsWords(material)];
  const totals = sums === undefined ? [] : [totalsWords(sums)];
  if (objects.length === 0) return totals;
  const list = tableWithHead(
    ['Object', 'Bytes', 'SHA-256', 'Checked'],
    objects.map(({ bucket, key: name, size, sha256, ...check }) => [
      code(`s3://${bucket}/${name}`),
      String(size),
      code(sha256),
      objectCheckWords(check, 'key and contents'),
    ]),
  );
  return [...totals, list];
}

/** Gives a warning when KMS told another expiry than was asked for; else an empty text. */
function otherExpiryWords({ otherExpiry }: CeremonyRecord['material']): string {
  return otherExpiry === undefined ? '' : `. **Another expiry was asked for: ${otherExpiry.asked}**`;
}

/** Gives the section with the key policy, as Markdown. */
function policySection({ key, existing }: CeremonyRecord): readonly string[] {
  const title = existing === undefined ? '## Key policy' : `## Key policy, as read at ${existing.asOf}`;
  if (key.policy === null) return [title, 'Not known: the caller may not read it.'];
  return [title, `\`\`\`json\n${JSON.stringify(key.policy, undefined, 2)}\n\`\`\``];
}
