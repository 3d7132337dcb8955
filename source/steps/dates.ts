const minutesPerDay = 24 * 60;
/** A day, then perhaps hours and minutes, perhaps seconds that are zero, and perhaps `UTC` or `Z`. */
const datePattern = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d)(?::00(?:\.0+)?)?)? ?(?:UTC|Z)?$/i;
const dayMs = minutesPerDay * 60 * 1000;

/** A time far in the future. The rehearsal of an answers file uses it for times that only AWS can tell. */
export const farAhead = '9999-01-01T00:00:00.000Z';

/** Gives a moment as people read it: `2027-03-01 11:59 UTC`. */
export function utc(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Writes the time until a moment in its two largest units: `23 h 41 min`, `89 d 4 h`. */
export function timeLeft(moment: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((moment.getTime() - now.getTime()) / 60_000));
  const days = Math.floor(minutes / minutesPerDay);
  const hours = Math.floor((minutes % minutesPerDay) / 60);
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/**
 * Writes a span of time in its largest unit, rounded: `40 days`, `1 hour`; at least a minute.
 * @param milliseconds not negative.
 */
export function spanInWords(milliseconds: number): string {
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  const withUnit = (number: number, unit: string) => `${number} ${unit}${number === 1 ? '' : 's'}`;
  if (minutes >= minutesPerDay) return withUnit(Math.round(minutes / minutesPerDay), 'day');
  return minutes >= 60 ? withUnit(Math.round(minutes / 60), 'hour') : withUnit(minutes, 'minute');
}

/**
 * Gives a moment with its weekday in UTC, then in the person's own time zone where that differs, then the time left until
 * it.
 */
export function momentInWords(
  moment: Date,
  now: Date,
  zone = Intl.DateTimeFormat().resolvedOptions().timeZone,
): string {
  const weekday = moment.toLocaleDateString('en-GB', { weekday: 'long', timeZone: 'UTC' });
  // The Swedish form is `2027-03-01 11:59`, as in `utc`.
  const local = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: zone }).format(
    moment,
  );
  const localWords = `${local} UTC` === utc(moment) ? '' : ` (${local} in ${zone})`;
  return `${weekday}, ${utc(moment)}${localWords}, in ${timeLeft(moment, now)}`;
}

/**
 * Reads `2027-03-01 11:59 UTC`, `2027-03-01` (its first minute, UTC) or `90d` (days from now, in whole seconds, because KMS
 * stores an expiry in whole seconds). Does not take words such as "next friday": at this moment objects become unreadable, and
 * a program would have to guess which Friday and which hour. The library chrono-node guesses noon, and takes 01/03/2027 for
 * 3 January.
 * @returns `undefined` when the text has another form or names a day that does not exist.
 */
export function parseMoment(text: string, now: Date): Date | undefined {
  // A number of days, such as `90d`, `90 d` or `90 days`.
  const dayCount = /^(\d{1,4}) ?d(?:ays?)?$/i.exec(text.trim());
  if (dayCount !== null) return new Date(Math.floor(now.getTime() / 1000) * 1000 + Number(dayCount[1]) * dayMs);
  const date = datePattern.exec(text.trim());
  if (date === null) return undefined;
  const moment = new Date(`${date[1]}T${date[2] ?? '00:00'}:00Z`);
  // Date turns 31 June into 1 July, which the person did not mean.
  return Number.isNaN(moment.getTime()) || moment.toISOString().slice(0, 10) !== date[1] ? undefined : moment;
}

/** True for a text in the form of a whole date that names no day or time, such as `2027-02-29`. */
export function isNoDay(text: string): boolean {
  return datePattern.test(text.trim()) && parseMoment(text, new Date(0)) === undefined;
}

/**
 * Gives a moment that was written in another form in the form that {@link parseMoment} reads: `2027/03/01`, or a time with an
 * offset from UTC, such as `2027-03-01T12:00:00-08:00`, which aws-cli and Terraform take.
 * @returns `undefined` for any other form, and for a time that is between two minutes.
 */
export function suggestedMoment(text: string): string | undefined {
  const slashed = text.trim().replace(/^(\d{4})\/(\d\d)\/(\d\d)/, '$1-$2-$3');
  if (slashed !== text.trim()) return slashed;
  // A day and a time with an offset.
  if (!/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::00)?[+-]\d\d:?\d\d$/.test(slashed)) return undefined;
  const moment = new Date(slashed.replace(' ', 'T').replace(/(\d\d):?(\d\d)$/, '$1:$2'));
  return Number.isNaN(moment.getTime()) ? undefined : utc(moment);
}

/**
 * Says why KMS would refuse this expiry; `undefined` when KMS would take it. ImportKeyMaterial requires a time within 365
 * days.
 */
export function expiryProblem(text: string, now: Date): string | undefined {
  const moment = parseMoment(text, now);
  if (moment === undefined && isNoDay(text)) return 'There is no such day or time.';
  if (moment === undefined)
    return 'Type a date and time such as 2027-03-01 11:59 UTC, or a number of days such as 90d.';
  if (moment.getTime() <= now.getTime()) return `${utc(moment)} is in the past.`;
  const limit = new Date(now.getTime() + 365 * dayMs);
  return moment.getTime() >= limit.getTime() ? `KMS takes at most 365 days: a time before ${utc(limit)}.` : undefined;
}
