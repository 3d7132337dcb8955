import { type AuthoritySource, listAuthorities } from '../aws/authorities.ts';
import type { ClientSettings } from '../aws/client-settings.ts';
import type { Settings } from '../aws/shared-config.ts';
import type { Check } from './check.ts';

/**
 * Checks which certificate authorities are trusted, and whether every file that lists authorities can be used. Fails when the
 * bundle of the settings cannot be used, and warns when another file cannot.
 */
export function checkAuthorities(env: Settings, { caBundle }: Pick<ClientSettings, 'caBundle'>): Check {
  const id = 'authorities';
  const sources = listAuthorities(caBundle, env);
  const facts = { sources };
  const details = sources.map(describeSource);
  const unread = sources.filter((source) => 'problem' in source);
  const next = ['Name a file with certificates in PEM form (BEGIN CERTIFICATE), or take the setting away.'];
  if (unread.length === 0) {
    const total = sources.reduce((sum, source) => sum + ('certificates' in source ? source.certificates : 0), 0);
    return { id, state: 'fine', what: `${total} authorities are trusted.`, details, facts };
  }
  // Keyferry must read the bundle that the settings name. Node ignores a NODE_EXTRA_CA_CERTS that it cannot read.
  const isRefused = unread.some(({ from }) => from === caBundle?.from);
  const what = isRefused
    ? 'A file of trusted authorities cannot be used.'
    : 'A file of trusted authorities is ignored.';
  return { id, state: isRefused ? 'fails' : 'warning', what, details, next, facts };
}

/** Gives a line about a source of authorities: how many it has, or why it gives none. */
function describeSource(source: AuthoritySource): string {
  const { from, path } = source;
  const name = path === undefined ? from : `${from} (${path})`;
  return 'problem' in source ? `none of ${name}. ${source.problem}` : `${source.certificates} of ${name}`;
}
