import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';

const stateName = 'keyferry-practice-aws';

/** The state of practice AWS in the ceremony's folder `w` of a folder. */
export const stateFolderIn = (folder: string) => join(folder, 'w', stateName);

/** A copy of a folder with a practice ceremony in `w`. */
export function copyCeremony(prepared: string): string {
  const folder = newFolder();
  cpSync(prepared, folder, { recursive: true });
  // Copies of folders are open to others.
  for (const own of [join(folder, 'w'), stateFolderIn(folder)]) chmodSync(own, 0o700);
  return folder;
}

/** Asks or changes the KMS of a practice ceremony that nobody runs now. */
export async function inPractice(folder: string, act: (kms: KMSClient) => Promise<void>): Promise<void> {
  const practice = await startPracticeAws({ stateFolder: stateFolderIn(folder) });
  const { endpoint, credentials } = practice;
  const kms = new KMSClient({ endpoint, credentials, region: 'us-east-1' });
  try {
    await act(kms);
  } finally {
    kms.destroy();
    await practice.close();
  }
}

/** The id of the one KMS key. */
export async function onlyKey(kms: KMSClient): Promise<string> {
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  assert.equal(Keys.length, 1, 'one KMS key');
  return Keys[0]?.KeyId ?? '';
}

/** Checks that every file in a ceremony's folder is whole, and that the lock is gone. @returns the names of the files. */
export function assertWholeAndUnlocked(workdir: string): readonly string[] {
  const names = readdirSync(workdir);
  assert.deepEqual(
    names.filter((name) => /^\.|\.new$|lock/.test(name)),
    [],
    'nothing is left half written or locked',
  );
  return names;
}
