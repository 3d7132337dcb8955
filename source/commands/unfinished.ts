import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { readAwsEnvironment } from '../aws/environment.ts';
import { findKeysWithoutMaterial, type KeyWithoutMaterial } from '../aws/keys-without-material.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { quote } from '../ceremony/shell-word.ts';
import { Waiting } from '../ceremony/waiting.ts';
import { utc } from '../steps/dates.ts';
import { AwsSession } from '../steps/session.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { StoppedByPerson } from '../ui/outcome.ts';
import { askAlone } from '../ui/plain/ask-alone.ts';
import { progressTeller } from '../ui/plain/progress-teller.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { findUnfinished, type PlaceOptions, practiceFolder } from './open-ceremony.ts';
import { placeInUse } from './place-in-use.ts';

type Io = {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: NodeJS.WriteStream;
  readonly signal: AbortSignal;
};

const what = "Can't look for unfinished keys.";

/**
 * Lists the keys that Keyferry made in an account and Region and that wait for their material, with the two ways on: go on
 * with the ceremony, or have the key deleted. Changes nothing. At a terminal it asks for the MFA code of a profile.
 * @returns the exit status: 0, 1 when AWS could not be asked, 2 when it takes an MFA code and there is no terminal, or 130
 * when the person stopped instead of giving it.
 */
export async function listUnfinished(options: PlaceOptions, { stdin, stdout, stderr, signal }: Io): Promise<number> {
  const { source, region } = placeInUse(options, await readAwsEnvironment(process.env));
  const state = practiceFolder(resolve(options.workdir ?? 'keyferry-new'), options);
  let close = async () => {};
  const waiting = new Waiting();
  const session = new AwsSession({
    endpointUrl: options.endpointUrl,
    pause: waiting.pause,
    expect: waiting.expect,
    lend: waiting.lend,
    onCall: () => {},
    openPractice: async () => {
      const { startPracticeAws } = await import('../practice/server.ts');
      const practice = await startPracticeAws({ stateFolder: state });
      close = () => practice.close();
      return practice;
    },
  });
  if (source === 'practice' && !existsSync(state)) {
    stderr.write(`keyferry: there is no practice account here: ${relative(process.cwd(), state)} does not exist.\n`);
    return 1;
  }
  try {
    const report = progressTeller((line) => stderr.write(printableLines(`${line}\n`)));
    const look = () =>
      waiting.during({ report, signal }, async () => {
        const { kms } = await session.connect(source, region);
        return findKeysWithoutMaterial(kms, signal);
      });
    const { keys, hidden } = await look().catch(async (error: unknown) => {
      const { ask } = explainAwsError(error, { what });
      const terminal = readTerminal({ env: process.env, stdin, stdout: stderr });
      if (ask === undefined || !terminal.isTty) throw error;
      await askAlone(ask, { stdin, output: stderr, terminal, signal });
      return look();
    });
    stdout.write(printableLines(lines(keys, hidden, { options, region }).join('\n')));
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
  } finally {
    session.close();
    await close();
  }
}

type Where = { readonly options: PlaceOptions; readonly region: string };

function lines(keys: readonly KeyWithoutMaterial[], hidden: number, where: Where): readonly string[] {
  const folders = foldersByCeremony(where.options);
  const count = keys.length === 1 ? '1 key waits' : `${keys.length} keys wait`;
  return [
    keys.length === 0
      ? `No key of Keyferry's waits for its material in ${where.region}.`
      : `${count} for material in ${where.region}. Each costs 1 USD a month.`,
    ...keys.flatMap((key) => ['', ...keyLines(key, folders.get(key.ceremonyId), where)]),
    ...(hidden === 0
      ? []
      : [
          '',
          hidden === 1
            ? '1 key could not be looked at: you may not describe it.'
            : `${hidden} keys could not be looked at: you may not describe them.`,
        ]),
    '',
  ];
}

function keyLines(
  { keyId, aliases, createdAt, hadMaterial }: KeyWithoutMaterial,
  folder: string | undefined,
  where: Where,
): readonly string[] {
  const made = createdAt === undefined ? '' : `made ${utc(createdAt)}, `;
  return [
    [keyId, ...aliases].join('  '),
    hadMaterial
      ? `  ${made}had material, which has expired or was deleted. What it encrypted is unreadable until that comes back.`
      : `  ${made}never had material. Nothing was encrypted with it.`,
    folder === undefined
      ? '  Its folder is not here: continue where the ceremony was begun.'
      : `  Continue:  ${ownCommand('--workdir', folder)}`,
    // Without a key that had material, data encrypted with it may be lost.
    ...(hadMaterial ? [] : [`  Or delete: ${deleteCommand(keyId, where)}`]),
  ];
}

function deleteCommand(keyId: string, { options: { profile, endpointUrl }, region }: Where): string {
  return [
    `aws kms schedule-key-deletion --key-id ${keyId} --pending-window-in-days 7 --region ${region}`,
    ...(profile === undefined ? [] : [`--profile ${quote(profile)}`]),
    ...(endpointUrl === undefined ? [] : [`--endpoint-url ${quote(endpointUrl)}`]),
  ].join(' ');
}

/** The folders in and beside the current one whose ceremony is not finished, by the ceremony's id. */
function foldersByCeremony(options: PlaceOptions): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const one of findUnfinished(options)) {
    if ('journal' in one && one.journal.state.id !== undefined)
      found.set(one.journal.state.id, relative(process.cwd(), one.path) || '.');
  }
  return found;
}
