const minutesPerDay = 24 * 60;

/** A time far in the future. The rehearsal of an answers file uses it for times that only AWS can tell. */
export const farAhead = '9999-01-01T00:00:00.000Z';

/** Gives a moment as people read it: `2027-03-01 11:59 UTC`. */
export function utc(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Writes the time until a moment in its two largest units: `23 h 41 min`, `89 d 4 h`; `0 min` when the moment is past. */
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
 * Gives a moment with its weekday in UTC, then in the person's own time zone when that differs, then the time left until
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
