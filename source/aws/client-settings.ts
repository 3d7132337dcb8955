import { SettingsError } from './settings-error.ts';
import type { Settings, SharedConfig } from './shared-config.ts';

/** Services by the names under which settings know them: AWS SDKs and tools reference guide, "Service-specific endpoints". */
export type ServiceId = 'KMS' | 'S3' | 'IAM' | 'STS' | 'SSO' | 'SSO OIDC' | 'Signin';

/** What the environment and one profile say about clients, beside credentials and the Region. */
export type ClientSettings = {
  /**
   * The endpoint that stands in the place of the service's own; nothing where none does.
   * @throws SettingsError where the setting is no address, or names a section that is missing.
   */
  readonly endpointOf: (service: ServiceId) => string | undefined;
  readonly useFips: boolean;
  readonly useDualstack: boolean;
  /** How often a request is sent at most; absent where nothing is set. */
  readonly maxAttempts?: number;
  /** A file with certificates of authorities, and the setting that names it. */
  readonly caBundle?: { readonly path: string; readonly from: string };
};

export const noSettings: ClientSettings = { endpointOf: () => undefined, useFips: false, useDualstack: false };

/**
 * Reads the settings as aws-cli does: the environment before the profile, and of the profiles the given one alone.
 * botocore, `configprovider.py`.
 * @param profile the profile in use, which counts for everything that the environment does not set.
 * @param endpointUrl from a flag: serves every service before all settings.
 * @throws SettingsError where max_attempts is no number.
 */
export function clientSettings(
  env: Settings,
  { profile, config, endpointUrl }: { profile: string; config: SharedConfig; endpointUrl?: string | undefined },
): ClientSettings {
  const own = config.profiles.get(profile) ?? {};
  const setting = (variable: string, name: string) => env[variable] || own[name] || undefined;
  const isSet = (variable: string, name: string) => setting(variable, name)?.toLowerCase() === 'true';
  const isIgnored = isSet('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls');
  const maxAttempts = attempts(setting('AWS_MAX_ATTEMPTS', 'max_attempts'));
  const bundle = setting('AWS_CA_BUNDLE', 'ca_bundle');
  return {
    endpointOf: (service) => {
      const configured = isIgnored ? undefined : configuredEndpoint(service, { env, own, profile, config });
      const endpoint = endpointUrl ?? configured;
      if (endpoint !== undefined && !isHttpUrl(endpoint)) throw new SettingsError(noAddress(endpoint));
      return endpoint;
    },
    useFips: isSet('AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint'),
    useDualstack: isSet('AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint'),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(bundle === undefined
      ? {}
      : { caBundle: { path: bundle, from: env.AWS_CA_BUNDLE ? 'AWS_CA_BUNDLE' : `ca_bundle of profile ${profile}` } }),
  };
}

type Place = {
  readonly env: Settings;
  readonly own: Settings;
  readonly profile: string;
  readonly config: SharedConfig;
};

/** The order of aws-cli: botocore, `ConfiguredEndpointProvider`. */
function configuredEndpoint(service: ServiceId, { env, own, profile, config }: Place): string | undefined {
  const name = service.replaceAll(' ', '_');
  const fromEnvironment = env[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] || env.AWS_ENDPOINT_URL;
  if (fromEnvironment) return fromEnvironment;
  const section = own.services === undefined ? {} : config.services.get(own.services);
  if (section === undefined)
    throw new SettingsError({
      why: `Profile ${profile} names the services section ${own.services}, which the shared config does not have.`,
      next: [`Add [services ${own.services}] to the config file, or take the line "services" out of the profile.`],
    });
  return section[`${name.toLowerCase()}.endpoint_url`] || own.endpoint_url || undefined;
}

function attempts(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new SettingsError({
    why: `AWS_MAX_ATTEMPTS or max_attempts of the profile is "${text}", which is no number from 1.`,
    next: ['Set it to a number from 1, or take it out.'],
  });
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

function noAddress(endpoint: string) {
  return {
    why: `The endpoint "${endpoint}" is no address that starts with http:// or https://.`,
    next: ['Check --endpoint-url, AWS_ENDPOINT_URL in the environment and endpoint_url of the profile.'],
  };
}
