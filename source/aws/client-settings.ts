import { SettingsError } from './settings-error.ts';
import type { Settings, SharedConfig } from './shared-config.ts';

/** The service names that AWS settings use. AWS SDKs and tools reference guide, "Service-specific endpoints". */
export type ServiceId = 'KMS' | 'S3' | 'IAM' | 'STS' | 'Account' | 'SSO' | 'SSO OIDC' | 'Signin';

/** What the environment and one profile say about clients, except for credentials and the Region. */
export type ClientSettings = {
  /**
   * Gives the endpoint that replaces the service's own, or `undefined` when none is configured.
   * @throws SettingsError when the setting is not a URL, or names a section that is missing.
   */
  readonly endpointOf: (service: ServiceId) => string | undefined;
  readonly useFips: boolean;
  readonly useDualstack: boolean;
  /** The settings below `s3 =` in the profile. */
  readonly s3: { readonly addressing?: 'path' | 'virtual'; readonly useDualstack: boolean };
  /** How often a request is sent at most, with the first time. Absent when nothing is set. */
  readonly maxAttempts?: number;
  /**
   * With `adaptive`, Keyferry sends more slowly after a service has throttled it. `legacy` and `standard` do the same here.
   */
  readonly retryMode: RetryMode;
  /** The path of a file with certificates of authorities; `from` is the setting that contains this path. */
  readonly caBundle?: { readonly path: string; readonly from: string };
};

const retryModes = ['legacy', 'standard', 'adaptive'] as const;

export type RetryMode = (typeof retryModes)[number];

export const noSettings: ClientSettings = {
  endpointOf: () => undefined,
  useFips: false,
  useDualstack: false,
  s3: { useDualstack: false },
  retryMode: 'standard',
};

/**
 * Reads the settings as aws-cli does: first the environment, then the given profile, and no other profile.
 * botocore, `configprovider.py`.
 * @param profile the profile in use. It counts for everything that the environment does not set.
 * @param endpointUrl the endpoint from a flag. It replaces the endpoints of all services and all settings.
 * @throws SettingsError when max_attempts is not a number, or retry_mode or addressing_style has an unknown value.
 */
export function readClientSettings(
  env: Settings,
  { profile, config, endpointUrl }: { profile: string; config: SharedConfig; endpointUrl?: string | undefined },
): ClientSettings {
  const own = config.profiles.get(profile) ?? {};
  const setting = (variable: string, name: string) => env[variable] || own[name] || undefined;
  const isSet = (variable: string, name: string) => setting(variable, name)?.toLowerCase() === 'true';
  const isIgnored = isSet('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls');
  const maxAttempts = parseMaxAttempts(setting('AWS_MAX_ATTEMPTS', 'max_attempts'));
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
    s3: s3Settings(own, profile),
    retryMode: parseRetryMode(setting('AWS_RETRY_MODE', 'retry_mode')),
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

/** Finds the endpoint in the settings, in the order of aws-cli: botocore, `ConfiguredEndpointProvider`. */
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

function parseMaxAttempts(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new SettingsError({
    why: `AWS_MAX_ATTEMPTS or max_attempts of the profile is "${text}", which is no number from 1.`,
    next: ['Set it to a number from 1, or take it out.'],
  });
}

function parseRetryMode(text: string | undefined): RetryMode {
  const mode = text === undefined ? 'standard' : retryModes.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new SettingsError({
    why: `AWS_RETRY_MODE or retry_mode of the profile is "${text}", and must be one of: ${retryModes.join(', ')}.`,
    next: ['Set it to one of them, or take it out.'],
  });
}

/** Reads the settings below `s3 =` as botocore does in `args.py` and `_is_s3_dualstack_mode`. */
function s3Settings(own: Settings, profile: string): ClientSettings['s3'] {
  const { 's3.addressing_style': style, 's3.use_dualstack_endpoint': dualstack } = own;
  if (style !== undefined && !/^(auto|path|virtual)$/.test(style))
    throw new SettingsError({
      why: `addressing_style below "s3 =" in profile ${profile} is "${style}", and must be one of: auto, path, virtual.`,
      next: ['Set it to one of them, or take it out.'],
    });
  return {
    ...(style === 'path' || style === 'virtual' ? { addressing: style } : {}),
    useDualstack: dualstack?.toLowerCase() === 'true',
  };
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
