import { utc } from './dates.ts';

// Pages: KMS API reference, ImportKeyMaterial, ValidTo.

const minuteMs = 60 * 1000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** The longest life of imported material that expires. */
const longestLifeMs = 365 * dayMs;

/**
 * A day, with hyphens or with slashes; then perhaps a time with seconds or without; then perhaps a zone: `UTC`, `Z` or an offset
 * such as `-08:00`. This has RFC 3339 in it, which aws-cli and Terraform take, and the form of the article, `2016/12/01 11:59`.
 */
const momentPattern =
  /^(?<day>\d{4}-\d\d-\d\d|\d{4}\/\d\d\/\d\d)(?:(?:T| +)(?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: ?(?<offset>[+-]\d\d(?::?\d\d)?))?)?(?<utc> ?(?:UTC|Z))?$/i;
/** A number of days or hours from now: `90d`, `90 days`, `12h`, `1 hour`. */
const spanPattern = /^(?<count>\d{1,4}) ?(?<unit>d(?:ays?)?|h(?:ours?|rs?)?)$/i;

/** The forms of a moment in words, for a sentence. */
export const momentForms = '2027-03-01 11:59 UTC, 2027-03-01T11:59:00-08:00, 90d or 12h';

/**
 * What a text says about a moment. `isZoneGiven` is false for a date without a zone, which is read as UTC. A time from now, such as
 * `90d`, needs no zone.
 */
export type MomentText =
  | { readonly kind: 'moment'; readonly moment: Date; readonly isZoneGiven: boolean }
  /** A whole date that no calendar has, a time that no clock shows, or an offset from UTC that no zone has. */
  | { readonly kind: 'no-such-day' }
  | { readonly kind: 'unknown' };

/**
 * Reads a moment: a date, a date and time, or days or hours from now. A date alone is its first minute. Fractions of a second are
 * left out, because KMS stores an expiry in whole seconds. Does not take words such as "next friday": at this moment objects
 * become unreadable, and a program would have to guess which Friday and which hour. The library chrono-node guesses noon, and
 * takes 01/03/2027 for 3 January.
 */
export function readMoment(text: string, now: Date): MomentText {
  const trimmed = text.trim();
  const span = spanPattern.exec(trimmed)?.groups;
  if (span !== undefined) {
    const unitMs = span.unit?.toLowerCase().startsWith('d') ? dayMs : hourMs;
    const wholeSeconds = Math.floor(now.getTime() / 1000) * 1000;
    return { kind: 'moment', moment: new Date(wholeSeconds + Number(span.count) * unitMs), isZoneGiven: true };
  }
  const parts = momentPattern.exec(trimmed)?.groups;
  if (parts === undefined) return { kind: 'unknown' };
  const hasTwoZones = parts.offset !== undefined && parts.utc !== undefined;
  if (hasTwoZones) return { kind: 'unknown' };
  const [year = 0, month = 0, day = 0] = (parts.day ?? '').split(/[-/]/).map(Number);
  const [hours = 0, minutes = 0, seconds = 0] = (parts.time ?? '').split(':').map(Number);
  const offset = readOffset(parts.offset);
  const moment = new Date(Date.UTC(year, month - 1, day, hours, minutes, Math.floor(seconds)));
  // Date turns 31 June into 1 July, which the person did not mean.
  const isDay = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day && moment.getUTCFullYear() === year;
  const isTime = hours <= 23 && minutes <= 59 && seconds < 60;
  if (!isDay || !isTime || offset === undefined) return { kind: 'no-such-day' };
  const isZoneGiven = parts.offset !== undefined || parts.utc !== undefined;
  return { kind: 'moment', moment: new Date(moment.getTime() - offset), isZoneGiven };
}

/** Gives an offset from UTC in milliseconds; `undefined` when no zone has it. */
function readOffset(text = '+00:00'): number | undefined {
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', '') || 0);
  if (hours > 23 || minutes > 59) return undefined;
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * (hours * hourMs + minutes * minuteMs);
}

/** Gives the moment that a text names, as {@link readMoment} reads it; `undefined` when it names none. */
export function parseMoment(text: string, now: Date): Date | undefined {
  const read = readMoment(text, now);
  return read.kind === 'moment' ? read.moment : undefined;
}

/**
 * Completes a date whose month, day or hour has only one digit, so that {@link readMoment} reads it. Gives a whole date as it is;
 * `undefined` for a text that is no such date.
 */
export function suggestedMoment(text: string): string | undefined {
  const parts = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:([T ]+)(\d{1,2})(:\d\d.*))?$/i.exec(text.trim());
  if (parts === null) return undefined;
  const [, year, separator, month = '', day = '', gap, hour = '', rest] = parts;
  const date = [year, month.padStart(2, '0'), day.padStart(2, '0')].join(separator);
  return gap === undefined ? date : `${date}${gap}${hour.padStart(2, '0')}${rest}`;
}

/** A day with the year at its end: 01/03/2027 is 1 March in Europe and 3 January in America. */
const yearAtEnd = /^\d{1,2}[./-]\d{1,2}[./-]\d{4}\b/;
/** A whole date and time with the name of a zone after it. */
const namedZone = /^\d{4}[-/]\d\d[-/]\d\d[T ]+\d\d:\d\d(?::\d\d)? ?[a-z]{1,5}$/i;

/**
 * Says why a text names no expiry, or why KMS would refuse it; `undefined` when KMS would take it. ImportKeyMaterial requires a
 * time within 365 days.
 */
export function expiryProblem(text: string, now: Date): string | undefined {
  const read = readMoment(text, now);
  if (read.kind === 'no-such-day') return 'There is no such day or time.';
  if (read.kind === 'unknown') {
    if (yearAtEnd.test(text.trim()))
      return 'Write the year first, as in 2027-03-01: this date can be read in two ways.';
    if (namedZone.test(text.trim())) return 'Write the zone as UTC, or as an offset such as +01:00.';
    return `Type a date and time, or a time from now: ${momentForms}.`;
  }
  const { moment } = read;
  if (moment.getTime() <= now.getTime()) return `${utc(moment)} is in the past.`;
  const limit = new Date(now.getTime() + longestLifeMs);
  return moment.getTime() >= limit.getTime() ? `KMS takes at most 365 days: a time before ${utc(limit)}.` : undefined;
}
