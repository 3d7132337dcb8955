import { type ClientSettings, noSettings, readClientSettings, type ServiceId } from '../aws/client-settings.ts';
import { askedServices, profileInUse } from '../aws/connecting.ts';
import { credentialsOf } from '../aws/credentials.ts';
import { refuseUncheckedCertificates } from '../aws/endpoint-url.ts';
import { isRegion, noRegion } from '../aws/region.ts';
import { SettingsError } from '../aws/settings-error.ts';
import type { Settings, SharedConfig } from '../aws/shared-config.ts';
import type { Check } from './check.ts';
import type { Place } from './place.ts';

/**
 * Checks the Region, and the connection settings that the environment and the profile have.
 * @returns the check, and the settings. When one setting is not valid, the returned settings are empty.
 */
export function checkSettings(
  place: Place,
  { config, env }: { readonly config: SharedConfig; readonly env: Settings },
): { readonly check: Check; readonly settings: ClientSettings } {
  const { region, regionFrom } = place;
  const id = 'settings';
  const what = `Region ${region}, by ${regionFrom}.`;
  if (!isRegion(region)) {
    const failure = { why: noRegion, next: ['Correct it, or name another: --region us-east-1'] };
    return { check: { id, state: 'fails', what, ...failure, facts: { region, regionFrom } }, settings: noSettings };
  }
  try {
    const settings = settingsOf(place, { config, env });
    const endpointEntries = askedServices.map((service) => [service.toLowerCase(), shownEndpoint(settings, service)]);
    const endpoints = Object.fromEntries(endpointEntries);
    const { useFips, useDualstack, maxAttempts } = settings;
    const facts = { region, regionFrom, endpoints, useFips, useDualstack, maxAttempts };
    return { check: { id, state: 'fine', what, details: detailsOf(settings), facts }, settings };
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    const check: Check = {
      id,
      state: 'fails',
      what: 'A setting cannot be followed.',
      ...error.failure,
      facts: { region, regionFrom },
    };
    return { check, settings: noSettings };
  }
}

/**
 * Reads the connection settings that belong to the credentials. Practice AWS, whose source is an object, has only its endpoint.
 * @throws SettingsError when a setting is not valid, or when Node is told not to check certificates.
 */
function settingsOf(
  { source, endpointUrl }: Place,
  { config, env }: { readonly config: SharedConfig; readonly env: Settings },
): ClientSettings {
  if (typeof source === 'object') return { ...noSettings, endpointOf: () => source.endpoint };
  refuseUncheckedCertificates(env);
  return readClientSettings(env, { profile: profileInUse(credentialsOf(source), env), config, endpointUrl });
}

/** Gives the URL of a service's endpoint, without user and password; `undefined` when no setting names one. */
function shownEndpoint({ endpointOf }: ClientSettings, service: ServiceId): string | undefined {
  const endpoint = endpointOf(service);
  if (endpoint === undefined) return undefined;
  const { origin, pathname } = new URL(endpoint);
  return pathname === '/' ? origin : `${origin}${pathname}`;
}

/** Gives a line for each setting that differs from the usual. One line has all services with the same endpoint. */
function detailsOf(settings: ClientSettings): readonly string[] {
  const { useFips, useDualstack, maxAttempts } = settings;
  // Services without an endpoint of their own come under the empty text.
  const byUrl = Object.groupBy(askedServices, (service) => shownEndpoint(settings, service) ?? '');
  const overrides = Object.entries(byUrl).filter(([url]) => url !== '');
  return [
    ...overrides.map(([url, services = []]) => `endpoint ${url} for ${services.join(', ')}`),
    ...(useFips ? ['FIPS endpoints'] : []),
    ...(useDualstack ? ['dual-stack endpoints'] : []),
    ...(maxAttempts === undefined ? [] : [`each request is sent ${maxAttempts} times at most (max_attempts)`]),
  ];
}
