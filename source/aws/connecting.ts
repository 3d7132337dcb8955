import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { type ClientSettings, noSettings, readClientSettings, type ServiceId } from './client-settings.ts';
import type { CredentialSource, InnerClients } from './credentials.ts';
import { profileOf } from './environment.ts';
import type { Network } from './network.ts';
import { readSharedConfig, type Settings } from './shared-config.ts';

/** The settings that count for one connection, and how requests leave this machine. */
export type Connecting = {
  readonly settings: ClientSettings;
  /** For the clients inside the credential providers. As in aws-cli, they ignore the endpoint of a flag. */
  readonly innerSettings: ClientSettings;
  /** The profile whose settings count. Absent for practice AWS, where no profile counts. */
  readonly profile?: string;
  readonly network: Network;
};

/**
 * Reads what the environment and the profile in use say about the connection. For fixed credentials, which are those of
 * practice AWS, only `endpointUrl` counts.
 * @throws SettingsError when a setting cannot be followed.
 */
export async function readConnecting(
  credentials: CredentialSource,
  { region, endpointUrl, env }: { region: string; endpointUrl: string | undefined; env: Settings },
): Promise<Connecting> {
  if (credentials.from === 'fixed')
    return {
      settings: { ...noSettings, endpointOf: () => endpointUrl },
      innerSettings: noSettings,
      network: { agents: {}, proxyOf: () => undefined },
    };
  const profile = profileInUse(credentials, env);
  const [config, { openNetwork }] = await Promise.all([readSharedConfig(), import('./network.ts')]);
  const settings = readClientSettings(env, { profile, config, endpointUrl });
  const innerSettings = readClientSettings(env, { profile, config });
  return { settings, innerSettings, profile, network: openNetwork(env, settings, askedUrls(settings, region)) };
}

/** Gives the profile whose settings count: the chosen one, else the one that the environment names, else `default`. */
export function profileInUse(credentials: CredentialSource, env: Settings): string {
  return credentials.from === 'profile' ? credentials.profile : (profileOf(env) ?? 'default');
}

/** The services that Keyferry asks, by the names of settings. */
export const askedServices = ['KMS', 'S3', 'IAM', 'STS'] as const satisfies readonly ServiceId[];

/**
 * Gives the URLs of the services that Keyferry calls. They are exact enough to tell which proxy each call uses.
 * @throws SettingsError when a configured endpoint is not a URL.
 */
export function askedUrls(settings: ClientSettings, region: string): readonly string[] {
  return askedServices.map(
    (service) => settings.endpointOf(service) ?? `https://${service.toLowerCase()}.${region}.amazonaws.com`,
  );
}

/**
 * Gives the configuration of an SDK client for a service. It names the endpoint and profile explicitly, because the SDK alone
 * would read the endpoints of the profile that the environment names.
 */
export function clientConfig({ settings, profile }: Pick<Connecting, 'settings' | 'profile'>, service: ServiceId) {
  const endpoint = settings.endpointOf(service);
  return {
    ...variants(settings, service, endpoint),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/** Chooses FIPS and dual-stack. A configured endpoint has no such variants, as in botocore, `EndpointRulesetResolver`. */
function variants({ useFips, useDualstack, s3 }: ClientSettings, service: ServiceId, endpoint: string | undefined) {
  const wantsDualstack = useDualstack || (service === 'S3' && s3.useDualstack);
  return {
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: useFips && endpoint === undefined,
    useDualstackEndpoint: wantsDualstack && endpoint === undefined,
  };
}

/**
 * Gives the configurations for the SDK clients that the credential providers create themselves (STS, SSO, sign-in).
 * Depending on the profile, a provider uses several services with one configuration.
 */
export function configureInnerClients(
  { innerSettings: settings, profile }: Connecting,
  requestHandler: InnerHandler,
): InnerClients {
  const inner = { settings, ...(profile === undefined ? {} : { profile }) };
  const of = (services: readonly ServiceId[]) => {
    const endpoints = new Set(services.map((service) => settings.endpointOf(service)));
    const [first = 'STS'] = services;
    // The SDK takes one configuration for all these services. When their endpoints differ, no single endpoint is right,
    // and the SDK reads the configured endpoint of each service itself.
    if (endpoints.size === 1) return { ...clientConfig(inner, first), requestHandler };
    const { endpoint: _, ignoreConfiguredEndpointUrls: __, ...others } = clientConfig(inner, first);
    return { ...others, requestHandler };
  };
  return {
    ofWebIdentity: of(['STS']),
    ofProfile: ({ way }, isRole) =>
      of([
        ...(isRole || way === 'web identity' ? (['STS'] as const) : []),
        ...(way === 'sso' ? (['SSO', 'SSO OIDC'] as const) : []),
        ...(way === 'login' ? (['Signin'] as const) : []),
      ]),
  };
}

type InnerHandler = NonNullable<KMSClientConfig['requestHandler']>;

/** The endpoint that a client really uses. */
export type Endpoint = {
  readonly url: string;
  /** True when a setting or a flag replaces the endpoint of AWS. */
  readonly isOverride: boolean;
  readonly isFips: boolean;
  /** HOST:PORT of the proxy through which this endpoint is reached. */
  readonly proxy?: string;
};

/** What the configurations of the four clients have in common. */
type EndpointConfig = Pick<KMSClient['config'], 'region' | 'endpoint' | 'useFipsEndpoint' | 'useDualstackEndpoint'> & {
  readonly endpointProvider: (place: { Region: string; UseFIPS: boolean; UseDualStack: boolean }) => { url: URL };
};

/** Asks a client for its endpoint: the configured one, or that of AWS for the Region, FIPS and dual-stack. */
export async function endpointOf(config: EndpointConfig, { proxyOf }: Network): Promise<Endpoint> {
  const { region, endpoint, useFipsEndpoint: readFips, useDualstackEndpoint: readDualstack } = config;
  const given = await endpoint?.();
  const isFips = await readFips();
  const url =
    given === undefined
      ? config.endpointProvider({ Region: await region(), UseFIPS: isFips, UseDualStack: await readDualstack() }).url
      : new URL(`${given.protocol}//${given.hostname}:${given.port ?? ''}${given.path}`);
  const shown = url.pathname === '/' ? url.origin : url.href;
  const proxy = proxyOf(shown);
  return { url: shown, isOverride: given !== undefined, isFips, ...(proxy === undefined ? {} : { proxy }) };
}
