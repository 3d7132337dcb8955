import type { KnownError } from './entry.ts';

/**
 * Errors of `aws login`, of credential programs and of profiles that lead to others. botocore, `exceptions.py`; AWS CLI
 * user guide, "Login for AWS local development using console credentials".
 */
export const signInEntries: readonly KnownError[] = [
  {
    names: ['LoginRefreshRequired', 'LoginTokenLoadError', 'LoginError', 'LoginAuthorizationCodeError'],
    phrases: [
      /Your session has expired(?: or credentials have changed)?\. Please reauthenticate using 'aws login'/i,
      /Error loading login session token/i,
      /Error loading or redeeming a login authorization code/i,
      /when resolving AWS credentials or refreshing a login session/i,
      /The refresh token has expired/i,
    ],
    kind: 'fixable',
    why: 'The session that aws login began has ended, or the credentials of who signed in have changed.',
    look: ['aws configure list', 'aws sts get-caller-identity --profile NAME'],
    next: ['Run: aws login --profile NAME', 'Where no browser opens, as over SSH: aws login --remote --profile NAME'],
  },
  {
    names: ['LoginInsufficientPermissions'],
    phrases: [
      /missing permission for the 'signin:CreateOAuth2Token' action/i,
      /Unable to create or refresh login credentials due to insufficient permissions/i,
      /not authorized to perform: signin:\w{1,60}/i,
    ],
    kind: 'refused',
    why: 'Whoever signed in may not use aws login: the permission signin:CreateOAuth2Token is missing, or is denied.',
    causes: [
      'No policy of the user or role allows signin:AuthorizeOAuth2Access and signin:CreateOAuth2Token.',
      'A service control policy of the organisation denies them.',
    ],
    next: [
      'Ask an administrator for the managed policy SignInLocalDevelopmentAccess.',
      'Or sign in another way: aws sso login, or access keys.',
    ],
  },
  {
    names: ['CredentialRetrievalError'],
    phrases: [/Error when retrieving credentials from [\w-]{1,60}/i],
    kind: 'fixable',
    why: 'A way to sign in that the profile names gave no credentials.',
    causes: ['The program, the role or the token file that the profile names failed. What it said stands in the text.'],
    look: ['aws configure list', 'aws configure get credential_process --profile NAME'],
    next: ['Correct what the text says, then try again.'],
    readings: [
      {
        says: /Error when retrieving credentials from custom-process/i,
        why: 'The program that the profile names as credential_process gave no credentials.',
        causes: [
          'The program ended with an error: what it said stands behind the colon.',
          'What the program printed is not the JSON that is expected, with "Version": 1.',
        ],
        look: ['aws configure get credential_process --profile NAME'],
        next: ['Run that program by hand and correct what it reports.'],
      },
    ],
  },
  {
    names: ['InfiniteLoopConfigError'],
    phrases: [/Infinite loop in credential configuration detected/i],
    kind: 'fixable',
    why: 'The profiles go in a circle: by source_profile, each takes its credentials from the next.',
    look: ["grep -nE '^\\[|source_profile' ~/.aws/config"],
    next: ['Let the last profile of the row name credentials of its own, and no source_profile.'],
  },
  {
    names: ['ConfigNotFound'],
    phrases: [/The specified config file \([^)]{0,300}\) could not be found/i],
    kind: 'fixable',
    why: 'The config file that is named is not there.',
    causes: ['AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE names it, or the home folder is another, as with sudo.'],
    look: ['env | grep -E "^(AWS_(CONFIG|SHARED_CREDENTIALS)_FILE|HOME)="'],
    next: ['Correct the path, or take the variable out of the environment.'],
  },
  {
    names: ['RefreshWithMFAUnsupportedError'],
    phrases: [/Cannot refresh credentials: MFA token required/i],
    kind: 'fixable',
    why: 'The session of a role with MFA has ended, and a program cannot ask for another code.',
    next: [
      'Give the code to the aws command: aws configure export-credentials --profile NAME --format env',
      'Put the lines that it prints into the environment, then try again.',
    ],
  },
  {
    names: ['MetadataRetrievalError'],
    phrases: [/Error retrieving metadata: /i, /no EC2 IMDS role found/i, /Failed to load credentials from IMDS/i],
    kind: 'fixable',
    why: 'The metadata service of this machine gives no role: none is attached, or it is not reachable from here.',
    causes: ['No instance role, a hop limit of 1 inside a container, or AWS_EC2_METADATA_DISABLED is set.'],
    next: ['Attach a role to the machine, or choose another way to connect.'],
  },
];
