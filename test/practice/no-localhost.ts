import { lookup } from 'node:dns/promises';

/** Why a test that asks for `localhost` is skipped: a bare system may have no /etc/hosts that names it. */
export const noLocalhost = await lookup('localhost').then(
  () => false as const,
  () => 'no localhost',
);
