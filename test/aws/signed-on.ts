import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { keepEnvironment } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';

const startUrl = 'https://corp.awsapps.com/start';

/** A profile named `sso`, for which {@link signOn} has signed in. */
export const ssoProfile = `[profile sso]
sso_start_url = ${startUrl}
sso_region = us-east-1
sso_account_id = 000000000000
sso_role_name = Admin
`;

/** A profile named `session` of the newer kind, whose token can be had anew. */
export const sessionProfile = `[sso-session corp]
sso_start_url = ${startUrl}
sso_region = us-east-1
[profile session]
sso_session = corp
sso_account_id = 000000000000
sso_role_name = Admin
`;

/**
 * Makes a home until the test ends in which `aws sso login` has been done, and gives its folder.
 * @param more what the cache holds beside the token; another `expiresAt` among it.
 */
export function signOn(t: TestContext, name = startUrl, more: Readonly<Record<string, string>> = {}): string {
  const home = newFolder();
  const cache = join(home, '.aws', 'sso', 'cache');
  mkdirSync(cache, { recursive: true });
  const file = createHash('sha1').update(name).digest('hex');
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  writeFileSync(join(cache, `${file}.json`), JSON.stringify({ startUrl, accessToken: 'token', expiresAt, ...more }));
  keepEnvironment(t);
  process.env.HOME = home;
  return home;
}
