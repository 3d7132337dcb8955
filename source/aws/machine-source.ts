import { type ProviderFailure, reasonOf } from './provider-failure.ts';
import type { Settings } from './shared-config.ts';
import type { SignInFailure } from './sign-in-error.ts';

/** The values that `credential_source` of a profile can have. */
export const credentialSources = ['Environment', 'Ec2InstanceMetadata', 'EcsContainer'] as const;

export type CredentialSourceName = (typeof credentialSources)[number];

/** Where credentials come from without a profile. `TokenFile` is a pod's web identity: AWS_WEB_IDENTITY_TOKEN_FILE. */
export type MachineSource = CredentialSourceName | 'TokenFile';

const tokenFile = 'AWS_WEB_IDENTITY_TOKEN_FILE';
const relativeUri = 'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI';
const fullUri = 'AWS_CONTAINER_CREDENTIALS_FULL_URI';
const anotherWay = 'Or choose another way to connect.';

/** The environment variables that name a role; the first that is set counts. */
export const roleVariables: readonly string[] = [tokenFile, relativeUri, fullUri];

/**
 * Gives the source of the role that this machine has, in the order of aws-cli: the web identity or the container role that
 * the environment names, else the instance role.
 */
export function roleOfMachine(env: Settings): Exclude<MachineSource, 'Environment'> {
  if (env[tokenFile]) return 'TokenFile';
  return env[relativeUri] || env[fullUri] ? 'EcsContainer' : 'Ec2InstanceMetadata';
}

/**
 * Says which variable of a source is missing, or that the source is switched off. Gives `undefined` when nothing is wrong.
 */
export function explainMissing(source: MachineSource, env: Settings): SignInFailure | undefined {
  const failure = checks[source](env);
  return failure === undefined ? undefined : { ...failure, next: [...failure.next, anotherWay] };
}

/** For each source, a function that says what is wrong with the environment, without the advice to choose another way. */
const checks: Readonly<Record<MachineSource, (env: Settings) => SignInFailure | undefined>> = {
  Environment: (env) => {
    const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
    const present = names.find((name) => env[name]);
    const missing = names.filter((name) => !env[name]);
    if (missing.length === 0) return undefined;
    return {
      why: `The environment has ${present === undefined ? '' : `${present} and `}no ${missing.join(' and no ')}.`,
      next: ['Set both, then start Keyferry again.'],
    };
  },
  TokenFile: ({ AWS_ROLE_ARN: role }) =>
    role
      ? undefined
      : { why: `${tokenFile} is set, and AWS_ROLE_ARN is not.`, next: ['Set it, then start Keyferry again.'] },
  EcsContainer: (env) =>
    env[relativeUri] || env[fullUri]
      ? undefined
      : {
          why: `The environment names no endpoint for the credentials of a container (${fullUri}).`,
          next: ['Start Keyferry in the container that has the role.'],
        },
  // For the SDK's default chain, every value except "false" switches the service off.
  Ec2InstanceMetadata: ({ AWS_EC2_METADATA_DISABLED: disabled }) =>
    disabled && disabled !== 'false'
      ? {
          why: 'AWS_EC2_METADATA_DISABLED is set, so that this machine is not asked for its role.',
          next: ['Take it out of the environment, then start Keyferry again.'],
        }
      : undefined,
};

/**
 * Says why a source gave no credentials, although the environment has all variables that the source needs.
 * @param error what the SDK's provider threw.
 */
export function explainSource(source: MachineSource, error: ProviderFailure): SignInFailure {
  switch (source) {
    case 'Ec2InstanceMetadata':
      return explainMetadata(error);
    case 'EcsContainer':
      return {
        why: `The credentials endpoint of this container gave no credentials: ${reasonOf(error)}`,
        next: ['Check the role of the task or pod, and: env | grep ^AWS_CONTAINER_', anotherWay],
      };
    case 'TokenFile':
      return {
        why: `STS gave no role for the token file that ${tokenFile} names: ${reasonOf(error)}`,
        next: ['Check that file, then try again.', anotherWay],
      };
    case 'Environment':
      return { why: `The environment gave no credentials: ${reasonOf(error)}`, next: [anotherWay] };
  }
}

const raiseHopLimit = 'aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2 --instance-id ID';

/** What an HTTP status of the metadata service means. Amazon EC2 user guide, "Retrieve instance metadata". */
const metadataAnswers: Readonly<Record<number, SignInFailure>> = {
  401: {
    why: 'The metadata service of this machine wants a session token (IMDSv2), and gave none: its answer did not come through, as in a container where the hop limit is 1.',
    next: [`Raise it: ${raiseHopLimit}`],
  },
  403: {
    why: 'The metadata service of this machine is switched off, or forbidden to this program.',
    next: ['Switch it on: aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id ID'],
  },
  404: {
    why: 'The metadata service of this machine answers, and no role is attached to the machine.',
    next: ['Attach a role to the machine, then try again.'],
  },
};

/** Explains an error of the EC2 metadata service: by the HTTP status of its answer, else by the reason in the error. */
function explainMetadata(error: ProviderFailure): SignInFailure {
  const known = error.statusCode === undefined ? undefined : metadataAnswers[error.statusCode];
  const { why, next } = known ?? {
    why: `The metadata service of this machine gave no role: ${reasonOf(error)}`,
    next: [
      'A machine that is not an EC2 instance has no such role.',
      `In a container, its hop limit may be 1: ${raiseHopLimit}`,
    ],
  };
  return { why, next: [...next, anotherWay] };
}
