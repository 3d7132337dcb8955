import { chmodSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { KMSClient, ListKeyRotationsCommand, type ListKeyRotationsCommandOutput } from '@aws-sdk/client-kms';
import { startPracticeAws } from '../../source/practice/server.ts';
import { answersFile, type Changes, exampleWith, memoryAlone, ofEnvironment } from '../e2e/answers.ts';
import { keyferry } from '../e2e/program.ts';
import { type Between, between } from '../faults/between.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from './age-identity.ts';

/** A backup to an age recipient, which costs no time. */
export function backedUp(recipient: string, identityFile: string): Changes {
  const others = { 'confirm-none': undefined, 'passphrase-file': undefined };
  return { backup: { how: 'recipients', recipients: [recipient], identity: identityFile, ...others } };
}

/**
 * Practice AWS in this process, with a client of its own and the credentials as an environment has them.
 * @param stateFolder the state that it goes on from.
 */
export async function practice(t: TestContext, stateFolder = newFolder()) {
  const aws = await startPracticeAws({ stateFolder });
  const { endpoint, credentials } = aws;
  const kms = new KMSClient({ endpoint, region: 'us-east-1', credentials });
  t.after(async () => {
    kms.destroy();
    await aws.close();
  });
  const environment = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  /** Changes how practice AWS behaves from now on. */
  const control = (settings: object) =>
    writeFileSync(join(stateFolder, 'practice-control.json'), JSON.stringify(settings));
  return { aws, kms, environment, control };
}

/** A finished ceremony on practice AWS in this process, with its backup. Each test has a copy of its own. */
export async function finishedCeremony(t: TestContext, changes: Changes = {}) {
  const wanted = JSON.stringify(changes);
  const conducted = ceremonies.get(wanted) ?? (await conduct(changes));
  ceremonies.set(wanted, conducted);
  const [folder, state] = [newFolder(), newFolder()];
  cpSync(conducted.folder, folder, { recursive: true });
  cpSync(conducted.state, state, { recursive: true });
  // A copied folder has the usual mode, and Keyferry takes none that others may enter.
  for (const own of [join(folder, 'w'), state]) chmodSync(own, 0o700);
  const { aws, kms, environment } = await practice(t, state);
  relaying ??= between(aws.endpoint);
  const relay = await relaying;
  relay.aim(aws.endpoint);
  relay.decide(() => undefined);
  const { endpoint } = relay;
  const { recipient, identityFile, identity } = ageIdentity(folder);
  const { keyId } = conducted;
  return {
    kms,
    /** Decides what becomes of requests from now on. */
    decide: relay.decide,
    keyId,
    folder,
    w: join(folder, 'w'),
    backup: join(folder, 'w', 'my-first-key.key.age'),
    recipient,
    identity,
    identityFile,
    environment,
    endpoint,
    check: (...more: readonly string[]) =>
      keyferry(['check-backup', ...more, '--workdir', 'w', '--endpoint-url', endpoint], folder, environment),
    rotations: async (): Promise<ListKeyRotationsCommandOutput['Rotations']> =>
      (await kms.send(new ListKeyRotationsCommand({ KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }))).Rotations,
  };
}

/** The ceremonies of this process, by the changes to their answers: to conduct one takes longer than to copy it. */
const ceremonies = new Map<string, Conducted>();

/** The proxy whose endpoint the journals of all copies name. The first ceremony of this process starts it. */
let relaying: Promise<Between> | undefined;
after(async () => (await relaying)?.close());

type Conducted = { readonly folder: string; readonly state: string; readonly keyId: string };

async function conduct(changes: Changes): Promise<Conducted> {
  const [folder, state] = [newFolder(), newFolder()];
  const aws = await startPracticeAws({ stateFolder: state });
  try {
    relaying ??= between(aws.endpoint);
    const relay = await relaying;
    relay.aim(aws.endpoint);
    const { recipient, identityFile } = ageIdentity(folder);
    const answers = answersFile(
      folder,
      exampleWith(ofEnvironment, backedUp(recipient, identityFile), memoryAlone, changes),
    );
    const args = ['run', answers, '--endpoint-url', relay.endpoint, '--workdir', 'w', '--json'];
    const { status, stdout, stderr } = await keyferry(args, folder, environmentOf(aws.credentials));
    if (status !== 0) throw new Error(stderr);
    const { keyId } = JSON.parse(stdout) as { keyId: string };
    return { folder, state, keyId };
  } finally {
    await aws.close();
  }
}
