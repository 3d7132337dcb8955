import type { KMSClient, KMSClientConfig } from '@aws-sdk/client-kms';
import { type ClientSettings, noSettings, readClientSettings, type ServiceId } from './client-settings.ts';
import type { CredentialSource, InnerClients } from './credentials.ts';
import { refuseUncheckedCertificates } from './endpoint-url.ts';
import { profileOf } from './environment.ts';
import type { Network } from './network.ts';
import { readSharedConfig, type Settings } from './shared-config.ts';

/** The settings for the connection to AWS, and how requests leave this machine. */
export type ConnectionSettings = {
  readonly settings: ClientSettings;
  /** The settings for the clients inside the credential providers. As in aws-cli, they ignore the endpoint from a flag. */
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
export async function readConnectionSettings(
  credentials: CredentialSource,
  { region, endpointUrl, env }: { region: string; endpointUrl: string | undefined; env: Settings },
): Promise<ConnectionSettings> {
  if (credentials.from === 'fixed')
    return {
      settings: { ...noSettings, endpointOf: () => endpointUrl },
      innerSettings: noSettings,
      network: { agents: {}, proxyOf: () => undefined },
    };
  refuseUncheckedCertificates(env);
  const profile = profileInUse(credentials, env);
  const [config, { openNetwork }] = await Promise.all([readSharedConfig(), import('./network.ts')]);
  const settings = readClientSettings(env, { profile, config, endpointUrl });
  const innerSettings = readClientSettings(env, { profile, config });
  return { settings, innerSettings, profile, network: openNetwork(env, settings, askedUrls(settings, region)) };
}

/**
 * Gives the profile whose settings count: the chosen profile, else the profile that the environment names, else `default`.
 */
export function profileInUse(credentials: CredentialSource, env: Settings): string {
  return credentials.from === 'profile' ? credentials.profile : (profileOf(env) ?? 'default');
}

/** The services that Keyferry calls, by their names in settings. */
export const askedServices = ['KMS', 'S3', 'IAM', 'STS'] as const satisfies readonly ServiceId[];

/**
 * Gives the URLs of the services that Keyferry calls. Their hosts may differ a little from those in use, but tell which
 * proxy each call uses.
 * @throws SettingsError when a configured endpoint cannot be used: see `endpointOf` of {@link ClientSettings}.
 */
export function askedUrls(settings: ClientSettings, region: string): readonly string[] {
  return askedServices.map(
    (service) => settings.endpointOf(service) ?? `https://${service.toLowerCase()}.${region}.amazonaws.com`,
  );
}

/**
 * Gives the configuration of an SDK client for a service. It sets the endpoint and the profile, because the SDK alone would
 * use the endpoints of the profile that the environment names.
 */
export function clientConfig(
  { settings, profile }: Pick<ConnectionSettings, 'settings' | 'profile'>,
  service: ServiceId,
) {
  const endpoint = settings.endpointOf(service);
  return {
    ...chooseVariants(settings, service, endpoint),
    ...(profile === undefined ? {} : { profile }),
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}

/**
 * Chooses the FIPS and dual-stack endpoints. A configured endpoint has no such variants: botocore,
 * `EndpointRulesetResolver`.
 */
function chooseVariants(
  { useFips, useDualstack, s3 }: ClientSettings,
  service: ServiceId,
  endpoint: string | undefined,
) {
  const wantsDualstack = useDualstack || (service === 'S3' && s3.useDualstack);
  return {
    // Keyferry has read the configured endpoints itself, and sets `endpoint` when there is one.
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
  { innerSettings: settings, profile }: ConnectionSettings,
  requestHandler: InnerHandler,
): InnerClients {
  const inner = { settings, ...(profile === undefined ? {} : { profile }) };
  const configFor = (services: readonly ServiceId[]) => {
    const endpoints = new Set(services.map((service) => settings.endpointOf(service)));
    const [first = 'STS'] = services;
    const config = clientConfig(inner, first);
    if (endpoints.size === 1) return { ...config, requestHandler };
    // The SDK takes one configuration for all these services. When their endpoints differ, no single endpoint is right, and the SDK
    // reads the configured endpoint of each service itself. A method that calls none of them (an empty list) uses no endpoint.
    const { endpoint: _, ignoreConfiguredEndpointUrls: __, ...withoutEndpoint } = config;
    return { ...withoutEndpoint, requestHandler };
  };
  return {
    ofWebIdentity: configFor(['STS']),
    ofProfile: ({ method }, isRole) =>
      configFor([
        ...(isRole ? (['STS'] as const) : []),
        ...(method === 'sso' ? (['SSO', 'SSO OIDC'] as const) : []),
        ...(method === 'login' ? (['Signin'] as const) : []),
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
  readonly endpointProvider: (params: { Region: string; UseFIPS: boolean; UseDualStack: boolean }) => { url: URL };
};

/** Asks a client for its endpoint: the configured one, or that of AWS for the Region, FIPS and dual-stack. */
export async function endpointOf(config: EndpointConfig, { proxyOf }: Network): Promise<Endpoint> {
  const { region, endpoint, useFipsEndpoint: readFips, useDualstackEndpoint: readDualstack } = config;
  const configured = await endpoint?.();
  const isFips = await readFips();
  const url =
    configured === undefined
      ? config.endpointProvider({ Region: await region(), UseFIPS: isFips, UseDualStack: await readDualstack() }).url
      : new URL(`${configured.protocol}//${configured.hostname}:${configured.port ?? ''}${configured.path}`);
  const endpointUrl = url.pathname === '/' ? url.origin : url.href;
  const proxy = proxyOf(endpointUrl);
  return { url: endpointUrl, isOverride: configured !== undefined, isFips, ...(proxy === undefined ? {} : { proxy }) };
}
