import type { ObjectTotals } from '../record/object-check-words.ts';
import type { Objects } from './facts.ts';

/** Gives what is known of all objects together; `undefined` for ceremonies of earlier versions, which did not note it. */
export function totalsOf({
  count,
  bytes,
  found = 0,
  unconfirmed = 0,
  acceptedLock,
  manifest,
}: Objects): ObjectTotals | undefined {
  if (count === undefined || bytes === undefined || manifest === undefined) return undefined;
  return { count, bytes, found, unconfirmed, ...(acceptedLock === undefined ? {} : { acceptedLock }), manifest };
}
