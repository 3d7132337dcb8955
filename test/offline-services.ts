import type { TestContext } from 'node:test';
import type { AwsClients } from '../source/aws/clients.ts';
import { CeremonyFolder } from '../source/ceremony/folder.ts';
import { Journal } from '../source/ceremony/journal.ts';
import { installedCommand } from '../source/ceremony/own-command.ts';
import { BucketNotes } from '../source/steps/bucket-notes.ts';
import { HeldSecrets } from '../source/steps/held-secrets.ts';
import { LastTest } from '../source/steps/last-permission-test.ts';
import { PairNames } from '../source/steps/pair-names.ts';
import type { Services } from '../source/steps/services.ts';
import { AwsSession } from '../source/steps/session.ts';
import { TypedNames } from '../source/steps/typed-names.ts';
import { newFolder } from './new-folder.ts';

/** What steps work with while nobody connects: no session of it can be opened. Without a folder, in `w`, which is not there. */
export function makeOfflineServices(folder = new CeremonyFolder('w', false)): Services {
  const refuse = () => Promise.reject(new Error('Nobody connects here.'));
  return {
    folder,
    journal: new Journal(() => folder.file('journal.jsonl')),
    session: new AwsSession({ openPractice: refuse, onCall: () => {}, pause: async () => {} }),
    environment: {
      hasKeys: false,
      hasRole: false,
      profiles: [],
      whyMissing: () => undefined,
      source: 'instance-role',
      region: undefined,
    },
    preset: { source: 'practice', region: 'us-east-1' },
    secrets: new HeldSecrets(),
    scryptWorkFactor: 2,
    practiceState: folder.path,
    clock: () => new Date(),
    trusted: new TypedNames(),
    acceptedLocks: new TypedNames(),
    pairNames: new PairNames(),
    lastTest: new LastTest(),
    bucketNotes: new BucketNotes(),
    version: '0.0.0',
    ownCommand: installedCommand,
  };
}

/** The same in a new folder. When the test ends, the journal is closed and the secrets are forgotten. */
export function makeOfflineServicesFor(t: TestContext): Services {
  const services = makeOfflineServices(new CeremonyFolder(newFolder(), false));
  t.after(() => {
    services.secrets.forget();
    services.journal.close();
  });
  return services;
}

/** These services with a session that is connected to nothing but these clients, which may answer by themselves. */
export function withClients(
  t: TestContext,
  clients: { readonly [Name in keyof AwsClients]?: AwsClients[Name] | undefined },
  services: Services = makeOfflineServices(),
): Services {
  t.mock.getter(services.session, 'isConnected', () => true);
  t.mock.getter(services.session, 'clients', () => clients);
  return services;
}
