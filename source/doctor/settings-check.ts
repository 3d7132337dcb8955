import { type ClientSettings, noSettings, readClientSettings, type ServiceId } from '../aws/client-settings.ts';
import { askedServices, profileInUse } from '../aws/connecting.ts';
import { credentialsOf } from '../aws/credentials.ts';
import { isRegion, noRegion } from '../aws/region.ts';
import { SettingsError } from '../aws/settings-error.ts';
import type { Settings, SharedConfig } from '../aws/shared-config.ts';
import type { Check } from './check.ts';
import type { Place } from './place.ts';

/**
 * Checks the Region and the connection settings of the environment and the profile.
 * @returns the check and the settings; empty settings when one of them is not valid.
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
    const endpoints = Object.fromEntries(
      askedServices.map((service) => [service.toLowerCase(), shownEndpoint(settings, service)]),
    );
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

function settingsOf(
  { source, endpointUrl }: Place,
  { config, env }: { readonly config: SharedConfig; readonly env: Settings },
): ClientSettings {
  if (typeof source === 'object') return { ...noSettings, endpointOf: () => source.endpoint };
  return readClientSettings(env, { profile: profileInUse(credentialsOf(source), env), config, endpointUrl });
}

/** Gives the endpoint of a service without a user and password in its URL: they are not used, and must not be seen. */
function shownEndpoint({ endpointOf }: ClientSettings, service: ServiceId): string | undefined {
  const endpoint = endpointOf(service);
  if (endpoint === undefined) return undefined;
  const { origin, pathname } = new URL(endpoint);
  return pathname === '/' ? origin : `${origin}${pathname}`;
}

function detailsOf(settings: ClientSettings): readonly string[] {
  const { useFips, useDualstack, maxAttempts } = settings;
  const byUrl = Object.groupBy(askedServices, (service) => shownEndpoint(settings, service) ?? '');
  const overrides = Object.entries(byUrl).filter(([url]) => url !== '');
  return [
    ...overrides.map(([url, services = []]) => `endpoint ${url} for ${services.join(', ')}`),
    ...(useFips ? ['FIPS endpoints'] : []),
    ...(useDualstack ? ['dual-stack endpoints'] : []),
    ...(maxAttempts === undefined ? [] : [`each request is sent ${maxAttempts} times at most (max_attempts)`]),
  ];
}
