/** How a profile of the shared config gets its credentials. AWS SDKs and tools reference guide, "Settings". */
export type SignIn = 'keys' | 'sso' | 'login' | 'role' | 'process' | 'none';

export type Profile = {
  readonly name: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly signIn: SignIn;
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
export async function readAwsEnvironment(env: Readonly<Record<string, string | undefined>>): Promise<AwsEnvironment> {
  const { loadSharedConfigFiles } = await import('@smithy/core/config');
  const { configFile, credentialsFile } = await loadSharedConfigFiles().catch(() => ({
    configFile: {},
    credentialsFile: {},
  }));
  const profiles = new Map<string, Profile>();
  for (const file of [configFile, credentialsFile] as Record<string, Record<string, string | undefined>>[]) {
    for (const [name, settings] of Object.entries(file)) {
      // The loader lists `[sso-session x]` and `[services x]` sections beside profiles, as `sso-session.x`.
      if (/^(sso-session|services)\./.test(name)) continue;
      const { region, endpoint_url: endpointUrl } = settings;
      const before = profiles.get(name);
      // Keys often stand in the credentials file, and the rest of the profile in the config file.
      const signIn = signInOf(settings);
      profiles.set(name, {
        name,
        ...before,
        ...(region === undefined ? {} : { region }),
        ...(endpointUrl === undefined ? {} : { endpointUrl }),
        signIn: signIn === 'none' ? (before?.signIn ?? 'none') : signIn,
      });
    }
  }
  const first = env.AWS_PROFILE ?? 'default';
  return {
    hasKeys: env.AWS_ACCESS_KEY_ID !== undefined && env.AWS_SECRET_ACCESS_KEY !== undefined,
    hasRole:
      env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI !== undefined ||
      env.AWS_CONTAINER_CREDENTIALS_FULL_URI !== undefined ||
      env.AWS_WEB_IDENTITY_TOKEN_FILE !== undefined,
    profiles: [...profiles.values()].sort((a, b) => Number(b.name === first) - Number(a.name === first)),
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION,
    endpointUrl: env.AWS_ENDPOINT_URL_KMS ?? env.AWS_ENDPOINT_URL,
  };
}

function signInOf(settings: Readonly<Record<string, string | undefined>>): SignIn {
  if (settings.role_arn !== undefined) return 'role';
  if (settings.sso_session !== undefined || settings.sso_start_url !== undefined) return 'sso';
  if (settings.login_session !== undefined) return 'login';
  if (settings.credential_process !== undefined) return 'process';
  return settings.aws_access_key_id === undefined ? 'none' : 'keys';
}
