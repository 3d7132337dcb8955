import { AwsError } from './aws-error.ts';
import type { Call, HttpResponse } from './exchange.ts';
import { iamOperations } from './iam.ts';
import { needIdentityPermission, withPermission } from './identity-policy.ts';
import { refusals } from './signature-refusals.ts';
import { stsOperations } from './sts.ts';
import { toXml, type XmlValue } from './xml.ts';

const services = {
  sts: { version: '2011-06-15', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', operations: stsOperations },
  iam: { version: '2010-05-08', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', operations: iamOperations },
};

/**
 * Answers a request in the protocol awsQuery: the request is a form, and the answer is XML.
 * @throws InvalidAction (400) for an unknown operation, and for another version of the API; InvalidClientTokenId (403);
 * AccessDenied (403); or the operation's error.
 */
export async function answerQuery(
  service: 'sts' | 'iam',
  call: Call,
  body: Buffer,
  query: URLSearchParams,
): Promise<HttpResponse> {
  const input = formOf(body, query);
  const action = input.get('Action') ?? '';
  const version = input.get('Version') ?? '';
  const { operations, namespace } = services[service];
  const operation = Object.hasOwn(operations, action) ? operations[action] : undefined;
  if (!operation || version !== services[service].version)
    throw new AwsError('InvalidAction', `Could not find operation ${action} for version ${version}`);
  refuseSessions(service, call);
  const { authority, act } = operation;
  const result = await withPermission(call, authority, () => {
    if (authority.on === 'entity') needIdentityPermission(call, call.action, authority.arn(input, call));
    return act(call, input);
  });
  return xmlAnswer(200, {
    [`${action}Response`]: {
      '@xmlns': namespace,
      [`${action}Result`]: result,
      ResponseMetadata: { RequestId: call.requestId },
    },
  });
}

/**
 * Refuses the operations that temporary credentials may not call. Federated users may call only GetCallerIdentity. Sessions
 * of GetSessionToken may call IAM only with MFA. Source: "Compare AWS STS credentials", IAM user guide.
 * @throws InvalidClientTokenId (403).
 */
function refuseSessions(service: 'sts' | 'iam', { identity: { session }, action }: Call): void {
  const isRefused =
    session?.from === 'GetFederationToken'
      ? action !== 'sts:GetCallerIdentity'
      : session?.from === 'GetSessionToken' && service === 'iam' && !session.mfa;
  if (isRefused) {
    const [code, text, status] = refusals[service].token;
    throw new AwsError(code, text, { status });
  }
}

/** Gives the parameters of an awsQuery request: those of the body, or those of the query when the body is empty. */
export function formOf(body: Buffer, query: URLSearchParams): URLSearchParams {
  return body.length > 0 ? new URLSearchParams(body.toString('utf8')) : query;
}

/** Makes the error document of awsQuery. */
export function queryError(service: 'sts' | 'iam', error: AwsError, requestId: string): HttpResponse {
  return xmlAnswer(error.status, {
    ErrorResponse: {
      '@xmlns': services[service].namespace,
      Error: {
        Type: error.status < 500 ? 'Sender' : 'Receiver',
        Code: error.code,
        Message: error.hasMessage ? error.message : undefined,
      },
      RequestId: requestId,
    },
  });
}

function xmlAnswer(status: number, document: { readonly [name: string]: XmlValue }): HttpResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body: toXml(document) };
}
