import { listProxies, type ProxySetting } from '../aws/proxy.ts';
import type { Settings } from '../aws/shared-config.ts';
import type { Check } from './check.ts';

/**
 * Reports the configured proxies, without their passwords, and the hosts that Keyferry reaches through each. When a proxy
 * cannot be used, fails if a host needs it, and else warns. Also warns when ALL_PROXY alone is set.
 * @param urls the URLs of all endpoints that Keyferry asks.
 */
export function checkProxy(env: Settings, urls: readonly string[]): Check {
  const id = 'proxy';
  const proxies = listProxies(env, urls);
  const facts = {
    proxies: proxies.map(({ variable, hosts, ...setting }) => ({ variable, hosts, ...settingFacts(setting) })),
  };
  const details = proxies.map(describeProxy);
  const unfit = proxies.flatMap((proxy) =>
    'unfit' in proxy ? [{ ...proxy.unfit, isUsed: proxy.hosts.length > 0 }] : [],
  );
  const unfitInUse = unfit.find(({ isUsed }) => isUsed);
  if (unfitInUse !== undefined) {
    const { why, next } = unfitInUse;
    return { id, state: 'fails', what: 'A proxy that is set cannot be used.', why, next, facts };
  }
  const [firstUnfit] = unfit;
  if (firstUnfit !== undefined) {
    const what = 'A proxy that is set cannot be used, and no host here needs it.';
    return { id, state: 'warning', what, why: firstUnfit.why, details, facts };
  }
  const ignoredVariable = ['ALL_PROXY', 'all_proxy'].find((name) => env[name]);
  if (proxies.length === 0 && ignoredVariable !== undefined) {
    const why = `${ignoredVariable} is set. Keyferry, like the aws command, does not read it.`;
    const next = ['Name a proxy that speaks HTTP: export HTTPS_PROXY=http://HOST:PORT'];
    return { id, state: 'warning', what: 'AWS is asked without a proxy.', why, next, facts };
  }
  const isUsed = proxies.some(({ hosts }) => hosts.length > 0);
  const what = isUsed ? 'AWS is asked through a proxy.' : 'AWS is asked without a proxy.';
  return { id, state: 'fine', what, details, facts };
}

/** Gives the part of a proxy setting that `--json` prints. A setting that cannot be used may have a password in it. */
function settingFacts(setting: object): object {
  return 'unfit' in setting ? { cannotBeUsed: true } : setting;
}

/**
 * Gives a line about a proxy: the variable that sets it, its address, and the hosts that are reached through it. An address that
 * cannot be read is left out: a problem tells it.
 */
function describeProxy({ variable, hosts, ...setting }: ProxySetting): string {
  const name = 'proxy' in setting ? `${variable}: ${setting.proxy}` : variable;
  return hosts.length === 0 ? `${name}, for none of the hosts` : `${name}, for ${hosts.join(', ')}`;
}
