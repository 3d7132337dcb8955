import { accountId, roles, rolesWithMfa } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Ticket } from './credentials.ts';
import type { Call } from './exchange.ts';
import { trustKindOf } from './iam-roles.ts';
import { notAuthorized } from './identity-policy.ts';
import { inPartition } from './partition.ts';
import { statementsIn } from './policy-document.ts';
import { type QueryOperation, queryOperation } from './query-operation.ts';
import type { XmlValue } from './xml.ts';

/** The one code that the MFA device of a user shows. */
const mfaCode = '123456';

const roleArn = (input: URLSearchParams) => input.get('RoleArn') ?? '';

/**
 * STS, API version 2011-06-15. GetCallerIdentity and GetSessionToken need no permission and cannot be denied. Source: STS
 * API reference; unverified: sts-texts.
 */
export const stsOperations: Readonly<Record<string, QueryOperation>> = {
  GetCallerIdentity: queryOperation({ on: 'none' }, ({ identity }) => ({
    Arn: identity.arn,
    UserId: identity.userId,
    Account: accountId,
  })),
  AssumeRole: queryOperation({ on: 'entity', arn: roleArn }, (call, input) => {
    const { identity, partition } = call;
    const session = sessionName(input, 'RoleSessionName', 64);
    if (identity.principal.kind === 'root') {
      throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', { status: 403 });
    }
    const role = roles.find((one) => inPartition(partition, one.arn) === roleArn(input));
    const mfa = hasMfa(call, input);
    if (!role || trustKindOf(role) !== 'AWS' || (rolesWithMfa.includes(role.name) && !mfa)) {
      throw notAuthorized(
        call,
        'sts:AssumeRole',
        roleArn(input),
        'because no role trust policy allows the sts:AssumeRole action',
      );
    }
    const seconds = duration(input, 43_200, 3600);
    if (seconds > 3600) {
      throw invalid(
        identity.session?.from === 'AssumeRole'
          ? 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining'
          : 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      );
    }
    const arn = inPartition(partition, `arn:aws:sts::${accountId}:assumed-role/${role.name}/${session}`);
    return {
      Credentials: issued(
        call,
        { from: 'AssumeRole', of: role.name, session, mfa: false, ...policyIn(input) },
        seconds,
      ),
      AssumedRoleUser: { AssumedRoleId: `${role.id}:${session}`, Arn: arn },
    };
  }),
  GetSessionToken: queryOperation({ on: 'none' }, (call, input) => {
    needAccessKeys(call);
    const of = call.identity.principal.name;
    const mfa = hasMfa(call, input);
    return { Credentials: issued(call, { from: 'GetSessionToken', of, session: of, mfa }, longDuration(call, input)) };
  }),
  GetFederationToken: queryOperation({ on: 'entity', arn: federatedArn }, (call, input) => {
    needAccessKeys(call);
    const session = sessionName(input, 'Name', 32);
    // Without a session policy, a federated user may do nothing that no resource's policy allows.
    const ticket = { of: call.identity.principal.name, session, mfa: false, policy: '', ...policyIn(input) };
    return {
      Credentials: issued(call, { from: 'GetFederationToken', ...ticket }, longDuration(call, input)),
      FederatedUser: { FederatedUserId: `${accountId}:${session}`, Arn: federatedArn(input, call) },
    };
  }),
};

function federatedArn(input: URLSearchParams, { partition }: Call): string {
  return inPartition(partition, `arn:aws:sts::${accountId}:federated-user/${input.get('Name')}`);
}

/** Access keys for a session, which the control file may make shorter. */
function issued(call: Call, ticket: Omit<Ticket, 'ends'>, seconds: number): XmlValue {
  const ends = Date.now() + Math.min(seconds, call.control.sessionSeconds() ?? seconds) * 1000;
  const { accessKeyId, secretAccessKey, sessionToken } = call.credentials.issue({ ...ticket, ends });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: new Date(ends).toISOString().replace(/\.\d{3}Z$/, 'Z'),
  };
}

/** Whether the caller has shown an MFA code, now or when the session began. Throws AccessDenied (403) for a wrong one. */
function hasMfa({ identity, partition }: Call, input: URLSearchParams): boolean {
  const [serial, code] = [input.get('SerialNumber'), input.get('TokenCode')];
  if (serial === null && code === null) {
    return identity.session?.mfa ?? false;
  }
  const { kind, name } = identity.principal;
  const device = inPartition(
    partition,
    `arn:aws:iam::${accountId}:mfa/${kind === 'root' ? 'root-account-mfa-device' : name}`,
  );
  const why =
    serial === null || code === null
      ? 'must provide both MFA serial number and one time pass code.'
      : serial !== device || identity.session
        ? 'unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.'
        : code !== mfaCode && 'with invalid MFA one time pass code. ';
  if (why) {
    const text = why.startsWith('with')
      ? `MultiFactorAuthentication failed ${why}`
      : `MultiFactorAuthentication failed, ${why}`;
    throw new AwsError('AccessDenied', text, { status: 403 });
  }
  return true;
}

/** The session policy of a request. Throws MalformedPolicyDocument; managed policies are none of practice AWS's. */
function policyIn(input: URLSearchParams): { readonly policy?: string } {
  const policy = input.get('Policy');
  if ([...input.keys()].some((key) => key.startsWith('PolicyArns')) || (policy !== null && !statementsIn(policy))) {
    throw new AwsError('MalformedPolicyDocument', 'Practice AWS takes a session policy as valid JSON in Policy alone.');
  }
  return policy === null ? {} : { policy };
}

/** Throws AccessDenied (403) for a caller whose credentials are a session already. */
function needAccessKeys({ identity, action }: Call): void {
  if (identity.session) {
    throw new AwsError('AccessDenied', `Cannot call ${action.replace('sts:', '')} with session credentials`, {
      status: 403,
    });
  }
}

function sessionName(input: URLSearchParams, field: string, most: number): string {
  const name = input.get(field) ?? '';
  const at = field.charAt(0).toLowerCase() + field.slice(1);
  if (!/^[\w+=,.@-]*$/.test(name) || name.length < 2 || name.length > most) {
    throw invalid(
      `1 validation error detected: Value '${name}' at '${at}' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  return name;
}

/** Of GetSessionToken and GetFederationToken: 36 hours at most, and an hour for the root user. */
function longDuration({ identity }: Call, input: URLSearchParams): number {
  return identity.principal.kind === 'root' ? duration(input, 3600, 3600) : duration(input, 129_600, 43_200);
}

function duration(input: URLSearchParams, most: number, standard: number): number {
  const given = input.get('DurationSeconds');
  const seconds = Number(given ?? standard);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > most) {
    const bound = seconds > most ? `less than or equal to ${most}` : 'greater than or equal to 900';
    throw invalid(
      `1 validation error detected: Value '${given}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
    );
  }
  return seconds;
}

function invalid(text: string): AwsError {
  return new AwsError('ValidationError', text);
}
