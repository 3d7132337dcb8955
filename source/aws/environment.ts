import { explainMissing, roleOfMachine, roleVariables } from './machine-source.ts';
import { missingProfile } from './missing-profile.ts';
import { wayOf } from './profile-way.ts';
import { readSharedConfig, type Settings, type SharedConfig } from './shared-config.ts';

export type Profile = {
  readonly name: string;
  readonly region?: string;
};

/** An identity of AWS as people name it. */
export type AwsSource = 'environment' | 'instance-role' | `profile:${string}`;

/** Which ways to an AWS account this machine offers, without having tried any. Names only, no secrets. */
export type AwsEnvironment = {
  /** Access keys in the environment. */
  readonly hasKeys: boolean;
  /** The environment names a container's or a web identity's credentials. */
  readonly hasRole: boolean;
  /** From the shared config and credentials files, the one that the environment names or `default` first. */
  readonly profiles: readonly Profile[];
  /** Why there is no such source here, one to three sentences; nothing where it is, or where only trying can tell. */
  readonly whyMissing: (source: string) => string | undefined;
  /** Whom the aws command works as here when no flag names a profile. */
  readonly source: AwsSource;
  /** From `AWS_REGION` or `AWS_DEFAULT_REGION`. */
  readonly region: string | undefined;
};

/** Reads the environment and the shared AWS config files (~/.aws/config, ~/.aws/credentials, or where the environment says). */
export async function readAwsEnvironment(env: Settings): Promise<AwsEnvironment> {
  const config = await readSharedConfig();
  const first = profileOf(env) ?? 'default';
  return {
    hasKeys: Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY),
    hasRole: roleOfMachine(env) !== 'Ec2InstanceMetadata',
    profiles: [...config.profiles]
      .map(([name, { region }]) => ({ name, ...(region === undefined ? {} : { region }) }))
      .sort((a, b) => Number(b.name === first) - Number(a.name === first)),
    whyMissing: (source) => {
      if (source === 'environment') return explainMissing('Environment', env)?.why;
      const name = /^profile:(.*)$/.exec(source)?.[1];
      return name === undefined || config.profiles.has(name) ? undefined : missingProfile(name, config).why;
    },
    source: sourceWithoutFlags(env, config.profiles),
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
  };
}

/** Names the environment variable that makes the aws command use this source without a flag, or says that none does. */
export function whatNames(source: AwsSource, env: Settings): string {
  if (source === 'environment') return 'AWS_ACCESS_KEY_ID';
  if (source !== 'instance-role')
    return ['AWS_DEFAULT_PROFILE', 'AWS_PROFILE'].find((name) => env[name]) ?? 'the default profile';
  return roleVariables.find((name) => env[name]) ?? 'nothing';
}

/** Gives the profile that the environment names. aws-cli reads both variables in this order: botocore, `configprovider.py`. */
export const profileOf = (env: Settings) => env.AWS_DEFAULT_PROFILE || env.AWS_PROFILE || undefined;

/**
 * The first that is there, in the order of aws-cli: botocore, `create_credential_resolver`. What is there and gives nothing
 * is an error, and not a reason to go on to the next; so is a profile that the environment names and that does not exist.
 */
function sourceWithoutFlags(env: Settings, profiles: SharedConfig['profiles']): AwsSource {
  const named = profileOf(env);
  const profile = `profile:${named ?? 'default'}` as const;
  const settings = profiles.get(named ?? 'default');
  if (named !== undefined && settings === undefined) return profile;
  if (env.AWS_ACCESS_KEY_ID) return 'environment';
  const { role_arn: role, web_identity_token_file: token, aws_access_key_id: id } = settings ?? {};
  if (role !== undefined && token === undefined) return profile;
  if (roleOfMachine(env) === 'TokenFile') return 'instance-role';
  // Many machines with a role have a profile that sets their Region alone.
  return settings !== undefined && (id !== undefined || wayOf(settings) !== undefined) ? profile : 'instance-role';
}
