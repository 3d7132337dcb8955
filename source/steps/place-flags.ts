import { profileInSource } from '../aws/environment.ts';
import type { Connection } from './facts.ts';

/**
 * Gives the flags with which a command of Keyferry connects to this account, Region and endpoint, as far as there are flags
 * for it.
 */
export function placeFlags(
  { source, region }: Pick<Connection, 'source' | 'region'>,
  endpointUrl: string | undefined,
): readonly string[] {
  const profile = profileInSource(source);
  return [
    ...(source === 'practice' ? ['--practice'] : []),
    ...(profile === undefined ? [] : ['--profile', profile]),
    ...['--region', region],
    ...(endpointUrl === undefined ? [] : ['--endpoint-url', endpointUrl]),
  ];
}
