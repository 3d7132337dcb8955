import { type AwsEnvironment, findNamingVariable } from '../aws/environment.ts';
import type { Source } from '../steps/facts.ts';
import type { PlaceOptions } from './open-ceremony.ts';

/** The source of credentials and the Region of a command that does not ask for them. */
export type PlaceInUse = {
  readonly source: Source;
  /** What set the source, for people: a flag, an environment variable, or a few words. */
  readonly sourceFrom: string;
  readonly region: string;
  /** What set the Region, for people. */
  readonly regionFrom: string;
};

/** Gives the source of credentials and the Region: from the flags, else as the aws command does. The last resort is us-east-1. */
export function placeInUse(options: PlaceOptions, environment: AwsEnvironment): PlaceInUse {
  const { source, sourceFrom } = sourceInUse(options, environment);
  const { region } = options;
  const profileRegion = environment.profiles.find(({ name }) => source === `profile:${name}`)?.region;
  if (region !== undefined) return { source, sourceFrom, region, regionFrom: '--region' };
  if (environment.region !== undefined) {
    const regionFrom = process.env.AWS_REGION ? 'AWS_REGION' : 'AWS_DEFAULT_REGION';
    return { source, sourceFrom, region: environment.region, regionFrom };
  }
  if (profileRegion !== undefined) return { source, sourceFrom, region: profileRegion, regionFrom: 'the profile' };
  return { source, sourceFrom, region: 'us-east-1', regionFrom: 'default' };
}

/** Gives the source of credentials, and where it was set. */
function sourceInUse(
  { practice, profile }: PlaceOptions,
  { source }: AwsEnvironment,
): Pick<PlaceInUse, 'source' | 'sourceFrom'> {
  if (practice === true) return { source: 'practice', sourceFrom: '--practice' };
  if (profile !== undefined) return { source: `profile:${profile}`, sourceFrom: '--profile' };
  return { source, sourceFrom: findNamingVariable(source, process.env) };
}
