import { resolve } from 'node:path';
import { findExternalKeys } from '../aws/external-keys.ts';
import { explainAwsError } from '../aws/problems.ts';
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
import { StoppedByPerson } from '../ui/reply.ts';
import { type LookIo, type Looking, lookAtAccount } from './looking.ts';
import type { PlaceOptions } from './open-ceremony.ts';

const what = "Can't look for unfinished keys.";

/**
 * Lists the keys of a Region that a ceremony left waiting, with the way on: those that Keyferry made and that have no
 * material, and those whose ceremony in a folder here is not finished. Changes nothing. At a terminal it asks for the MFA code
 * of a profile.
 * @returns the exit status: 0, 1 when AWS could not be asked, 2 when it takes an MFA code and there is no terminal, or 130
 * when the person stopped instead of giving it.
 */
export async function listUnfinished(options: PlaceOptions, io: LookIo): Promise<number> {
  const { stdout, stderr, signal } = io;
  try {
    const lines = await lookAtAccount(options, io, what, (looking) => look(options, looking));
    stdout.write(printableLines(lines.join('\n')));
    return 0;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StoppedByPerson) {
      stderr.write('keyferry: stopped. Nothing was changed.\n');
      return stoppedByPerson;
    }
    const problem = explainAwsError(error, { what, state: 'Nothing was changed.' });
    stderr.write(printableLines(`${problemLines(problem).join('\n')}\n`));
    return problem.ask === undefined ? 1 : 2;
  }
}

async function look(
  { workdir, endpointUrl }: PlaceOptions,
  { clients, source, region, report, signal }: Looking,
): Promise<readonly string[]> {
  const tell = makeKeyCounter(report, { id: 'keys', label: `Keys of ${region}` });
  const found = await findExternalKeys(clients.kms, region, { signal, report: tell });
  const known = readKnownFolders(resolve(workdir ?? '.'));
  const keys = listKeys(found.keys, known.keys, { now: new Date(), withinMs: 0 }).filter((key) =>
    isWaiting(key, known),
  );
  const count = keys.length === 1 ? '1 key waits' : `${keys.length} keys wait`;
  const isForMaterial = keys.every(({ key }) => key.keyState === 'PendingImport');
  const unseen = blindSpots({ region, ...found });
  return [
    keys.length === 0
      ? `No key of Keyferry's waits for its material in ${region}.`
      : `${count} ${isForMaterial ? 'for material' : 'to be finished'} in ${region}. Each costs 1 USD a month.`,
    ...keys.flatMap((key) => ['', ...keyLines(key, known, { source, endpointUrl })]),
    ...(unseen.length === 0 ? [] : ['', ...unseen]),
    '',
  ];
}

/** Left by a ceremony: it has no material, or a folder here says that more was to be done. */
function isWaiting({ key, known }: ListedKey, { unfinished }: KnownFolders): boolean {
  if (known?.isFinished === false) return true;
  const isOurs = key.ceremonyId !== undefined || known !== undefined || unfinished.has(key.ceremonyId ?? '');
  return isOurs && key.keyState === 'PendingImport';
}

function keyLines(listed: ListedKey, { unfinished }: KnownFolders, where: Where): readonly string[] {
  const { key, known, expiredAt } = listed;
  const made = key.createdAt === undefined ? '' : `made ${utc(key.createdAt)}, `;
  // A ceremony that could not note its key is known by the tag of the key alone.
  const open = known?.isFinished === false ? known.folder : unfinished.get(key.ceremonyId ?? '');
  const had = hadMaterial(key) !== false;
  const isGone = key.keyState === 'PendingImport';
  return [
    [key.keyId, ...key.aliases].join('  '),
    had
      ? `  ${made}${isGone ? goneWords(expiredAt) : 'has its material. Its ceremony is not finished.'}`
      : `  ${made}never had material. Nothing was encrypted with it.`,
    ...(open !== undefined
      ? [`  Continue:  ${goOnCommand(open)}`]
      : had && known !== undefined
        ? [`  Bring it back: ${reimportCommand(listed, where)}`]
        : [
            '  Its folder is not here: continue where the ceremony was begun.',
            ...(had ? [`  Or bring it back from a backup: ${reimportCommand(listed, where)}`] : []),
          ]),
    // Without a key that had material, data encrypted with it may be lost.
    ...(had ? [] : [`  Or delete: ${deleteCommand(listed, where)}`]),
  ];
}

function goneWords(expiredAt: Date | undefined): string {
  const how = expiredAt === undefined ? 'which has expired or was deleted' : `which expired at ${utc(expiredAt)}`;
  return `had material, ${how}. What it encrypted is unreadable until that comes back.`;
}
