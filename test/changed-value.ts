/** A way to a value inside another one: the names that lead there. */
export type Way = readonly string[];

/** Gives the ways to a value itself and to each one inside it. Dates and bytes count as one value. */
export const waysIn = (value: unknown, way: Way = []): readonly Way[] => [
  way,
  ...(typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array
    ? []
    : Object.entries(value).flatMap(([name, each]) => waysIn(each, [...way, name]))),
];

/** Gives a copy with another value at the end of a way; where `change` gives `undefined`, the value is left out. */
export function changedAt(value: unknown, [name, ...rest]: Way, change: (before: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const after = changedAt((value as Record<string, unknown>)[name], rest, change);
  if (after === undefined) Reflect.deleteProperty(copy, name);
  else Reflect.set(copy, name, after);
  return copy;
}
