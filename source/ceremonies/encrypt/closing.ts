import { checksumWords, readBackWords, unconfirmedWords, unreadWords } from '../../record/object-check-words.ts';
import { encryptCommand } from '../../steps/encrypt-command.ts';
import { countOf, type EncryptedObject, type Facts, need, type Objects } from '../../steps/facts.ts';
import { type KeyNow, keyStateWords, problemOfState } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { printableName } from '../../terminal/printable.ts';
import { yoursToDo } from '../emphasis.ts';
import type { Closing } from '../later-conclusion.ts';
import { laterRecordNames } from '../later-record.ts';

/** How many objects the last page lists; the record or the manifest has all of them. */
const mostListed = 8;

/**
 * Gives the lines of the last page: the state of the key now, the objects, and the command that encrypts other files. When the key
 * is not Enabled, or KMS does not tell its state, gives that problem too.
 * @param now the state that KMS told just now.
 */
export function encryptClosing(facts: Facts, now: KeyNow, services: Services): Closing {
  const { objects, bucket, prefix = '' } = need(facts, 'objects');
  const count = countOf(need(facts, 'objects'));
  const problem = problemOfState(facts, now, services);
  const unlistedCount = count - Math.min(objects.length, mostListed);
  const command = `  ${encryptCommand(facts, services, { bucket, prefix })}`;
  const lines = [
    keyStateWords(facts, now),
    '',
    need(facts, 'key').keyArn,
    '',
    count === 1 ? '1 object is under it:' : `${count} objects are under it:`,
    ...objects.slice(0, mostListed).map(objectLine),
    ...(unlistedCount > 0 ? [unlistedWords(need(facts, 'objects'), unlistedCount)] : []),
    '',
    ...checkWords(need(facts, 'objects')),
    ...(problem === undefined ? [] : ['', problem.why ?? problem.what]),
    '',
    yoursToDo,
    ...(problem?.next ?? []).map((line) => `- ${line}`),
    '- other files, in the same way:',
    command,
    '',
    `Record: ${services.folder.shown}/${laterRecordNames(services).markdown}`,
  ];
  return { lines, commands: [command], ...(problem === undefined ? {} : { problem }) };
}

/** Says how the objects were checked. */
function checkWords(checked: Objects): readonly string[] {
  const { objects, unconfirmed = 0 } = checked;
  const count = countOf(checked);
  // Journals of earlier versions have no count of the objects that were read back, and list every object.
  const readBack = checked.readBack ?? objects.filter(({ verified }) => verified).length;
  if (readBack === count) return ['S3 named this key for each, and each was read back with the bytes of its file.'];
  // The listed objects say how they were checked. Some were not read back, so this is empty only when no object is listed.
  const unread = unreadWords(objects);
  if (unread.length > 0) return unread;
  // When there are too many objects to list, only their totals are known. Each object is in one of them.
  const byChecksum = count - readBack - unconfirmed;
  if (byChecksum === count) return [checksumWords];
  return [
    ...(readBack === 0 ? [] : [readBackWords(readBack)]),
    ...(unconfirmed === 0 ? [] : [unconfirmedWords(unconfirmed)]),
    ...(byChecksum > 0 ? [`Of the others: ${checksumWords}`] : []),
  ];
}

/** Says which file lists the objects that the page does not. When the page lists some, says also how many more there are. */
function unlistedWords({ objects, manifest }: Objects, count: number): string {
  if (objects.length > 0) return `and ${count} more, which the record lists`;
  return `${manifest?.file ?? 'The manifest'} lists them`;
}

const objectLine = ({ bucket, key, size }: EncryptedObject) => `s3://${bucket}/${printableName(key)}, ${size} bytes`;
