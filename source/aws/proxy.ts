import { SettingsError } from './settings-error.ts';
import type { Settings } from './shared-config.ts';

/** The value for `proxyEnv` of Node's agents. An address may contain a password: never show or log it. */
export type ProxyEnv = {
  readonly http_proxy?: string;
  readonly https_proxy?: string;
  readonly no_proxy: string;
};

/**
 * Hosts that Keyferry never reaches through a proxy: this machine, and the metadata services of EC2, ECS and EKS, which give
 * a machine its role. In the notation of Node's agents.
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
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY as aws-cli reads them, and gives them in the form that Node's agents
 * understand. Node alone would use no proxy when a value has no scheme, and would not apply a host in NO_PROXY to its
 * subdomains. A variable in lower case takes precedence over the same variable in upper case. ALL_PROXY is ignored. Sources:
 * botocore, `ProxyConfiguration`; Python, `urllib.request.getproxies_environment` and `proxy_bypass_environment`.
 * @param urls the URLs that Keyferry will call. A proxy that cannot be used is left out when none of these URLs uses it.
 * @returns the proxies, or `undefined` when there are none or NO_PROXY is `*`.
 * @throws SettingsError when a proxy that will be used does not speak HTTP, or when its value is not an address.
 */
export function readProxies(env: Settings, urls: readonly string[]): ProxyEnv | undefined {
  const { no_proxy, settings } = readSettings(env, urls);
  const proxies: Partial<Record<'http_proxy' | 'https_proxy', string>> = {};
  for (const { scheme, name, address, hosts } of settings) {
    if ('url' in address) proxies[`${scheme}_proxy`] = address.url;
    else if (hosts.length > 0) throw new SettingsError(explainUnfit(name, address.problem));
  }
  return no_proxy === '*' || Object.keys(proxies).length === 0 ? undefined : { ...proxies, no_proxy };
}

/** An environment variable that names a proxy, in a form that can be shown. */
export type ProxySetting = {
  readonly variable: string;
  /** The hosts among the given URLs that are reached through this proxy. */
  readonly hosts: readonly string[];
} & (
  | {
      /** HOST:PORT, without user and password. */
      readonly proxy: string;
    }
  | { readonly unfit: { readonly why: string; readonly next: readonly string[] } }
);

/** Lists the variables that name a proxy, and for each variable the hosts of these URLs that use this proxy. */
export function listProxies(env: Settings, urls: readonly string[]): readonly ProxySetting[] {
  return readSettings(env, urls).settings.map(({ name: variable, address, hosts }) => ({
    variable,
    hosts,
    ...('url' in address ? { proxy: hostAndPort(address.url) } : { unfit: explainUnfit(variable, address.problem) }),
  }));
}

/** An environment variable that names a proxy. */
type Setting = {
  /** The scheme of the URLs that are reached through the proxy. */
  readonly scheme: 'http' | 'https';
  /** The name of the variable, as it is spelled in the environment. */
  readonly name: string;
  readonly address: Address;
  /** The hosts among the given URLs that are reached through the proxy. */
  readonly hosts: readonly string[];
};

/** The URL of a proxy, which may contain a password; or what is wrong with the value. */
type Address = { readonly url: string } | { readonly problem: AddressProblem };

/** Why a value is no address of a proxy: it is a SOCKS proxy, has another unknown scheme, or is no URL. */
type AddressProblem = 'socks' | 'scheme' | 'address';

/**
 * Reads the variables that name proxies. The returned `no_proxy` is a list of hosts for Node's agents, or `*`, which means
 * that no proxy is used. Each returned setting lists in `hosts` the hosts that this run reaches through its proxy.
 * @param urls the endpoints that this run will call.
 */
function readSettings(env: Settings, urls: readonly string[]) {
  const noProxy = readVariable(env, 'no_proxy')?.value ?? '';
  const directHosts = noProxy === '*' ? noProxy : [...toAgentEntries(noProxy), ...alwaysDirect].join(',');
  const settings = (['http', 'https'] as const).flatMap((scheme): Setting[] => {
    const found = readVariable(env, `${scheme}_proxy`);
    if (found === undefined) return [];
    const urlsOfScheme = urls.map((url) => new URL(url)).filter(({ protocol }) => protocol === `${scheme}:`);
    const proxied = urlsOfScheme.filter((url) => directHosts !== '*' && !isDirect(url, directHosts));
    const hosts = new Set(proxied.map(({ host }) => host));
    return [{ scheme, name: found.name, address: normaliseAddress(found.value), hosts: [...hosts] }];
  });
  return { no_proxy: directHosts, settings };
}

/**
 * Gives the proxy (HOST:PORT, without user and password) through which a URL is reached, or `undefined` when there is none.
 */
export function proxyName(proxies: ProxyEnv | undefined, url: string): string | undefined {
  const target = new URL(url);
  const proxy = target.protocol === 'https:' ? proxies?.https_proxy : proxies?.http_proxy;
  if (proxies === undefined || proxy === undefined || isDirect(target, proxies.no_proxy)) return undefined;
  return hostAndPort(proxy);
}

/** Gives HOST:PORT of a URL, with the standard port of its scheme when the URL names none. */
function hostAndPort(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}

/**
 * Reads a variable by its name in lower case, or else in upper case. An empty variable in lower case hides the one in upper
 * case. Gives `undefined` when no value is set.
 */
function readVariable(env: Settings, name: string): { readonly name: string; readonly value: string } | undefined {
  const spelled = env[name] === undefined ? name.toUpperCase() : name;
  const value = env[spelled];
  return value === undefined || value === '' ? undefined : { name: spelled, value };
}

/**
 * Turns NO_PROXY into entries for Node's agents. HOST and .HOST become `.HOST`, which also means the subdomains of the host.
 * HOST:PORT stays as it is. An entry with `*` has no meaning in a list and is left out.
 */
function toAgentEntries(list: string): readonly string[] {
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase().replace(/^\.+/, ''))
    .filter((entry) => entry !== '' && !entry.includes('*'))
    .map((entry) => (/^[^:]+:\d+$/.test(entry) ? entry : `.${entry}`));
}

/**
 * True when a URL is reached without a proxy. Decides like Node's agents, as far as {@link readSettings} uses their
 * notation.
 * @param list the entries of `no_proxy`, with commas between them.
 */
function isDirect({ hostname, port, protocol }: URL, list: string): boolean {
  const host = hostname.toLowerCase();
  const withPort = `${host}:${port || (protocol === 'https:' ? '443' : '80')}`;
  // The list has the addresses 127.x.x.x as a range, which the comparison below cannot read.
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

/** Turns the value of a variable into the URL of a proxy, or says what is wrong with the value. */
function normaliseAddress(value: string): Address {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(value)?.[1]?.toLowerCase();
  if (scheme?.startsWith('socks')) return { problem: 'socks' };
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') return { problem: 'scheme' };
  // The URL parser takes any number of slashes before the host as two.
  const text = scheme === undefined ? `http://${value}` : value;
  if (!URL.canParse(text) || /[\r\n]/.test(text)) return { problem: 'address' };
  const url = new URL(text);
  // Node throws on a % that is not followed by two hex digits. Python, and so aws-cli, takes such a % literally.
  url.username = encodeURIComponent(decodePercents(url.username));
  url.password = encodeURIComponent(decodePercents(url.password));
  return { url: url.href };
}

/** Decodes each `%` with two hex digits after it, and leaves any other `%` unchanged. */
function decodePercents(text: string): string {
  return text.replaceAll(/(%[0-9a-f]{2})+/gi, (bytes) => Buffer.from(bytes.replaceAll('%', ''), 'hex').toString());
}

/** Says why a variable cannot be used as a proxy, and what to do. */
function explainUnfit(name: string, problem: AddressProblem) {
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
