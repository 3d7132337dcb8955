import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { machineRole } from './machine-role.ts';
import { keyferry } from './program.ts';
import { recordingProxy } from './recording-proxy.ts';

export type Identity = keyof typeof practiceIdentities;

/** The access keys of a practice identity as settings of a profile. */
export function profileKeys(identity: Identity): string {
  const { accessKeyId, secretAccessKey } = practiceIdentities[identity].credentials;
  return `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
}

/** The same in the environment. */
export function environmentKeys(identity: Identity): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey } = practiceIdentities[identity].credentials;
  return { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
}

/** A home whose shared config is this text. */
export function homeWith(config: string): string {
  const folder = newFolder();
  mkdirSync(join(folder, '.aws'));
  writeFileSync(join(folder, '.aws', 'config'), config);
  return folder;
}

/**
 * A home with a shared config, on a machine whose role is the administrator of the practice account, before an endpoint
 * that notes who signed. Nothing of it leaves loopback.
 */
export async function identityWorld(t: TestContext, config: string, statuses: Readonly<Record<string, number>> = {}) {
  const aws = await startPracticeAws({ stateFolder: newFolder(), fixedCredentials: true });
  t.after(() => aws.close());
  const { endpoint, requests } = await recordingProxy(t, aws.endpoint);
  const machine = await machineRole(t, practiceIdentities.securityAdmin, statuses);
  const folder = homeWith(config);
  const writeConfig = (text: string) => writeFileSync(join(folder, '.aws', 'config'), text);
  const away = 'http://127.0.0.1:9';
  const quiet = { AWS_ENDPOINT_URL_STS: away, AWS_ENDPOINT_URL_SSO: away, AWS_ENDPOINT_URL_SSO_OIDC: away };
  return {
    folder,
    endpoint,
    requests,
    machine,
    writeConfig,
    /** Whose access key signed what the endpoint got. */
    signers: () => [...new Set(requests.map(({ signedBy }) => signedBy))],
    run: (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
      keyferry([...args, '--endpoint-url', endpoint], folder, { ...quiet, ...environment }),
  };
}
