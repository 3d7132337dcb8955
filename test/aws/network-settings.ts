import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { keepEnvironment } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';

/** Access keys in the environment, which are those of nobody. */
export const accessKeys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' };
/** The same as settings of a profile. */
export const accessKeyLines = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n';

const isOurs = (name: string) => /^(AWS_|NODE_EXTRA_CA|NODE_TLS_|https?_proxy$|no_proxy$)/i.test(name);

/** Sets these variables of AWS and of the network, and no others of that kind, until the test ends. */
export function setNetwork(t: TestContext, settings: Readonly<Record<string, string>>): void {
  keepEnvironment(t);
  for (const name of Object.keys(process.env)) if (isOurs(name)) delete process.env[name];
  const nothing = { AWS_CONFIG_FILE: '/dev/null', AWS_SHARED_CREDENTIALS_FILE: '/dev/null' };
  Object.assign(process.env, { ...nothing, AWS_EC2_METADATA_DISABLED: 'true' }, settings);
}

/** A shared config of this text, as the variable that names it. */
export function configFile(text: string): { readonly AWS_CONFIG_FILE: string } {
  const path = join(newFolder(), 'config');
  writeFileSync(path, text);
  return { AWS_CONFIG_FILE: path };
}
