import assert from 'node:assert/strict';
import { join } from 'node:path';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { startPracticeAws } from '../../source/practice/server.ts';
import { must } from './practising.ts';

/** The state of practice AWS in the folder of a ceremony, or in the folder in which the assistant was started. */
export const stateFolderIn = (folder: string) => join(folder, 'keyferry-practice-aws');

/** Asks or changes the KMS of the practice AWS whose state is in this folder, and which nobody runs now. */
export async function inPractice<Result>(folder: string, act: (kms: KMSClient) => Promise<Result>): Promise<Result> {
  const { endpoint, credentials, close } = await startPracticeAws({ stateFolder: stateFolderIn(folder) });
  const kms = new KMSClient({ endpoint, credentials, region: 'us-east-1' });
  try {
    return await act(kms);
  } finally {
    kms.destroy();
    await close();
  }
}

/** The id of the one KMS key. */
export async function onlyKey(kms: KMSClient): Promise<string> {
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  assert.equal(Keys.length, 1, 'one KMS key');
  return must(Keys[0]?.KeyId);
}
