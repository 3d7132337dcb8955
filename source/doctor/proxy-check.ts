import { listProxies, type ProxySetting } from '../aws/proxy.ts';
import type { Settings } from '../aws/shared-config.ts';
import type { Check } from './check.ts';

/** Reports the configured proxies and the hosts that Keyferry reaches through them, without passwords. */
export function checkProxy(env: Settings, urls: readonly string[]): Check {
  const id = 'proxy';
  const proxies = listProxies(env, urls);
  const facts = { proxies: proxies.map(({ variable, hosts, ...rest }) => ({ variable, hosts, ...named(rest) })) };
  const details = proxies.map(wordsOf);
  const unfit = proxies.flatMap((proxy) =>
    'unfit' in proxy ? [{ ...proxy.unfit, isUsed: proxy.hosts.length > 0 }] : [],
  );
  const used = unfit.find(({ isUsed }) => isUsed);
  if (used !== undefined) {
    const { why, next } = used;
    return { id, state: 'fails', what: 'A proxy that is set cannot be used.', why, next, facts };
  }
  const [unused] = unfit;
  if (unused !== undefined) {
    const what = 'A proxy that is set cannot be used, and no host here needs it.';
    return { id, state: 'warning', what, why: unused.why, details, facts };
  }
  const ignored = ['ALL_PROXY', 'all_proxy'].find((name) => env[name]);
  if (proxies.length === 0 && ignored !== undefined) {
    const why = `${ignored} is set. Keyferry, like the aws command, does not read it.`;
    const next = ['Name a proxy that speaks HTTP: export HTTPS_PROXY=http://HOST:PORT'];
    return { id, state: 'warning', what: 'AWS is asked without a proxy.', why, next, facts };
  }
  const isUsed = proxies.some(({ hosts }) => hosts.length > 0);
  const what = isUsed ? 'AWS is asked through a proxy.' : 'AWS is asked without a proxy.';
  return { id, state: 'fine', what, details, facts };
}

function named(setting: object): object {
  return 'unfit' in setting ? { cannotBeUsed: true } : setting;
}

function wordsOf({ variable, hosts, ...rest }: ProxySetting): string {
  const name = 'proxy' in rest ? `${variable}: ${rest.proxy}` : variable;
  return hosts.length === 0 ? `${name}, for none of the hosts` : `${name}, for ${hosts.join(', ')}`;
}
