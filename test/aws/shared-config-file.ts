import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { ConfigFile, Settings, SharedConfig } from '../../source/aws/shared-config.ts';
import { keepEnvironment } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';

/** Makes this process read a shared config with this text, until the test ends. */
export function writeConfig(t: TestContext, text: string): void {
  const folder = newFolder();
  const file = join(folder, 'config');
  writeFileSync(file, text);
  setVariables(t, { AWS_CONFIG_FILE: file, AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') });
}

/** Sets variables of the environment of this process, until the test ends. */
export function setVariables(t: TestContext, variables: Readonly<Record<string, string>>): void {
  keepEnvironment(t);
  Object.assign(process.env, variables);
}

/** A shared config with these profiles and files, as it has been read. */
export const configOf = (
  profiles: Readonly<Record<string, Settings>>,
  { files = [], sessions = {} }: { files?: readonly ConfigFile[]; sessions?: Readonly<Record<string, Settings>> } = {},
): SharedConfig => ({
  profiles: new Map(Object.entries(profiles)),
  ssoSessions: new Map(Object.entries(sessions)),
  services: new Map(),
  files,
});
