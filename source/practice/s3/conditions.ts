import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import type { ObjectRecord } from './object-record.ts';

/**
 * Checks the conditional headers of a read. Gives `not modified` when the answer must be 304.
 * @throws PreconditionFailed (412).
 */
export function checkReadConditions(exchange: Exchange, object: ObjectRecord): 'modified' | 'not modified' {
  const failed = findFailedCondition(object, (name) => header(exchange, name));
  if (failed === 'If-Match' || failed === 'If-Unmodified-Since') throw preconditionFailed(failed);
  return failed === undefined ? 'modified' : 'not modified';
}

/**
 * Checks the conditional headers for the source of a copy.
 * @throws PreconditionFailed (412).
 */
export function checkSourceConditions(exchange: Exchange, source: ObjectRecord): void {
  const failed = findFailedCondition(source, (name) => header(exchange, `x-amz-copy-source-${name}`));
  if (failed !== undefined) throw preconditionFailed(`x-amz-copy-source-${failed}`);
}

/**
 * Gives the name of the conditional header that is not met, or `undefined` when all are met. With `If-Match`, the header
 * `If-Unmodified-Since` does not count; with `If-None-Match`, `If-Modified-Since` does not (RFC 9110, section 13.2.2).
 * @param headerOf gives the value of a conditional header of the request, such as `if-match`.
 */
function findFailedCondition(object: ObjectRecord, headerOf: (name: string) => string | undefined): string | undefined {
  const [match, noneMatch] = [headerOf('if-match'), headerOf('if-none-match')];
  if (match !== undefined && !matches(match, object)) return 'If-Match';
  if (match === undefined && changeSince(object, headerOf('if-unmodified-since')) === 'changed')
    return 'If-Unmodified-Since';
  if (noneMatch !== undefined) return matches(noneMatch, object) ? 'If-None-Match' : undefined;
  return changeSince(object, headerOf('if-modified-since')) === 'unchanged' ? 'If-Modified-Since' : undefined;
}

/**
 * Checks the conditional headers of a write: `If-Match` with the ETag of the present object, or `If-None-Match: *` when there
 * must be no object.
 * @throws PreconditionFailed (412), NoSuchKey (404), or NotImplemented (501) for other conditions (recorded, Feb 2026).
 */
export function checkWriteConditions(exchange: Exchange, present: ObjectRecord | undefined): void {
  const [match, noneMatch] = [header(exchange, 'if-match'), header(exchange, 'if-none-match')];
  const hasBoth = match !== undefined && noneMatch !== undefined;
  const isSupported = match !== '*' && (noneMatch === undefined || noneMatch === '*') && !hasBoth;
  if (!isSupported) {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      status: 501,
      details: { Header: match === undefined ? 'If-None-Match' : 'If-Match' },
    });
  }
  needMatch(match, present);
  if (noneMatch !== undefined && present) throw preconditionFailed('If-None-Match');
}

/**
 * Checks that an object has the ETag that a request names. A request without an ETag passes.
 * @param match the header If-Match.
 * @throws PreconditionFailed (412) when the object has another ETag, NoSuchKey (404) when there is no object.
 */
export function needMatch(match: string | undefined, present: ObjectRecord | undefined): void {
  if (match === undefined) return;
  if (!present) throw new AwsError('NoSuchKey', 'The specified key does not exist.', { status: 404 });
  if (!matches(match, present)) throw preconditionFailed('If-Match');
}

/** True when a header with one or several ETags, or with `*`, names the ETag of the object. */
function matches(headerValue: string, { etag }: ObjectRecord): boolean {
  return headerValue.split(',').some((item) => item.trim() === '*' || item.trim().replaceAll('"', '') === etag);
}

/**
 * Tells whether the object was changed after the date of a header. HTTP dates have whole seconds. Gives `undefined` when there
 * is no date, or one that cannot be read: that is no condition (RFC 9110, section 13.1.3).
 */
function changeSince({ lastModified }: ObjectRecord, date: string | undefined): 'changed' | 'unchanged' | undefined {
  const seconds = Date.parse(date ?? '') / 1000;
  if (Number.isNaN(seconds)) return undefined;
  return Math.floor(lastModified / 1000) > seconds ? 'changed' : 'unchanged';
}

function preconditionFailed(condition: string): AwsError {
  return new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', {
    status: 412,
    details: { Condition: condition },
  });
}
