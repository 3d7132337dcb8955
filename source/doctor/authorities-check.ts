import { type AuthoritySource, listAuthorities } from '../aws/authorities.ts';
import type { ClientSettings } from '../aws/client-settings.ts';
import type { Settings } from '../aws/shared-config.ts';
import type { Check } from './check.ts';

/** Checks which certificate authorities are trusted, and whether every file that lists authorities can be read. */
export function checkAuthorities(env: Settings, { caBundle }: Pick<ClientSettings, 'caBundle'>): Check {
  const id = 'authorities';
  const sources = listAuthorities(caBundle, env);
  const facts = { sources };
  const details = sources.map(wordsOf);
  const [unread, ...more] = sources.flatMap((one) => ('problem' in one ? [one] : []));
  const next = ['Name a file with certificates in PEM form (BEGIN CERTIFICATE), or take the setting away.'];
  if (unread === undefined) {
    const total = sources.reduce((sum, one) => sum + ('certificates' in one ? one.certificates : 0), 0);
    return { id, state: 'fine', what: `${total} authorities are trusted.`, details, facts };
  }
  // Keyferry needs the bundle of the settings; Node goes on without a NODE_EXTRA_CA_CERTS that it cannot read.
  const isRefused = [unread, ...more].some(({ from }) => from === caBundle?.from);
  const what = isRefused
    ? 'A file of trusted authorities cannot be used.'
    : 'A file of trusted authorities is ignored.';
  return { id, state: isRefused ? 'fails' : 'warning', what, details, next, facts };
}

function wordsOf(source: AuthoritySource): string {
  const { from, path } = source;
  const name = path === undefined ? from : `${from} (${path})`;
  return 'problem' in source ? `none of ${name}. ${source.problem}` : `${source.certificates} of ${name}`;
}
