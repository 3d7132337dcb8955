import { accountId } from './account.ts';
import { AwsError } from './aws-error.ts';
import type { Call, Exchange, HttpResponse } from './exchange.ts';
import { needIdentityPermission, withPermission } from './identity-policy.ts';
import { optStatuses, regionsWithStatus } from './region-opt.ts';
import { unverifiedText } from './unverified.ts';

const contentType = 'application/json';

/** An operation of Account Management. IAM must allow it for the ARN of the account. The result is sent as JSON. */
type AccountOperation = {
  readonly authority: { readonly on: 'entity' };
  readonly act: (call: Call, input: Readonly<Record<string, unknown>>) => object;
};

/**
 * The operations of Account Management, API version 2021-02-01. One endpoint answers for all Regions of a partition. Source:
 * Account Management API reference.
 */
export const accountOperations: Readonly<Record<string, AccountOperation>> = {
  ListRegions: {
    authority: { on: 'entity' },
    act(call, { AccountId, MaxResults = defaultPageSize, NextToken, RegionOptStatusContains: wantedStatuses }) {
      if (AccountId !== undefined) {
        // Only the management account of an organization may ask about other accounts. Practice AWS has no such account.
        const text = unverifiedText('regions-of-others', { user: call.identity.arn });
        throw new AwsError('AccessDeniedException', text, { status: 403 });
      }
      const isWhole = typeof MaxResults === 'number' && Number.isInteger(MaxResults);
      if (!isWhole || MaxResults < 1 || MaxResults > 50)
        throw invalidParameter('maxResults', `Value must be between 1 and 50, not ${MaxResults}`);
      const statuses = wantedStatuses === undefined ? optStatuses : [wantedStatuses].flat();
      const unknownStatus = statuses.find((status) => !optStatuses.some((known) => known === status));
      if (unknownStatus !== undefined)
        throw invalidParameter(
          'regionOptStatusContains',
          `Value must be one of ${optStatuses.join(', ')}, not ${unknownStatus}`,
        );
      const all = regionsWithStatus(call).filter(({ RegionOptStatus }) => statuses.includes(RegionOptStatus));
      const start = NextToken === undefined ? 0 : all.findIndex(({ RegionName }) => tokenOf(RegionName) === NextToken);
      if (start < 0) throw invalidParameter('nextToken', 'Value is no token of an earlier answer');
      const next = all[start + MaxResults];
      return {
        ...(next === undefined ? {} : { NextToken: tokenOf(next.RegionName) }),
        Regions: all.slice(start, start + MaxResults),
      };
    },
  },
};

/** unverified: regions-page */
const defaultPageSize = 20;

/** Gives the token that asks for the page that begins with a Region. */
const tokenOf = (region: string) => Buffer.from(region).toString('base64');

/** Gives the name of the operation that a path stands for, `ListRegions` for `/listRegions`. */
export function accountOperationName({ path }: Exchange): string {
  return path.slice(1, 2).toUpperCase() + path.slice(2);
}

/**
 * Answers a request to Account Management, which has the protocol restJson1.
 * @throws UnknownOperationException (404) for an operation that practice AWS does not have, and for any method but POST;
 * AccessDeniedException (403); SerializationException; or the operation's error.
 */
export async function answerAccount(call: Call, exchange: Exchange, body: Buffer): Promise<HttpResponse> {
  const name = accountOperationName(exchange);
  const operation = Object.hasOwn(accountOperations, name) ? accountOperations[name] : undefined;
  if (!operation || exchange.method !== 'POST')
    throw new AwsError('UnknownOperationException', undefined, { status: 404 });
  const result = await withPermission(call, operation.authority, () => {
    needIdentityPermission(call, call.action, `arn:${call.partition}:account::${accountId}:account`);
    return operation.act(call, parseBody(body));
  });
  return { status: 200, headers: { 'content-type': contentType }, body: JSON.stringify(result) };
}

/** Makes the error answer of restJson1. A header contains the code of the error. */
export function accountError(error: AwsError): HttpResponse {
  const headers = { 'content-type': contentType, 'x-amzn-errortype': error.code, ...error.headers };
  const message = error.hasMessage ? { message: error.message } : {};
  return { status: error.status, headers, body: JSON.stringify({ ...message, ...error.details }) };
}

/** Makes the error for a wrong parameter. @param text says what is wrong with its value. */
function invalidParameter(field: string, text: string): AwsError {
  return new AwsError('ValidationException', unverifiedText('regions-invalid', { field, text }), {
    details: { reason: 'fieldValidationFailed' },
  });
}

/**
 * Parses a JSON object; an empty body counts as `{}`.
 * @throws SerializationException for any other body.
 */
function parseBody(body: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AwsError('SerializationException');
  return value as Readonly<Record<string, unknown>>;
}
