import { resolve } from 'node:path';
import { readAwsEnvironment } from '../aws/environment.ts';
import { readAccountId } from '../aws/identity.ts';
import { listEnabledRegions } from '../aws/regions.ts';
import { readKnownFolders } from '../ceremonies/known-keys.ts';
import { statusAsJson } from '../status/json.ts';
import { statusPage } from '../status/page.ts';
import { lookAtRegions } from '../status/region-look.ts';
import { exitStatusOf, type Status, statusOf } from '../status/status.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableJson, printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { tellFailure } from './failure.ts';
import { defectStatus, explainFailedLook, type LookConnection, type LookIo, lookAtAccount } from './looking.ts';
import type { PlaceOptions } from './open-ceremony.ts';
import { placeInUse } from './place-in-use.ts';

/** The flags of the command. */
export type StatusOptions = PlaceOptions & {
  /** The Regions to look at. When there are none: the Region that the aws command would use. */
  readonly regions: readonly string[];
  readonly allRegions?: boolean;
  /** How long before an expiry the expiry counts as due, in milliseconds. */
  readonly within: number;
  readonly json?: boolean;
};

const cannotLook = "Can't look at your keys.";

/**
 * Shows how the keys with imported material are, what is due for them, and what to do. Prints a page, or with `--json` one
 * object, which has the problem of a look that fails. Changes nothing.
 * @returns the exit status: 0 nothing is due, 1 something is, 2 not everything could be looked at, 70 a defect, 130 stopped.
 */
export async function status(options: StatusOptions, io: LookIo): Promise<number> {
  const { stdin, stdout, stderr } = io;
  // The session connects in the first of the named Regions.
  const [region] = options.regions;
  const place = { ...options, ...(region === undefined ? {} : { region }) };
  const printJson = (found: Status) =>
    stdout.write(`${printableJson(JSON.stringify(statusAsJson(found), undefined, 2))}\n`);
  try {
    const { found, source } = await lookAtAccount(place, io, cannotLook, async (connection) => ({
      found: await readStatus(options, connection),
      source: connection.source,
    }));
    if (options.json === true) printJson(found);
    else {
      const terminal = readTerminal({ env: process.env, stdin, stdout });
      const lines = statusPage(found, terminal, { source, endpointUrl: options.endpointUrl });
      stdout.write(lines.map((line) => `${line}\n`).join(''));
    }
    return exitStatusOf(found);
  } catch (error) {
    const problem = explainFailedLook(error, cannotLook, io);
    if (problem === 'stopped') return stoppedByPerson;
    if (problem.kind === 'ours') {
      tellFailure(error);
      return defectStatus;
    }
    stderr.write(printableLines(`${problemLines(problem).join('\n')}\n`));
    if (options.json === true) {
      const inUse = placeInUse(options, await readAwsEnvironment(process.env));
      const failedLooks = regionsToLookAt(options, inUse.region).map((each) => ({ region: each, problem }));
      printJson(statusOf(undefined, failedLooks, { keys: [], unreadable: [] }, { now: new Date(), periodMs: 0 }));
    }
    return 2;
  }
}

/** Gives the Regions that the flags name, each once; without any, the Region in use. */
function regionsToLookAt({ regions }: StatusOptions, regionInUse: string): readonly string[] {
  return regions.length > 0 ? [...new Set(regions)] : [regionInUse];
}

/** Asks AWS for the account and the keys, and reads the journals in the folders here. */
async function readStatus(
  options: StatusOptions,
  { clients, region, report, signal }: LookConnection,
): Promise<Status> {
  report({ id: 'account', label: 'Asking AWS which account this is', state: 'working' });
  const account = await readAccountId(clients, signal);
  const regions =
    options.allRegions === true
      ? await listEnabledRegions(await clients.openAccount())
      : regionsToLookAt(options, region);
  if (regions.length > 1) report({ id: 'regions', label: `Looking at ${regions.length} Regions`, state: 'working' });
  const looks = await lookAtRegions(clients, regions, { signal, report });
  const known = readKnownFolders(resolve(options.workdir ?? '.'));
  return statusOf(account, looks, known, { now: new Date(), periodMs: options.within });
}
