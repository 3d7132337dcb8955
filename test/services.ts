import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Patience } from '../source/aws/patience.ts';
import { CeremonyFolder } from '../source/ceremony/folder.ts';
import { Journal } from '../source/ceremony/journal.ts';
import { type Wait, Waiting } from '../source/ceremony/waiting.ts';
import { HeldSecrets } from '../source/steps/held-secrets.ts';
import type { Services } from '../source/steps/services.ts';
import { AwsSession } from '../source/steps/session.ts';
import { newFolder } from './new-folder.ts';
import { makeOfflineServices } from './offline-services.ts';
import { type Practice, practise } from './practice/practising.ts';

/** Notes each wait and makes none of them; as every wait, it ends with an error once the person stops. */
export class ImpatientWaiting extends Waiting {
  readonly waits: Wait[] = [];
  #signal: AbortSignal | undefined;

  override async during<Result>(watched: Parameters<Waiting['during']>[0], work: () => Promise<Result>) {
    const outer = this.#signal;
    this.#signal = watched.signal;
    return super.during(watched, work).finally(() => {
      this.#signal = outer;
    });
  }

  override readonly pause = async (wait: Wait): Promise<void> => {
    this.#signal?.throwIfAborted();
    this.waits.push(wait);
  };
}

export type Given = {
  /** A practice AWS that other tests use too; without it, one is started for this test. */
  readonly practice?: Practice;
  /** What stands before practice AWS, such as a proxy. */
  readonly endpoint?: string;
  /** How long AWS is waited for, where that is not as long as for people. */
  readonly patience?: Patience;
  /** The ceremony's folder, such as that of an earlier run. */
  readonly path?: string;
  readonly journalName?: string;
  /** Parts that replace the real ones. */
  readonly parts?: Partial<Services>;
};

export type Made = {
  readonly services: Services;
  readonly practice: Practice;
  readonly waiting: ImpatientWaiting;
};

/**
 * What steps work with, as commands put it together: practice AWS over HTTP, a folder and a journal on the disk. The
 * connection is to practice AWS in us-east-1, and scrypt takes no time. All of it ends with the test.
 */
export async function makeServices(t: TestContext, given: Given = {}): Promise<Made> {
  const practice = given.practice ?? (await practise(t));
  const { endpoint, credentials } = practice.server;
  const path = given.path ?? join(newFolder(), 'w');
  const folder = new CeremonyFolder(path, false);
  const clock = () => practice.clock.now;
  // The ceremony may give its folder another name.
  const place = given.parts?.folder ?? folder;
  const journal = new Journal(() => place.file(given.journalName ?? 'journal.jsonl'));
  const waiting = new ImpatientWaiting();
  const session = new AwsSession({
    openPractice: async () => ({ endpoint: given.endpoint ?? endpoint, credentials }),
    onCall: (call) => journal.append({ kind: 'call', ...call }),
    pause: waiting.pause,
    ...(given.patience === undefined ? {} : { patience: given.patience }),
  });
  const secrets = new HeldSecrets();
  t.after(() => {
    secrets.forget();
    session.close();
    journal.close();
  });
  const services: Services = {
    ...makeOfflineServices(folder),
    journal,
    session,
    secrets,
    practiceState: practice.folder,
    clock,
    ...given.parts,
  };
  return { services, practice, waiting };
}

/** The same, with the folder made, and connected. */
export async function makeConnected(t: TestContext, given: Given = {}): Promise<Made> {
  const made = await makeServices(t, given);
  made.services.folder.make();
  await made.services.session.connect('practice', 'us-east-1');
  return made;
}
