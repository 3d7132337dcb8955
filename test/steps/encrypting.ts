import type { TestContext } from 'node:test';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { readEarlier } from '../../source/commands/earlier.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { type Given, makeServices } from '../services.ts';
import { RunningCeremony } from './ceremony.ts';

type More = Given & {
  readonly answers?: Answers;
  /** The key that the command line names. */
  readonly key?: string;
  /** What a first import in the folder has recorded. */
  readonly recorded?: Facts;
};

let runs = 0;

/** The ceremony that encrypts more objects, as a command opens it in a folder. */
export async function beginEncrypt(
  t: TestContext,
  { answers = {}, key, recorded, ...given }: More,
): Promise<RunningCeremony> {
  runs += 1;
  const time = `20261125T14${String(runs).padStart(4, '0')}Z`;
  const earlier = given.path === undefined ? undefined : readEarlier(new CeremonyFolder(given.path, false));
  const made = await makeServices(t, {
    journalName: `journal-encrypt-${time}.jsonl`,
    ...given,
    parts: {
      preset: { source: 'practice', region: 'us-east-1', ...(key === undefined ? {} : { key }) },
      ...(recorded === undefined ? {} : { recorded }),
      earlier: earlier ?? { objects: [], openingFiles: [], copies: [] },
      ...given.parts,
    },
  });
  return new RunningCeremony(made, encrypt, { 'encrypt-objects': answers });
}
