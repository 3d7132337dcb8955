import { SettingsError } from './settings-error.ts';
import type { Settings } from './shared-config.ts';

/** What the agents of Node take as `proxyEnv`. Addresses may hold a password: never shown, never logged. */
export type ProxyEnv = {
  readonly http_proxy?: string;
  readonly https_proxy?: string;
  readonly no_proxy: string;
};

/**
 * Never asked through a proxy: this machine, and what gives a machine its role (EC2, ECS and EKS metadata). As Node's
 * agents write them.
 */
const alwaysDirect: readonly string[] = [
  '.localhost',
  '127.0.0.0-127.255.255.255',
  '::1',
  '[::1]',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  'fd00:ec2::254',
  '[fd00:ec2::254]',
  'fd00:ec2::23',
  '[fd00:ec2::23]',
];

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY as aws-cli does, and writes them as Node's agents understand them: Node by
 * itself goes direct where a value has no scheme, and takes a host in NO_PROXY for that host alone. Lower case counts before
 * upper case, and ALL_PROXY for nothing. botocore, `ProxyConfiguration`; Python, `urllib.request.getproxies_environment` and
 * `proxy_bypass_environment`.
 * @param urls what will be asked: a proxy that none of these goes through may be of any kind.
 * @returns nothing where there is no proxy.
 * @throws SettingsError where a proxy is to be used that does not speak HTTP, or that is no address.
 */
export function readProxies(env: Settings, urls: readonly string[]): ProxyEnv | undefined {
  const noProxy = variable(env, 'no_proxy')?.value ?? '';
  if (noProxy === '*') return undefined;
  const no_proxy = [...bypassed(noProxy), ...alwaysDirect].join(',');
  const proxyFor = (scheme: 'http' | 'https'): Partial<Record<'http_proxy' | 'https_proxy', string>> => {
    const found = variable(env, `${scheme}_proxy`);
    if (found === undefined) return {};
    const address = normalised(found.value);
    if (typeof address === 'string') return { [`${scheme}_proxy`]: address };
    const isUsed = urls.some((url) => url.startsWith(`${scheme}:`) && !isDirect(new URL(url), no_proxy));
    if (isUsed) throw new SettingsError(unfit(found.name, address.problem));
    return {};
  };
  const proxies = { ...proxyFor('http'), ...proxyFor('https') };
  return Object.keys(proxies).length === 0 ? undefined : { ...proxies, no_proxy };
}

/** The proxy that a URL goes through, as people name it: HOST:PORT, without user and password. */
export function proxyName(proxies: ProxyEnv | undefined, url: string): string | undefined {
  const asked = new URL(url);
  const proxy = asked.protocol === 'https:' ? proxies?.https_proxy : proxies?.http_proxy;
  if (proxies === undefined || proxy === undefined || isDirect(asked, proxies.no_proxy)) return undefined;
  const { hostname, port, protocol } = new URL(proxy);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/** Lower case counts, also where it is empty: it then takes the other away. */
function variable(env: Settings, name: string): { readonly name: string; readonly value: string } | undefined {
  const spelled = env[name] === undefined ? name.toUpperCase() : name;
  const value = env[spelled];
  return value === undefined || value === '' ? undefined : { name: spelled, value };
}

/** A host counts for what is below it too, with a leading dot and without. A `*` inside the list is no pattern. */
function bypassed(list: string): readonly string[] {
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase().replace(/^\.+/, ''))
    .filter((entry) => entry !== '' && !entry.includes('*'))
    .map((entry) => (/^[^:]+:\d+$/.test(entry) ? entry : `.${entry}`));
}

/** The same decision as that of Node's agents, on the lists that are made here. */
function isDirect({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase();
  const withPort = `${host}:${port || (protocol === 'https:' ? '443' : '80')}`;
  return (
    /^127(\.\d+){3}$/.test(host) ||
    list
      .split(',')
      .some(
        (entry) =>
          entry === host ||
          entry === withPort ||
          (entry.startsWith('.') && (host === entry.slice(1) || host.endsWith(entry))),
      )
  );
}

function normalised(value: string): string | { readonly problem: 'socks' | 'scheme' | 'address' } {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme?.startsWith('socks')) return { problem: 'socks' };
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return { problem: 'scheme' };
  const text = scheme !== undefined ? value : value.startsWith('//') ? `http:${value}` : `http://${value}`;
  if (!URL.canParse(text) || /[\r\n]/.test(text)) return { problem: 'address' };
  const url = new URL(text);
  // Node decodes them strictly, Python takes a lone % as it is.
  url.username = encodeURIComponent(decoded(url.username));
  url.password = encodeURIComponent(decoded(url.password));
  return url.href;
}

function decoded(text: string): string {
  return text.replaceAll(/(%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
}

function unfit(name: string, problem: 'socks' | 'scheme' | 'address') {
  const why = {
    socks: `${name} names a SOCKS proxy. Keyferry, like the aws command, uses proxies that speak HTTP alone.`,
    scheme: `${name} does not start with http:// or https://. Keyferry uses proxies that speak HTTP alone.`,
    address: `${name} is no address of a proxy. In its user and password, write special characters as %XX.`,
  }[problem];
  return {
    why,
    next: [
      `Name a proxy that speaks HTTP: export ${name}=http://HOST:PORT`,
      `Where none is needed, take the variable away (unset ${name}) or add the host to NO_PROXY.`,
    ],
  };
}
