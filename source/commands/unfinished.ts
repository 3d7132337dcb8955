import { resolve } from 'node:path';
import { findExternalKeys } from '../aws/external-keys.ts';
import { costsWords } from '../aws/key-price.ts';
import { type KnownFolders, readKnownFolders } from '../ceremonies/known-keys.ts';
import { deleteCommand, goOnCommand, reimportCommand, type Where } from '../status/advice.ts';
import { hadMaterial } from '../status/due.ts';
import { type ListedKey, listKeys } from '../status/listed-key.ts';
import { blindSpots } from '../status/region-look.ts';
import { utc } from '../steps/dates.ts';
import { makeKeyCounter } from '../steps/key-progress.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableLines } from '../terminal/printable.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { explainFailedLook, type LookConnection, type LookIo, lookAtAccount } from './looking.ts';
import type { PlaceOptions } from './open-ceremony.ts';

const cannotLook = "Can't look for unfinished keys.";

/**
 * Lists the keys of a Region that wait because a ceremony did not end, each with the command that goes on. These are the keys
 * that Keyferry made and that have no material, and the keys whose ceremony in a folder here is not finished. It changes
 * nothing. At a terminal it asks for the MFA code of a profile.
 * @returns the exit status: 0; 1 when the look failed, for example because AWS could not be asked; 2 when AWS needs an MFA code and
 * there is no terminal; 130 when the person stopped instead of giving the code.
 */
export async function listUnfinished(options: PlaceOptions, io: LookIo): Promise<number> {
  const { stdout, stderr } = io;
  try {
    const lines = await lookAtAccount(options, io, cannotLook, (connection) => describeUnfinished(options, connection));
    stdout.write(printableLines(lines.join('\n')));
    return 0;
  } catch (error) {
    const problem = explainFailedLook(error, cannotLook, io);
    if (problem === 'stopped') return stoppedByPerson;
    stderr.write(printableLines(`${problemLines(problem).join('\n')}\n`));
    return problem.ask === undefined ? 1 : 2;
  }
}

/** Gives the lines of the list. The last lines say what could not be read. */
async function describeUnfinished(
  { workdir, endpointUrl }: PlaceOptions,
  { clients, source, region, report, signal }: LookConnection,
): Promise<readonly string[]> {
  const tell = makeKeyCounter(report, { id: 'keys', label: `Keys of ${region}` });
  const found = await findExternalKeys(clients.kms, region, { signal, report: tell });
  const folders = readKnownFolders(resolve(workdir ?? '.'));
  // With `periodMs: 0`, no future expiry counts as due: this list is not about expiries.
  const keys = listKeys(found.keys, folders.keys, { now: new Date(), periodMs: 0 }).filter(isWaiting);
  const count = keys.length === 1 ? '1 key waits' : `${keys.length} keys wait`;
  const allWaitForMaterial = keys.every(({ key }) => key.keyState === 'PendingImport');
  const unseen = blindSpots({ region, ...found });
  return [
    keys.length === 0
      ? `No key of Keyferry's waits for its material in ${region}.`
      : `${count} ${allWaitForMaterial ? 'for material' : 'to be finished'} in ${region}. Each ${costsWords(region)}.`,
    ...keys.flatMap((key) => ['', ...keyLines(key, folders, { source, endpointUrl })]),
    ...(unseen.length === 0 ? [] : ['', ...unseen]),
    '',
  ];
}

/**
 * Tells whether a key waits: its ceremony has not ended, as a folder here says; or it is a key of Keyferry that waits for material,
 * also after a finished ceremony.
 */
function isWaiting({ key, known }: ListedKey): boolean {
  if (known?.isFinished === false) return true;
  const isOurs = key.ceremonyId !== undefined || known !== undefined;
  return isOurs && key.keyState === 'PendingImport';
}

/** Gives the lines about one key: its names, its past, and the commands that go on. */
function keyLines(listed: ListedKey, folders: KnownFolders, where: Where): readonly string[] {
  const { key, expiredAt } = listed;
  const made = key.createdAt === undefined ? '' : `made ${utc(key.createdAt)}, `;
  const mayHaveHadMaterial = hadMaterial(key) !== false;
  const isWaitingForMaterial = key.keyState === 'PendingImport';
  const pastWords = isWaitingForMaterial ? goneWords(expiredAt) : 'has its material. Its ceremony is not finished.';
  return [
    [key.keyId, ...key.aliases].join('  '),
    `  ${made}${mayHaveHadMaterial ? pastWords : 'never had material. Nothing was encrypted with it.'}`,
    ...goOnLines(listed, folders, where),
    // A key that had material may have encrypted data: whoever deletes the key loses them.
    ...(mayHaveHadMaterial ? [] : [`  Or delete: ${deleteCommand(listed, where)}`]),
  ];
}

/**
 * Gives the lines with the commands that go on with the ceremony of a key, or that bring its material back. When the folder of the
 * ceremony is not here, says so.
 */
function goOnLines(listed: ListedKey, { unfinished }: KnownFolders, where: Where): readonly string[] {
  const { key, known } = listed;
  // A journal may have stopped before it noted its key. Then `known` is undefined, and the tag on the key leads to the folder.
  const unfinishedFolder = known?.isFinished === false ? known.folder : unfinished.get(key.ceremonyId ?? '');
  if (unfinishedFolder !== undefined) return [`  Continue:  ${goOnCommand(unfinishedFolder)}`];
  const mayHaveHadMaterial = hadMaterial(key) !== false;
  if (mayHaveHadMaterial && known !== undefined) return [`  Bring it back: ${reimportCommand(listed, where)}`];
  return [
    '  Its folder is not here: continue where the ceremony was begun.',
    ...(mayHaveHadMaterial ? [`  Or bring it back from a backup: ${reimportCommand(listed, where)}`] : []),
  ];
}

/** Says, as the end of a line about a key, why its material is gone. */
function goneWords(expiredAt: Date | undefined): string {
  const how = expiredAt === undefined ? 'which has expired or was deleted' : `which expired at ${utc(expiredAt)}`;
  return `had material, ${how}. What it encrypted is unreadable until that comes back.`;
}
