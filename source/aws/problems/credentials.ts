import type { KnownError } from './entry.ts';

// Pages: IAM user guide, "Troubleshoot IAM"; IAM and KMS API references, "Common Errors"; STS API reference,
// AssumeRoleWithWebIdentity.

const whoAmI = 'aws sts get-caller-identity';
const clock = 'date -u                       # against the Date header of: curl -sI https://sts.amazonaws.com';

/** AWS CLI 2.34.22 and later know the second. */
const ssoLogins = [
  'aws sso login --profile NAME',
  'aws sso login --profile NAME --use-device-code   # where no browser opens, as over SSH',
];

/**
 * Errors about who you are: credentials, single sign-on, MFA and the clock. AWS CLI and SDK reference guides; the common
 * errors of STS, IAM, KMS and S3.
 */
export const credentialEntries: readonly KnownError[] = [
  {
    names: [
      'CredentialsProviderError',
      'NoCredentialsError',
      'CredentialsError',
      'ProviderError',
      'NoCredentialProviders',
    ],
    phrases: [
      /Unable to locate credentials/i,
      /Could not load credentials from any providers/i,
      /no valid credential sources/i,
      /Partial credentials found/i,
      /failed to refresh cached credentials/i,
      /Unable to load (?:AWS )?credentials from any/i,
    ],
    isWrapper: true,
    kind: 'fixable',
    why: 'No usable credentials were found, or the sign-in behind them has ended.',
    causes: [
      'Nothing is set up: no keys in the environment, no profile, no role on this machine.',
      'The profile is another than the one that was set up: AWS_PROFILE and --profile decide.',
      'sudo, cron and ssh start without your environment.',
    ],
    look: ['aws configure list', 'aws configure list-profiles', 'env | grep ^AWS_ | cut -d= -f1'],
    next: [
      'Sign in again: aws sso login, aws login or aws configure.',
      'Then try again, or choose another way to connect.',
    ],
    readings: [
      {
        says: /\bSSO\b|aws sso login|\bsso[-_ ]session/,
        onlyWithCode: true,
        why: 'The single sign-on session of this profile has ended, or was never begun.',
        next: ['Run: aws sso login --profile NAME', 'Then try again.'],
        commands: ssoLogins,
      },
      {
        says: /MFA|mfa|multi-?factor/i,
        onlyWithCode: true,
        why: 'The role of this profile asks for a code of your MFA device, which cannot be asked for here.',
        causes: ['The profile has mfa_serial, and a code is typed only where the aws command can ask for it.'],
        next: [
          'Give the code to the aws command: aws configure export-credentials --profile NAME --format env',
          'Put the lines that it prints into the environment, then try again.',
        ],
      },
      {
        says: /credential_process/i,
        onlyWithCode: true,
        why: 'The program that the profile names as credential_process gave no credentials.',
        look: ['aws configure get credential_process --profile NAME'],
        next: ['Run that program by hand and correct what it reports.'],
      },
      {
        onlyWithCode: true,
        says: /could not be found|Could not resolve credentials using profile/i,
        why: 'The shared config has no such profile, or the profile names no way to sign in.',
        look: ['aws configure list-profiles'],
        next: ['Check the name of the profile, and AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.'],
      },
      {
        says: /metadata|IMDS|169\.254/i,
        onlyWithCode: true,
        why: 'The metadata service of this machine gives no role: none is attached, or it is not reachable from here.',
        causes: ['No instance role, a hop limit of 1 inside a container, or AWS_EC2_METADATA_DISABLED is set.'],
        next: ['Attach a role to the machine, or choose another way to connect.'],
      },
    ],
  },
  {
    names: [
      'TokenProviderError',
      'SSOTokenProviderFailure',
      'UnauthorizedSSOTokenError',
      'SSOTokenLoadError',
      'UnauthorizedException',
      'InvalidGrantException',
      'InvalidClientException',
      'UnauthorizedClientException',
      'AuthorizationPendingException',
      'ForbiddenException',
    ],
    phrases: [
      /SSO session associated with this profile has expired/i,
      /Error loading SSO Token/i,
      /Token has expired and refresh failed/i,
      /token is expired.{0,300}aws sso login/is,
    ],
    kind: 'fixable',
    why: 'The single sign-on session has ended.',
    causes: ['The session has run out. It lasts as long as the administrators of IAM Identity Center set it.'],
    look: [`${whoAmI} --profile NAME`],
    next: ['Run: aws sso login --profile NAME', 'Then try again.'],
  },
  {
    names: ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'TokenRefreshRequired'],
    phrases: [/security token included in the request is expired/i, /The provided token has expired/i],
    kind: 'fixable',
    why: 'The session behind these credentials has ended.',
    causes: [
      'Temporary credentials in the environment have run out; they stay there until they are replaced.',
      'The clock of this machine is ahead.',
    ],
    look: [whoAmI, 'env | grep -c ^AWS_SESSION_TOKEN=', clock],
    next: [
      'Sign in again, then try again.',
      'Or remove old values: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN',
    ],
  },
  {
    names: [
      'InvalidClientTokenId',
      'InvalidAccessKeyId',
      'UnrecognizedClientException',
      'InvalidToken',
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
    ],
    phrases: [
      /security token included in the request is invalid/i,
      /The (?:AWS )?Access Key Id you provided does not exist in our records/i,
      /The provided token is malformed or otherwise invalid/i,
    ],
    kind: 'fixable',
    why: 'AWS does not know this access key: it was deleted, or belongs to another partition.',
    causes: [
      'The access key was deleted or made inactive.',
      'Temporary keys (ASIA...) were given without their session token.',
      'A key of the China or GovCloud partition was sent to a Region of another partition.',
      'The Region is not switched on in your account, and the session is of a global STS endpoint.',
    ],
    look: ['aws configure list', whoAmI],
    next: ['Check the credentials, then try again.'],
  },
  {
    names: [
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'IncompleteSignature',
      'IncompleteSignatureException',
      'AuthFailure',
    ],
    phrases: [/The request signature we calculated does not match/i],
    kind: 'fixable',
    why: 'The secret access key does not fit the access key id, or the clock of this machine is wrong.',
    causes: [
      'The secret access key was pasted with a character missing or too many.',
      'The clock of this machine is off by more than five minutes.',
      'A proxy changes the request on its way.',
    ],
    look: ['aws configure list', clock],
    next: ['Check the credentials.', 'Check the clock: date -u'],
    readings: [
      {
        says: /should be scoped to a valid region/i,
        why: 'There is no such Region: the request was signed for one that does not exist.',
        causes: ['The Region is mistyped.'],
        look: ['aws configure get region', 'env | grep AWS_REGION'],
        next: ['Give a Region that exists, such as us-east-1 or eu-central-1, and try again.'],
      },
      {
        says: /Signature (expired|not yet current)/i,
        why: 'The clock of this machine differs too much from that of AWS.',
        look: [clock],
        next: ['Set the clock: date -u shows what it says now.'],
      },
    ],
  },
  {
    names: ['RequestTimeTooSkewed', 'RequestInTheFuture'],
    phrases: [/difference between the request time and the (current|server's) time is too large/i],
    kind: 'fixable',
    why: 'The clock of this machine differs too much from that of AWS.',
    causes: ['The clock is off by more than 15 minutes (S3) or 5 minutes (other services).'],
    look: [clock, 'timedatectl status'],
    next: ['Set the clock: date -u shows what it says now.'],
  },
  {
    names: ['MultiFactorAuthentication'],
    phrases: [
      /MultiFactorAuthentication failed/i,
      /invalid MFA one time pass code/i,
      /AssumeRoleCredentialRefresh.{0,200}MFA/i,
      /requires? MFA/i,
    ],
    kind: 'refused',
    why: 'AWS asks for a code of your MFA device, and none came or it was wrong.',
    causes: ['A code is good once and for half a minute.', 'mfa_serial in the profile names another device.'],
    look: ['aws iam list-mfa-devices', 'aws configure get mfa_serial --profile NAME'],
    next: ['Wait for the next code and sign in again.'],
    commands: ['aws configure mfa-login --profile NAME   # AWS CLI 2.30.3 and later; for keys of a user'],
  },
  {
    names: [
      'InvalidIdentityTokenException',
      'InvalidIdentityToken',
      'IDPRejectedClaimException',
      'IDPRejectedClaim',
      'IDPCommunicationErrorException',
      'IDPCommunicationError',
    ],
    kind: 'fixable',
    why: 'STS does not accept the token of your identity provider, or cannot reach the provider.',
    causes: ['The token has run out, or the role does not trust this provider or audience.'],
    next: ['Get a new token from the provider, then try again.'],
  },
  {
    names: [
      'InvalidContextAssertionException',
      'InvalidAuthorizationMessageException',
      'ExpiredTradeInTokenException',
      'InsufficientSessionLifetimeException',
      'InvalidSubjectCredentialsException',
      'JWTPayloadSizeExceededException',
      'OutboundWebIdentityFederationDisabledException',
      'SessionDurationEscalationException',
    ],
    kind: 'fixable',
    why: 'STS does not make a session out of this request.',
    causes: ['This comes from setting up sign-in, not from the import of a key.'],
    next: ['Sign in the way that works for other tools here, then try again.'],
  },
];
