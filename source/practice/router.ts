import { randomUUID } from 'node:crypto';
import { accountError, accountOperationName, answerAccount } from './account-management.ts';
import { authenticate } from './authentication.ts';
import { AwsError } from './aws-error.ts';
import { refuseStrangers } from './door.ts';
import { type Call, type Exchange, type HttpResponse, header, type World } from './exchange.ts';
import { applyEffects, ConnectionCut } from './faults.ts';
import { answerKms, kmsError } from './kms/service.ts';
import { logFileName } from './log.ts';
import { partitionOf } from './partition.ts';
import { answerQuery, formOf, queryError } from './query-service.ts';
import { readWholeBody } from './request-body.ts';
import { answerS3, s3ErrorResponse, s3OperationName } from './s3/service.ts';
import type { Service } from './signature-refusals.ts';
import { readSignature } from './sigv4.ts';

/**
 * Answers any request. An error becomes the error document of the service that was called.
 * @throws ConnectionCut when a fault says that the connection must be cut, or when the client has cut it.
 */
export async function route(world: World, exchange: Exchange): Promise<HttpResponse> {
  const requestId = randomUUID();
  const signature = readSignature(exchange);
  const readable = signature === 'malformed' ? undefined : signature;
  const service = serviceOf(exchange, readable?.service);
  try {
    refuseStrangers(exchange);
    // An S3 operation reads its body itself, as a stream. The bodies of other services are small.
    const body = service === 's3' ? Buffer.alloc(0) : await readWholeBody(exchange.body());
    const identity = authenticate(world, exchange, service, signature, body);
    // Never empty here, because `authenticate` refuses a request without a readable signature.
    const region = readable?.region ?? '';
    const action = actionOf(exchange, service, body);
    const call = {
      ...world,
      identity,
      region,
      partition: partitionOf(region),
      requestId,
      action,
      checkedActions: new Set<string>(),
    };
    const effects = world.control.effectsOn(action, region, world.now().getTime());
    return await applyEffects(effects, service, async () =>
      withRequestId(service, requestId, await answerService(service, call, exchange, body)),
    );
  } catch (error) {
    if (error instanceof ConnectionCut) throw error;
    const awsError = error instanceof AwsError ? error : internalFailure(world, service, error);
    switch (service) {
      case 'kms': {
        return withRequestId(service, requestId, kmsError(awsError));
      }
      case 's3': {
        return withRequestId(service, requestId, s3ErrorResponse(awsError, exchange, requestId));
      }
      case 'account': {
        return withRequestId(service, requestId, accountError(awsError));
      }
      default: {
        return withRequestId(service, requestId, queryError(service, awsError, requestId));
      }
    }
  }
}

/** Answers a request as the called service does. */
async function answerService(service: Service, call: Call, exchange: Exchange, body: Buffer): Promise<HttpResponse> {
  switch (service) {
    case 'kms': {
      return answerKms(call, exchange, body);
    }
    case 's3': {
      return answerS3(call, exchange);
    }
    case 'account': {
      return answerAccount(call, exchange, body);
    }
    default: {
      return answerQuery(service, call, body, exchange.query);
    }
  }
}

/** Gives the requested action as IAM policies and fault settings write it, such as `kms:CreateKey`. */
function actionOf(exchange: Exchange, service: Service, body: Buffer): string {
  switch (service) {
    case 'kms': {
      return `kms:${header(exchange, 'x-amz-target')?.replace(/^TrentService\./, '') ?? ''}`;
    }
    case 's3': {
      return `s3:${s3OperationName(exchange)}`;
    }
    case 'account': {
      return `account:${accountOperationName(exchange)}`;
    }
    default: {
      return `${service}:${formOf(body, exchange.query).get('Action') ?? ''}`;
    }
  }
}

/**
 * Finds the called service, because one endpoint serves all services. Only KMS has the target `TrentService`. A request
 * without a known service counts as one to S3.
 * @param signedService the service in the scope of the signature.
 */
function serviceOf(exchange: Exchange, signedService: string | undefined): Service {
  if (header(exchange, 'x-amz-target')?.startsWith('TrentService.')) return 'kms';
  return (['kms', 'sts', 'iam', 'account'] as const).find((service) => service === signedService) ?? 's3';
}

/** Writes an unexpected error to the log, and makes the error with which the service answers instead. */
function internalFailure({ log, store }: World, service: Service, error: unknown): AwsError {
  log.note(`A request failed inside practice AWS. ${logFileName} in ${store.folder} says more.`, error);
  if (service === 'kms') return new AwsError('KMSInternalException', 'An internal error occurred.', { status: 500 });
  const code = service === 'account' ? 'InternalServerException' : 'InternalError';
  return new AwsError(code, 'We encountered an internal error. Please try again.', { status: 500 });
}

/** Adds the headers that name the request. S3 has its own two headers. */
function withRequestId(service: Service, requestId: string, answer: HttpResponse): HttpResponse {
  const ids: Record<string, string> =
    service === 's3'
      ? {
          'x-amz-request-id': s3RequestId(requestId),
          'x-amz-id-2': Buffer.from(requestId.repeat(2)).toString('base64'),
        }
      : { 'x-amzn-requestid': requestId };
  return { ...answer, headers: { ...ids, ...answer.headers } };
}

/** Gives a request id in the form of S3: 16 hexadecimal digits in capital letters. */
function s3RequestId(requestId: string): string {
  return requestId.replaceAll('-', '').slice(0, 16).toUpperCase();
}
