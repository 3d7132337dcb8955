import { AwsError } from '../aws-error.ts';
import { type Call, type Exchange, type HttpResponse, header } from '../exchange.ts';
import { withPermission } from '../identity-policy.ts';
import { declinedOperations } from './declined.ts';
import { operations } from './operations.ts';
import { readInput } from './shape.ts';

const contentType = 'application/x-amz-json-1.1';

/**
 * Answers a request to KMS, which has the protocol awsJson1_1.
 * @throws UnknownOperationException; UnsupportedOperationException for what practice AWS does not do; SerializationException;
 * AccessDeniedException; or the operation's error.
 */
export async function answerKms(call: Call, exchange: Exchange, body: Buffer): Promise<HttpResponse> {
  const target = header(exchange, 'x-amz-target') ?? '';
  const name = target.replace(/^TrentService\./, '');
  // A target without the prefix `TrentService.` names no operation.
  const operation = Object.hasOwn(operations, name) && name !== target ? operations[name] : undefined;
  if (!operation)
    throw Object.hasOwn(declinedOperations, name) ? declinedError(name) : new AwsError('UnknownOperationException');
  const request = parseBody(body);
  if (request.Recipient != null) {
    const text = `Practice AWS does not do ${name} with Recipient: there are no Nitro enclaves.`;
    throw new AwsError('UnsupportedOperationException', text);
  }
  const { on, conditionsOf } = operation.authority;
  const authority = { on, ...(conditionsOf === undefined ? {} : { conditions: conditionsOf(request) }) };
  const result = await withPermission(call, authority, () =>
    operation.act(call, readInput(operation.shape, request) as never),
  );
  return { status: 200, headers: { 'content-type': contentType }, body: result ? JSON.stringify(result) : '' };
}

/** Makes the error for an operation that practice AWS does not have. */
function declinedError(name: string): AwsError {
  const text = `Practice AWS does not do ${name}: ${declinedOperations[name]}.`;
  return new AwsError('UnsupportedOperationException', text);
}

/** Gives the error document of awsJson1_1. It has no message when AWS sends none. */
export function kmsError(error: AwsError): HttpResponse {
  const body = { __type: error.code, ...(error.hasMessage ? { message: error.message } : {}) };
  return { status: error.status, headers: { 'content-type': contentType }, body: JSON.stringify(body) };
}

/**
 * Parses a JSON object; an empty body counts as `{}`.
 * @throws SerializationException for any other body.
 */
function parseBody(body: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8') || '{}');
  } catch {
    throw new AwsError('SerializationException');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new AwsError('SerializationException', 'Start of structure or map found where not expected.');
  return value as Record<string, unknown>;
}
