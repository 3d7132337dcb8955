import type { Call } from './exchange.ts';
import type { XmlValue } from './xml.ts';

/**
 * Who must allow an operation of IAM or STS. `none`: nobody. `entity`: IAM, for one entity. The function `arn` gives the ARN of
 * this entity.
 */
export type QueryAuthority =
  | { readonly on: 'none' }
  | { readonly on: 'entity'; readonly arn: (input: URLSearchParams, call: Call) => string };

/** An operation of IAM or STS: who must allow it, and what it does. The result is sent as XML. */
export type QueryOperation = {
  readonly authority: QueryAuthority;
  readonly act: (call: Call, input: URLSearchParams) => XmlValue;
};

/** Makes an operation from its authority and the function that carries it out. */
export function queryOperation(authority: QueryAuthority, act: QueryOperation['act']): QueryOperation {
  return { authority, act };
}
