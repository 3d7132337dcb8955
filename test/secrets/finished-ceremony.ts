import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { KMSClient, ListKeyRotationsCommand, type ListKeyRotationsCommandOutput } from '@aws-sdk/client-kms';
import { startPracticeAws } from '../../source/practice/server.ts';
import { answersFile, type Changes, exampleWith, memoryAlone, ofEnvironment } from '../e2e/answers.ts';
import { keyferry } from '../e2e/program.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from './age-identity.ts';

/** A backup to an age recipient, which costs no time. */
export function backedUp(recipient: string, identityFile: string): Changes {
  return { backup: { how: 'recipients', recipients: [recipient], identity: identityFile, 'confirm-none': undefined } };
}

/** Practice AWS in this process, with a client of its own and the credentials as an environment has them. */
export async function practice(t: TestContext) {
  const stateFolder = newFolder();
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

/** A finished ceremony on practice AWS in this process, with its backup. */
export async function finishedCeremony(t: TestContext, changes: Changes = {}) {
  const { aws, kms, environment } = await practice(t);
  const relay = await between(aws.endpoint);
  t.after(() => relay.close());
  const { endpoint } = relay;
  const folder = newFolder();
  const { recipient, identityFile, identity } = ageIdentity(folder);
  const answers = answersFile(
    folder,
    exampleWith(ofEnvironment, backedUp(recipient, identityFile), memoryAlone, changes),
  );
  const args = ['run', answers, '--endpoint-url', endpoint, '--workdir', 'w', '--json'];
  const { status, stdout, stderr } = await keyferry(args, folder, environment);
  if (status !== 0) throw new Error(stderr);
  const { keyId } = JSON.parse(stdout) as { keyId: string };
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
