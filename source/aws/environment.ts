import { explainMissing, roleOfMachine, roleVariables } from './machine-source.ts';
import { explainMissingProfile } from './missing-profile.ts';
import { methodOf } from './profile-method.ts';
import { readSharedConfig, type Settings, type SharedConfig } from './shared-config.ts';

/** A profile of the shared config. `region` is absent when the profile sets none. */
export type Profile = {
  readonly name: string;
  readonly region?: string;
};

/** The identity that a person chooses for AWS. */
export type AwsSource = 'environment' | 'instance-role' | `profile:${string}`;

/** Gives NAME of a source `profile:NAME`; `undefined` for any other source. */
export function profileInSource(source: string): string | undefined {
  return source.startsWith('profile:') ? source.slice('profile:'.length) : undefined;
}

/** The identities that this machine offers. None of them has been tried. Contains names only, no secrets. */
export type AwsEnvironment = {
  /** True when the environment has access keys. */
  readonly hasKeys: boolean;
  /** True when the environment names the credentials of a container or of a web identity. */
  readonly hasRole: boolean;
  /**
   * The profiles of the shared config and credentials files. First comes the one that the environment names, or `default`.
   */
  readonly profiles: readonly Profile[];
  /** Says why this machine lacks an identity; `undefined` when it has the identity, or only a sign-in can tell. */
  readonly whyMissing: (source: string) => string | undefined;
  /** The identity that the aws command uses here when no flag names a profile. */
  readonly source: AwsSource;
  /** The value of `AWS_REGION`, or else of `AWS_DEFAULT_REGION`. */
  readonly region: string | undefined;
};

/**
 * Reads the environment and the shared AWS config files (~/.aws/config, ~/.aws/credentials, or where the environment says).
 */
export async function readAwsEnvironment(env: Settings): Promise<AwsEnvironment> {
  const config = await readSharedConfig();
  const first = profileOf(env) ?? 'default';
  return {
    hasKeys: Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY),
    hasRole: roleOfMachine(env) !== 'Ec2InstanceMetadata',
    profiles: [...config.profiles]
      .map(([name, { region }]) => ({ name, ...(region === undefined ? {} : { region }) }))
      // Moves the first profile to the beginning and keeps the order of the others.
      .sort((a, b) => Number(b.name === first) - Number(a.name === first)),
    whyMissing: (source) => {
      if (source === 'environment') return explainMissing('Environment', env)?.why;
      const name = /^profile:(.*)$/.exec(source)?.[1];
      return name === undefined || config.profiles.has(name) ? undefined : explainMissingProfile(name, config).why;
    },
    source: sourceWithoutFlags(env, config.profiles),
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
  };
}

/**
 * Gives the environment variable that makes the aws command use this identity without a flag. When no variable does so,
 * gives `the default profile` or `nothing`. Call it only for {@link AwsEnvironment.source}.
 */
export function findNamingVariable(source: AwsSource, env: Settings): string {
  if (source === 'environment') return 'AWS_ACCESS_KEY_ID';
  if (source !== 'instance-role')
    return ['AWS_DEFAULT_PROFILE', 'AWS_PROFILE'].find((name) => env[name]) ?? 'the default profile';
  return roleVariables.find((name) => env[name]) ?? 'nothing';
}

/**
 * Gives the profile that the environment names. aws-cli reads both variables in this order: botocore, `configprovider.py`.
 */
export const profileOf = (env: Settings) => env.AWS_DEFAULT_PROFILE || env.AWS_PROFILE || undefined;

/**
 * Gives the first identity that is set up here, in the order of aws-cli: botocore, `create_credential_resolver`; the role of the
 * machine when none is. An identity that is set up but cannot work is not skipped, and neither is a profile that the environment
 * names but that does not exist: a person then reads its error.
 */
function sourceWithoutFlags(env: Settings, profiles: SharedConfig['profiles']): AwsSource {
  const namedProfile = profileOf(env);
  const profile = `profile:${namedProfile ?? 'default'}` as const;
  const settings = profiles.get(namedProfile ?? 'default');
  if (namedProfile !== undefined && settings === undefined) return profile;
  if (env.AWS_ACCESS_KEY_ID) return 'environment';
  const { role_arn: role, web_identity_token_file: token, aws_access_key_id: id } = settings ?? {};
  // aws-cli tries the role of a profile first, and then a web identity: first that of the environment, then that of the profile.
  if (role !== undefined && token === undefined) return profile;
  if (roleOfMachine(env) === 'TokenFile') return 'instance-role';
  // On many machines with a role, the default profile sets only the Region. It is then no identity.
  const isIdentity = settings !== undefined && (id !== undefined || methodOf(settings) !== undefined);
  return isIdentity ? profile : 'instance-role';
}
