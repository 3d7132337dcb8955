import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import type { ObjectRecord } from './object-record.ts';

/**
 * Holds the conditional headers of a read against the object: gives `not modified` where the answer is 304, and throws
 * PreconditionFailed (412). An ETag condition outweighs a date condition, as RFC 9110 section 13.2.2 says.
 */
export function checkReadConditions(exchange: Exchange, object: ObjectRecord): 'modified' | 'not modified' {
  const match = header(exchange, 'if-match');
  const unmodifiedSince = header(exchange, 'if-unmodified-since');
  if (match === undefined ? isAfter(object, unmodifiedSince) : !matches(match, object)) {
    throw preconditionFailed(match === undefined ? 'If-Unmodified-Since' : 'If-Match');
  }
  const noneMatch = header(exchange, 'if-none-match');
  const modifiedSince = header(exchange, 'if-modified-since');
  if (noneMatch !== undefined) {
    return matches(noneMatch, object) ? 'not modified' : 'modified';
  }
  return modifiedSince !== undefined && !isAfter(object, modifiedSince) ? 'not modified' : 'modified';
}

/** Holds the conditional headers of a write against what is there. Throws PreconditionFailed (412), NoSuchKey (404). */
export function checkWriteConditions(exchange: Exchange, present: ObjectRecord | undefined): void {
  const match = header(exchange, 'if-match');
  if (match !== undefined && !present) {
    throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  }
  if (match !== undefined && present && !matches(match, present)) {
    throw preconditionFailed('If-Match');
  }
  if (header(exchange, 'if-none-match') === '*' && present) {
    throw preconditionFailed('If-None-Match');
  }
}

function matches(given: string, { etag }: ObjectRecord): boolean {
  return given.split(',').some((one) => one.trim() === '*' || one.trim().replaceAll('"', '') === etag);
}

/** HTTP dates have whole seconds. A date that cannot be read is no condition. */
function isAfter({ lastModified }: ObjectRecord, date: string | undefined): boolean {
  return date !== undefined && Math.floor(lastModified / 1000) > Date.parse(date) / 1000;
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    details: { Condition: condition },
  });
}
