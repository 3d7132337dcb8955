import { accountId, type Principal, roles, rolesWithMfa } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Ticket } from './credentials.ts';
import type { Call } from './exchange.ts';
import { iamDate, trustKindOf } from './iam-roles.ts';
import { localIdentity, roleSession } from './identities.ts';
import { notAuthorized } from './identity-policy.ts';
import { inPartition } from './partition.ts';
import { statementsIn } from './policy-document.ts';
import { type QueryOperation, queryOperation } from './query-operation.ts';
import { invalidParameter, readWholeNumber } from './query-parameters.ts';
import type { XmlValue } from './xml.ts';

/** The code that every MFA device always shows. */
const mfaCode = '123456';

/** In seconds. */
const hour = 3600;

const roleArn = (input: URLSearchParams) => input.get('RoleArn') ?? '';

/**
 * The operations of STS, API version 2011-06-15. GetCallerIdentity and GetSessionToken need no permission, and no policy can
 * deny them. Source: STS API reference; unverified: sts-texts.
 */
export const stsOperations: Readonly<Record<string, QueryOperation>> = {
  GetCallerIdentity: queryOperation({ on: 'none' }, ({ identity }) => ({
    Arn: identity.arn,
    UserId: identity.userId,
    Account: accountId,
  })),
  AssumeRole: queryOperation({ on: 'entity', arn: roleArn }, (call, input) => {
    const { identity, partition } = call;
    const session = readSessionName(input, 'RoleSessionName', 64);
    if (identity.principal.kind === 'root') throw accessDenied('Roles may not be assumed by root accounts.');
    const role = roles.find(({ arn }) => inPartition(partition, arn) === roleArn(input));
    const mfa = hasMfa(call, input);
    if (!role || !trustsAccount(role, mfa)) {
      const why = 'because no role trust policy allows the sts:AssumeRole action';
      throw notAuthorized(call, 'sts:AssumeRole', roleArn(input), why);
    }
    const seconds = readDuration(input, { max: 12 * hour, defaultValue: hour });
    // Every role here has a MaxSessionDuration of one hour.
    if (seconds > hour) {
      const limit =
        identity.session?.from === 'AssumeRole'
          ? '1 hour session limit for roles assumed by role chaining'
          : 'MaxSessionDuration set for this role.';
      throw new AwsError('ValidationError', `The requested DurationSeconds exceeds the ${limit}`);
    }
    const { arn, userId } = localIdentity(partition, roleSession(role, session));
    // The session of a role never counts as one with MFA: IAM user guide, "Secure API access with MFA".
    const ticket = { of: role.name, session, mfa: false, ...policyIn(input) };
    return {
      Credentials: issueCredentials(call, { from: 'AssumeRole', ...ticket }, seconds),
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    };
  }),
  GetSessionToken: queryOperation({ on: 'none' }, (call, input) => {
    needAccessKeys(call);
    const owner = call.identity.principal.name;
    const mfa = hasMfa(call, input);
    return {
      Credentials: issueCredentials(
        call,
        { from: 'GetSessionToken', of: owner, session: owner, mfa },
        readLongDuration(call, input),
      ),
    };
  }),
  GetFederationToken: queryOperation({ on: 'entity', arn: federatedArn }, (call, input) => {
    needAccessKeys(call);
    const session = readSessionName(input, 'Name', 32);
    // Without a session policy, IAM allows a federated user nothing; only the policy of a resource can.
    const ticket = { of: call.identity.principal.name, session, mfa: false, policy: '', ...policyIn(input) };
    return {
      Credentials: issueCredentials(call, { from: 'GetFederationToken', ...ticket }, readLongDuration(call, input)),
      FederatedUser: { FederatedUserId: `${accountId}:${session}`, Arn: federatedArn(input, call) },
    };
  }),
};

/** Tells whether the trust policy of a role lets the account's users assume it. @param mfa whether the caller gave an MFA code. */
function trustsAccount(role: Principal, mfa: boolean): boolean {
  return trustKindOf(role) === 'AWS' && (mfa || !rolesWithMfa.includes(role.name));
}

/** Gives the ARN of the federated user that a request names. */
function federatedArn(input: URLSearchParams, { partition }: Call): string {
  return inPartition(partition, `arn:aws:sts::${accountId}:federated-user/${input.get('Name')}`);
}

/**
 * Makes the access keys of a session, in the form of the answer.
 * @param seconds how long the session lasts. The control file can shorten this time.
 */
function issueCredentials(call: Call, ticket: Omit<Ticket, 'ends'>, seconds: number): XmlValue {
  const ends = Date.now() + Math.min(seconds, call.control.sessionSeconds() ?? seconds) * 1000;
  const { accessKeyId, secretAccessKey, sessionToken } = call.credentials.issue({ ...ticket, ends });
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
    Expiration: iamDate(new Date(ends)),
  };
}

/**
 * True when the caller gave an MFA code, in this request or when the session began.
 * @throws AccessDenied (403) for a wrong code or serial number, for one of them without the other, and for both in a session,
 * which has no MFA device.
 */
function hasMfa({ identity, partition }: Call, input: URLSearchParams): boolean {
  const [serial, code] = [input.get('SerialNumber'), input.get('TokenCode')];
  if (serial === null && code === null) return identity.session?.mfa ?? false;
  const { kind, name } = identity.principal;
  const device = `arn:aws:iam::${accountId}:mfa/${kind === 'root' ? 'root-account-mfa-device' : name}`;
  const start = 'MultiFactorAuthentication failed';
  if (serial === null || code === null)
    throw accessDenied(`${start}, must provide both MFA serial number and one time pass code.`);
  if (serial !== inPartition(partition, device) || identity.session) {
    throw accessDenied(
      `${start}, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.`,
    );
  }
  if (code !== mfaCode) throw accessDenied(`${start} with invalid MFA one time pass code. `);
  return true;
}

/**
 * Reads the session policy of a request, which limits what the session may do.
 * @throws MalformedPolicyDocument for a text that is no policy, and for managed policies, which practice AWS does not have.
 */
function policyIn(input: URLSearchParams): { readonly policy?: string } {
  const policy = input.get('Policy');
  const namesManagedPolicies = [...input.keys()].some((key) => key.startsWith('PolicyArns'));
  if (namesManagedPolicies || (policy !== null && !statementsIn(policy)))
    throw new AwsError('MalformedPolicyDocument', 'Practice AWS takes a session policy as valid JSON in Policy alone.');
  return policy === null ? {} : { policy };
}

/** @throws AccessDenied (403) when the caller's credentials are those of a session. */
function needAccessKeys({ identity, action }: Call): void {
  if (identity.session) throw accessDenied(`Cannot call ${action.replace('sts:', '')} with session credentials`);
}

/**
 * Reads the name of a new session.
 * @param field the parameter with the name.
 * @throws ValidationError when the name has a wrong length or character.
 */
function readSessionName(input: URLSearchParams, field: string, maxLength: number): string {
  const name = input.get(field) ?? '';
  if (!/^[\w+=,.@-]*$/.test(name) || name.length < 2 || name.length > maxLength)
    throw invalidParameter(input, field, 'satisfy regular expression pattern: [\\w+=,.@-]*');
  return name;
}

/** Reads how many seconds the session lasts: 12 hours by default, 36 hours at most; for the root user, one hour for both. */
function readLongDuration({ identity }: Call, input: URLSearchParams): number {
  return identity.principal.kind === 'root'
    ? readDuration(input, { max: hour, defaultValue: hour })
    : readDuration(input, { max: 36 * hour, defaultValue: 12 * hour });
}

/** Reads how many seconds the session lasts: at least 15 minutes. */
function readDuration(input: URLSearchParams, limits: { readonly max: number; readonly defaultValue: number }): number {
  return readWholeNumber(input, 'DurationSeconds', { min: 900, ...limits });
}

function accessDenied(text: string): AwsError {
  return new AwsError('AccessDenied', text, { status: 403 });
}
