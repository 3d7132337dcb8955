import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { attemptsOf } from '../../source/ceremony/attempt.ts';
import type { ActContext } from '../../source/ceremony/step.ts';
import type { Destination } from '../../source/objects/object-name.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { encryptFiles, uploadOutcome } from '../../source/steps/encrypt-files.ts';
import type { EncryptedObject, Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { connectionOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { proxyBefore } from './ceremony.ts';

type Context = ActContext<Facts, Services>;

/** Uploads one file and reads its object back. */
export async function encryptObject(
  context: Context,
  destination: Destination,
  path: string,
): Promise<EncryptedObject> {
  const { objects } = await encryptFiles(context, { destination, inputs: [path], readsBack: true });
  return must(objects[0]);
}

/** What the journal has of the upload of one file. */
export const outcomeOfUpload = ({ facts, services }: Context, destination: Destination, path: string) =>
  uploadOutcome(facts, services, { destination, inputs: [path], readsBack: true });

/** A key of practice AWS that is Enabled, and what the upload of an object needs; `decide` may change what AWS answers. */
export async function uploading(t: TestContext, settings: Settings = {}) {
  const folder = newFolder();
  const practice = await practise(t, { folder: join(folder, 'state'), settings });
  const { endpoint, decide } = await proxyBefore(t, practice);
  const { services, waiting } = await makeServices(t, { practice, endpoint, path: join(folder, 'w') });
  const { journal, session } = services;
  services.folder.make();
  const clients = await session.connect('practice', 'us-east-1');
  const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? '';
  const path = join(folder, 'ledger.txt');
  writeFileSync(path, 'some bytes');
  const { pause } = waiting;
  const key = { keyId: KeyMetadata?.KeyId ?? '', keyArn, alias: 'alias/a', createdAt: '2026-11-24' };
  const context: Context = {
    facts: { key, connection: connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin') },
    services,
    answers: {},
    attempt: attemptsOf(journal, 'encrypt-objects', pause),
    report: () => {},
    pause,
    signal: new AbortController().signal,
  };
  /** How often an operation was called, such as `S3.PutObject`. */
  const countOf = (operation: string) =>
    journal.lines.filter((line) => line.kind === 'call' && line.operation === operation).length;
  return { clients, context, path, folder, keyArn, countOf, decide, journal, waiting, practice };
}
