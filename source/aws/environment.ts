import { roleOfMachine } from './machine-source.ts';
import { readSharedConfig, type Settings } from './shared-config.ts';

export type Profile = {
  readonly name: string;
  readonly region?: string;
  readonly endpointUrl?: string;
};

/** Which ways to an AWS account this machine offers, without having tried any. Names only, no secrets. */
export type AwsEnvironment = {
  /** Access keys in the environment. */
  readonly hasKeys: boolean;
  /** The environment names a container's or a web identity's credentials. */
  readonly hasRole: boolean;
  /** From the shared config and credentials files, `AWS_PROFILE` or `default` first. */
  readonly profiles: readonly Profile[];
  /** From `AWS_REGION` or `AWS_DEFAULT_REGION`. */
  readonly region: string | undefined;
  /** What AWS_ENDPOINT_URL_KMS or AWS_ENDPOINT_URL puts in the place of KMS's own endpoint. */
  readonly endpointUrl: string | undefined;
};

/** Reads the environment and the shared AWS config files (~/.aws/config, ~/.aws/credentials, or where the environment says). */
export async function readAwsEnvironment(env: Settings): Promise<AwsEnvironment> {
  const config = await readSharedConfig();
  const first = env.AWS_PROFILE || 'default';
  return {
    hasKeys: Boolean(env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY),
    hasRole: roleOfMachine(env) !== 'Ec2InstanceMetadata',
    profiles: [...config.profiles]
      .map(([name, { region, endpoint_url: endpointUrl }]) => ({
        name,
        ...(region === undefined ? {} : { region }),
        ...(endpointUrl === undefined ? {} : { endpointUrl }),
      }))
      .sort((a, b) => Number(b.name === first) - Number(a.name === first)),
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    endpointUrl: env.AWS_ENDPOINT_URL_KMS ?? env.AWS_ENDPOINT_URL,
  };
}
