import type { Place } from '../../source/doctor/place.ts';

/** Credentials from there, in us-east-1, without an endpoint of their own; `more` replaces that. */
export const placeOf = (source: Place['source'], sourceFrom: string, more: Partial<Place> = {}): Place => ({
  source,
  sourceFrom,
  region: 'us-east-1',
  regionFrom: '--region',
  endpointUrl: undefined,
  ...more,
});
