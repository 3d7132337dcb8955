import { type AwsEnvironment, findNamingVariable } from '../aws/environment.ts';
import type { Source } from '../steps/facts.ts';
import type { PlaceOptions } from './open-ceremony.ts';

/** The credentials and the Region with which a command works that asks no questions. */
export type PlaceInUse = {
  readonly source: Source;
  /** What set the source, for people: a flag, an environment variable, or words. `regionFrom` says the same of the Region. */
  readonly sourceFrom: string;
  readonly region: string;
  readonly regionFrom: string;
};

/** Gives the source of credentials and the Region from the flags, else as the aws command does, else us-east-1. */
export function placeInUse(options: PlaceOptions, environment: AwsEnvironment): PlaceInUse {
  const { source, sourceFrom } = sourceInUse(options, environment);
  const { region } = options;
  const ofProfile = environment.profiles.find(({ name }) => source === `profile:${name}`)?.region;
  if (region !== undefined) return { source, sourceFrom, region, regionFrom: '--region' };
  if (environment.region !== undefined) {
    const regionFrom = process.env.AWS_REGION ? 'AWS_REGION' : 'AWS_DEFAULT_REGION';
    return { source, sourceFrom, region: environment.region, regionFrom };
  }
  if (ofProfile !== undefined) return { source, sourceFrom, region: ofProfile, regionFrom: 'the profile' };
  return { source, sourceFrom, region: 'us-east-1', regionFrom: 'default' };
}

function sourceInUse(
  { practice, profile }: PlaceOptions,
  { source }: AwsEnvironment,
): Pick<PlaceInUse, 'source' | 'sourceFrom'> {
  if (practice === true) return { source: 'practice', sourceFrom: '--practice' };
  if (profile !== undefined) return { source: `profile:${profile}`, sourceFrom: '--profile' };
  return { source, sourceFrom: findNamingVariable(source, process.env) };
}
