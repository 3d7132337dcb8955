import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { attemptsOf } from '../../source/ceremony/attempt.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { Waiting } from '../../source/ceremony/waiting.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { HeldSecrets } from '../../source/steps/held-secrets.ts';
import type { encryptObject } from '../../source/steps/object-upload.ts';
import type { Services } from '../../source/steps/services.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';

/** A key of practice AWS that is Enabled, and what the upload of an object needs; `decide` may change what AWS answers. */
export async function uploading(t: TestContext, settings: Settings = {}) {
  const folder = newFolder();
  const aws = await startPracticeAws({ stateFolder: join(folder, 'state'), settings });
  const { endpoint, decide, close } = await between(aws.endpoint);
  const credentials = { from: 'fixed', ...aws.credentials } as const;
  const { pause } = new Waiting();
  const calls: string[] = [];
  const onCall = ({ operation }: { operation: string }) => void calls.push(operation);
  const clients = await openClients({ credentials, region: 'us-east-1', endpointUrl: endpoint, onCall, pause });
  t.after(async () => {
    clients.close();
    close();
    await aws.close();
  });
  const { CreateKeyCommand } = await import('@aws-sdk/client-kms');
  const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
  const keyArn = KeyMetadata?.Arn ?? '';
  const path = join(folder, 'ledger.txt');
  writeFileSync(path, 'some bytes');
  const ceremonyFolder = new CeremonyFolder(join(folder, 'w'), false);
  ceremonyFolder.make();
  const journal = new Journal(ceremonyFolder.file('journal.jsonl'));
  const session = { clients, connected: true };
  const context: Parameters<typeof encryptObject>[0] = {
    facts: { key: { keyArn } } as Facts,
    services: { session, journal, folder: ceremonyFolder, secrets: new HeldSecrets() } as unknown as Services,
    answers: {},
    attempt: attemptsOf(journal, 'encrypt-objects', pause),
    report: () => {},
    pause,
    signal: new AbortController().signal,
  };
  return { clients, context, path, folder, keyArn, calls, decide, journal };
}
