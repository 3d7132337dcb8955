import type { Destination } from '../../objects/object-name.ts';
import { checkBackupCommand } from '../../steps/check-backup-command.ts';
import type { SecretInKms } from '../../steps/check-facts.ts';
import { utc } from '../../steps/dates.ts';
import { encryptCommand } from '../../steps/encrypt-command.ts';
import { countOf, type Facts, isPractice, need, secretInKms } from '../../steps/facts.ts';
import { plainKeyFile } from '../../steps/file-names.ts';
import { recordFile } from '../../steps/finish.ts';
import { classicalTlsWarning, readImportTls } from '../../steps/import-tls.ts';
import { type CodedProblem, expiryCommand, type KeyNow, keyStateWords, problemOfKey } from '../../steps/key-now.ts';
import {
  actWithoutCopy,
  displayPath,
  findCopies,
  type KnownCopy,
  noCopyKnownWords,
  withoutCopyWords,
} from '../../steps/known-copies.ts';
import { type KeyElsewhere, keyElsewhere, statedBy, statedCheckValueText } from '../../steps/secret-key-fact.ts';
import type { Services } from '../../steps/services.ts';
import { yoursToDo } from '../emphasis.ts';

// Pages: KMS developer guide, "Special considerations for imported key material"; S3 user guide, "Specifying server-side
// encryption with AWS KMS (SSE-KMS)".

/**
 * Gives every command that {@link closingLines} can print, so that the screen keeps each of them fit to paste. Some may not be on
 * this page.
 */
export const commandsToPaste = (facts: Facts, services: Services): readonly string[] => [
  checkBackupCommand(services),
  expiryCommand(services, facts.secret),
  encryptCommand(facts, services, destinationOfUpload(facts)),
];

/** Gives the lines of the last page: the state of the key, what exists, and what the person must do. */
export function closingLines(facts: Facts, now: KeyNow, services: Services): readonly string[] {
  const { keyArn } = need(facts, 'key');
  const count = countOf(need(facts, 'objects'));
  const problem = problemOfKey(facts, now, services);
  const countSentence = count === 1 ? '1 object is under it.' : `${count} objects are under it.`;
  return [
    keyStateWords(facts, now),
    now.state === 'Enabled' ? `${expiryWords(now.validTo)} ${countSentence}` : countSentence,
    keyArn,
    ...existingKeyLines(facts),
    ...userProofLines(facts),
    '',
    ...(problem === undefined ? goodEnding(facts, now, services) : badEnding(problem, facts, services)),
    '',
    `Record: ${services.folder.shown}/${recordFile}`,
  ];
}

/** For a key that somebody else made: says that, and warns if nothing was opened with the key. No lines for any other key. */
function existingKeyLines({ key, existing, notOpened }: Facts): readonly string[] {
  if (existing === undefined || key === undefined) return [];
  return [
    `Somebody else made it at ${utc(new Date(key.createdAt))}. Its policy and tags were left as they are.`,
    ...(notOpened === undefined ? [] : ['Nothing was opened with it: you may not use it. Let a user of the key try.']),
  ];
}

/** When the proof was left to a user of the key, says what they have stated, or that there is no result yet. */
function userProofLines({ leftToUser }: Facts): readonly string[] {
  if (leftToUser === undefined) return [];
  const { result } = leftToUser;
  if (result === undefined) return ['Its proof is left to a user of the key; there is no result yet.'];
  return [
    `Proven as ${result.openedBy} states, at ${utc(new Date(result.openedAt))}. Keyferry cannot check this statement.`,
  ];
}

/**
 * Names the file for what a user of the key has still to do: the proof, if its result is not here yet, and the uploads. No lines
 * when the proof was not left to a user.
 */
function dueFromUser({ leftToUser }: Facts, { folder }: Services): readonly string[] {
  if (leftToUser === undefined) return [];
  const work = leftToUser.result === undefined ? 'prove the key, and upload under it' : 'upload under the key';
  return [`- give a user of the key this file, with which they ${work}:`, `  ${folder.shown}/${leftToUser.script}`];
}

/**
 * For a key that Terraform may have made and whose material has an expiry: says that `valid_to` belongs in the Terraform
 * configuration. Without it, the next plan shows `valid_to -> null`, and the apply ends with InvalidCiphertextException. Seen with
 * version 5.100 of the AWS provider.
 */
function terraformLines({ existing, imported }: Facts): readonly string[] {
  if (existing === undefined || typeof imported?.validTo !== 'string') return [];
  const validToSeconds = imported.validTo.replace(/\.\d+Z$/, 'Z'); // Without milliseconds.
  return [
    `- if Terraform made the key, add valid_to = "${validToSeconds}" there: else its next apply tries to take the expiry away, and fails`,
  ];
}

/** Gives the lines for a key without a problem: the copies, and what is left to do. */
function goodEnding(facts: Facts, now: KeyNow, services: Services): readonly string[] {
  const { copies } = findCopies(facts, services);
  const hasCopy = (kind: KnownCopy['kind']) => copies.some((copy) => copy.kind === kind);
  const elsewhere = keyElsewhere(facts.secret);
  return [
    ...copyLines(facts, services),
    '',
    yoursToDo,
    ...(elsewhere !== undefined ? [`- see to it that ${elsewhere.keeper} keeps the key, and a backup of it`] : []),
    ...(copies.length === 0 && elsewhere === undefined ? actWithoutCopy.map((line) => `- ${line}`) : []),
    ...(hasCopy('backup')
      ? [
          '- copy the backup to a safe place off this machine',
          '- prove that it is this key:',
          `  ${checkBackupCommand(services)}`,
        ]
      : []),
    ...(hasCopy('plain file') ? [`- move ${plainKeyFile} to a safe place`] : []),
    // Without a problem the state is always known: the check is only for the type, which then has `validTo`.
    ...(now.state !== undefined && now.validTo !== null
      ? ['- choose another date before it expires:', `  ${expiryCommand(services, facts.secret)}`]
      : []),
    ...terraformLines(facts),
    ...classicalTlsWarning(readImportTls(services)).map((line) => `- ${line}`),
    ...dueFromUser(facts, services),
    ...(facts.leftToUser === undefined
      ? [
          '- name the key in each new upload, as here:',
          `  ${encryptCommand(facts, services, destinationOfUpload(facts))}`,
        ]
      : []),
    ...(isPractice(need(facts, 'connection')) ? ['- start Keyferry again to do it in your account'] : []),
  ];
}

/** Gives the place in S3 to which this ceremony uploaded; `undefined` when it uploaded nothing. */
function destinationOfUpload({ objects }: Facts): Destination | undefined {
  if (objects === undefined || countOf(objects) === 0) return undefined;
  return { bucket: objects.bucket, prefix: objects.prefix ?? '' };
}

/**
 * Gives the lines for a key with a problem: the problem and what to do about it come before the copies. Names no copies when KMS is
 * known to hold other bytes.
 */
function badEnding({ why, state, next }: CodedProblem, facts: Facts, services: Services): readonly string[] {
  return [
    ...[why, state].filter((line) => line !== undefined),
    '',
    yoursToDo,
    ...next.map((line) => `- ${line}`),
    ...(secretInKms(facts) === 'other' ? [] : ['', ...copyLines(facts, services)]),
  ];
}

/** Says when the material expires. @param validTo ISO 8601, or null for never. */
function expiryWords(validTo: string | null): string {
  return validTo === null
    ? 'Its material does not expire.'
    : `Its material expires at ${utc(new Date(validTo))}. Import it again before then.`;
}

/** The line above the list of copies, by what is known of the secret in KMS. */
export const copiesHeading: Readonly<Record<SecretInKms, string>> = {
  shown: 'Keep safe, AWS cannot give it back:',
  'not shown': 'Copies here. You wrapped the key yourself, so these are NOT SHOWN to be the key in KMS:',
  other: 'Copies here. These are NOT the key in KMS:',
};

/**
 * For a key that is kept elsewhere, says only who keeps it and what was stated of it. For any other key, lists its copies, and the
 * files that are no copies any more. When there is no copy, says what that means.
 */
function copyLines(facts: Facts, services: Services): readonly string[] {
  const elsewhere = keyElsewhere(facts.secret);
  if (elsewhere !== undefined) return elsewhereLines(elsewhere);
  const { copies, filesWithoutKey } = findCopies(facts, services);
  const linesOfGone = filesWithoutKey.flatMap(({ path, why }) => [
    '',
    `No copy any more: ${displayPath(services, path)}`,
    why,
  ]);
  if (copies.length > 0)
    return [
      copiesHeading[secretInKms(facts)],
      ...copies.flatMap((copy) => linesOfCopy(copy, services)),
      ...linesOfGone,
    ];
  const wrappedByYou = need(facts, 'wrapped').by === 'you';
  const ownBytes = wrappedByYou ? ['You wrapped the key: only you know where its bytes are.'] : [];
  return [noCopyKnownWords, ...ownBytes, withoutCopyWords, ...linesOfGone];
}

/** Says where a key is that was never here, and that this was only stated. */
function elsewhereLines(secret: KeyElsewhere): readonly string[] {
  const { keeper } = secret;
  return [
    `${keeper} keeps the key, and there is no copy of it here: ${statedBy(secret)}.`,
    ...(secret.statedCheckValue === undefined ? [] : [`It has the ${statedCheckValueText(secret)}.`]),
    `AWS cannot give it back. If ${keeper} loses it, everything under the key is lost.`,
  ];
}

/** Gives the lines about one copy; none about the key in memory, which is gone when the run ends. */
function linesOfCopy(copy: KnownCopy, services: Services): readonly string[] {
  if (copy.kind === 'memory') return [];
  const path = displayPath(services, copy.path);
  if (copy.kind === 'backup') return [copy.proven === 'opened' ? path : `${path}, which nothing here could open`];
  return [
    copy.kind === 'own file' ? `${path}, your own file` : path,
    ...(copy.openToOthers ? ['  Others on this computer may open it. Make its permissions 600.'] : []),
  ];
}
