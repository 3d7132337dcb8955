import { checkedEndpoint } from './endpoint-url.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings, SharedConfig } from './shared-config.ts';

/** The service names that AWS settings use. AWS SDKs and tools reference guide, "Service-specific endpoints". */
export type ServiceId = 'KMS' | 'S3' | 'IAM' | 'STS' | 'Account' | 'SSO' | 'SSO OIDC' | 'Signin';

/** The settings of the environment and one profile for SDK clients, without credentials and the Region. */
export type ClientSettings = {
  /**
   * Gives the endpoint that replaces the service's own, or `undefined` when none is configured.
   * @throws SettingsError when the endpoint is not a URL, or is plain HTTP to another machine; also when the profile names a
   * services section that is missing.
   */
  readonly endpointOf: (service: ServiceId) => string | undefined;
  readonly useFips: boolean;
  readonly useDualstack: boolean;
  /** The settings below `s3 =` in the profile. */
  readonly s3: { readonly addressing?: 'path' | 'virtual'; readonly useDualstack: boolean };
  /** How many times a request is sent at most, the first time included. Absent when nothing is set. */
  readonly maxAttempts?: number;
  /**
   * With `adaptive`, Keyferry sends more slowly after a service has throttled it. `legacy` and `standard` do the same here.
   */
  readonly retryMode: RetryMode;
  /** A file with certificates of authorities. `from` is the name of the setting that contains its path. */
  readonly caBundle?: { readonly path: string; readonly from: string };
};

const retryModes = ['legacy', 'standard', 'adaptive'] as const;

export type RetryMode = (typeof retryModes)[number];

/** The settings when nothing is set. */
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
 * @throws SettingsError when max_attempts is no whole number from 1, or retry_mode or addressing_style has an unknown value.
 */
export function readClientSettings(
  env: Settings,
  { profile, config, endpointUrl }: { profile: string; config: SharedConfig; endpointUrl?: string | undefined },
): ClientSettings {
  const profileSettings = config.profiles.get(profile) ?? {};
  const read = (variable: string, name: string) => env[variable] || profileSettings[name] || undefined;
  const isOn = (variable: string, name: string) => read(variable, name)?.toLowerCase() === 'true';
  const isIgnored = isOn('AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls');
  const maxAttempts = parseMaxAttempts(read('AWS_MAX_ATTEMPTS', 'max_attempts'));
  const bundle = read('AWS_CA_BUNDLE', 'ca_bundle');
  return {
    endpointOf: (service) => {
      const configured = isIgnored ? undefined : findEndpoint(service, { env, profileSettings, profile, config });
      const endpoint = endpointUrl ?? configured;
      return endpoint === undefined ? undefined : checkedEndpoint(endpoint);
    },
    useFips: isOn('AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint'),
    useDualstack: isOn('AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint'),
    s3: readS3Settings(profileSettings, profile),
    retryMode: parseRetryMode(read('AWS_RETRY_MODE', 'retry_mode')),
    ...(maxAttempts === undefined ? {} : { maxAttempts }),
    ...(bundle === undefined
      ? {}
      : { caBundle: { path: bundle, from: env.AWS_CA_BUNDLE ? 'AWS_CA_BUNDLE' : `ca_bundle of profile ${profile}` } }),
  };
}

/** Where the setting of an endpoint may be: in the environment, the profile, or a section that the profile names. */
type Sources = {
  readonly env: Settings;
  readonly profileSettings: Settings;
  readonly profile: string;
  readonly config: SharedConfig;
};

/**
 * Finds the configured endpoint of a service, in the order of aws-cli: botocore, `ConfiguredEndpointProvider`. Gives `undefined`
 * when none is configured.
 * @throws SettingsError when the environment has no endpoint, and the profile names a section that is missing.
 */
function findEndpoint(service: ServiceId, { env, profileSettings, profile, config }: Sources): string | undefined {
  const name = service.replaceAll(' ', '_');
  const fromEnvironment = env[`AWS_ENDPOINT_URL_${name.toUpperCase()}`] || env.AWS_ENDPOINT_URL;
  if (fromEnvironment) return fromEnvironment;
  const { services: sectionName, endpoint_url: endpointUrl } = profileSettings;
  const section = sectionName === undefined ? {} : config.services.get(sectionName);
  if (section === undefined)
    throw new SettingsError({
      why: `Profile ${profile} names the services section ${sectionName}, which the shared config does not have.`,
      next: [`Add [services ${sectionName}] to the config file, or take the line "services" out of the profile.`],
    });
  return section[`${name.toLowerCase()}.endpoint_url`] || endpointUrl || undefined;
}

/**
 * Reads how many times a request is sent at most; `undefined` when nothing is set.
 * @throws SettingsError when the text is no whole number from 1.
 */
function parseMaxAttempts(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new SettingsError({
    why: `AWS_MAX_ATTEMPTS or max_attempts of the profile is "${text}", which is no number from 1.`,
    next: ['Set it to a number from 1, or take it out.'],
  });
}

/**
 * Reads the retry mode; `standard` when nothing is set.
 * @throws SettingsError when there is no such mode.
 */
function parseRetryMode(text: string | undefined): RetryMode {
  const mode = text === undefined ? 'standard' : retryModes.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new SettingsError({
    why: `AWS_RETRY_MODE or retry_mode of the profile is "${text}", and must be one of: ${retryModes.join(', ')}.`,
    next: ['Set it to one of them, or take it out.'],
  });
}

/**
 * Reads the settings below `s3 =` as botocore does in `args.py` and `_is_s3_dualstack_mode`. With `auto`, the SDK chooses how a
 * bucket is named, as when nothing is set.
 * @throws SettingsError when addressing_style has an unknown value.
 */
function readS3Settings(profileSettings: Settings, profile: string): ClientSettings['s3'] {
  const { 's3.addressing_style': style, 's3.use_dualstack_endpoint': dualstack } = profileSettings;
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
