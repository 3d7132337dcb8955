const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;

/** Gives the index in `units` of the largest unit that is not larger than `total`. This unit is 1000 to the power of the index. */
const powerOf = (total: number) => Math.min(units.length - 1, total < 1000 ? 0 : Math.floor(Math.log10(total) / 3));

/** Gives the unit in which a number of bytes is shown. */
export const unitOf = (total: number) => units[powerOf(total)] ?? 'bytes';

/** Gives a number of bytes in the unit of `total`, so that both numbers of "2.8 of 4.1 GB" have the same unit. */
export function inUnits(value: number, total: number): string {
  const power = powerOf(total);
  return power === 0 ? String(value) : (value / 1000 ** power).toFixed(1);
}

/** Gives a number of bytes with its unit, such as `1.2 MB`. */
export const byteWords = (count: number) => `${inUnits(count, count)} ${unitOf(count)}`;
