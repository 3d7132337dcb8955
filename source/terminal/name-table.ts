/** A name with fewer characters is replaced only after `role`, `user` or `group`, because it may be a word such as `you`. */
export const shortestName = 4;

/**
 * Real names and their stand-ins. A text is read once, from its beginning to its end, however many names there are: names
 * are looked up by how they begin and by their length.
 */
export class NameTable {
  readonly #standIns = new Map<string, string>();
  /** The lengths of the names that begin with the same characters, longest first. The key is at most {@link shortestName} long. */
  readonly #lengths = new Map<string, readonly number[]>();

  /** Adds a name. Does nothing for an empty name, and for one that it already has. */
  add(real: string, standIn: string): void {
    if (real === '' || this.#standIns.has(real)) return;
    this.#standIns.set(real, standIn);
    const start = real.slice(0, shortestName);
    const lengths = new Set([...(this.#lengths.get(start) ?? []), real.length]);
    this.#lengths.set(
      start,
      [...lengths].toSorted((one, other) => other - one),
    );
  }

  /** Replaces each name in a text, but not inside of a longer word. When two names fit, the longer one counts. */
  replaceIn(text: string): string {
    let replaced = '';
    let copiedTo = 0;
    for (const { index } of text.matchAll(/(?<![A-Za-z0-9])\S/gu)) {
      const real = index < copiedTo ? undefined : this.#find(text, index);
      if (real === undefined) continue;
      replaced += text.slice(copiedTo, index) + this.#standIns.get(real);
      copiedTo = index + real.length;
    }
    return replaced + text.slice(copiedTo);
  }

  /** Finds the longest name that begins at this index of a text and may be replaced there; `undefined` when there is none. */
  #find(text: string, index: number): string | undefined {
    for (let start = shortestName; start > 0; start -= 1)
      for (const length of this.#lengths.get(text.slice(index, index + start)) ?? []) {
        const real = text.slice(index, index + length);
        const isWhole = !/[A-Za-z0-9]/.test(text[index + length] ?? '');
        if (isWhole && this.#standIns.has(real) && (length >= shortestName || isAfterKindWord(text, index)))
          return real;
      }
    return undefined;
  }
}

/** Tells whether the word before this index of a text is `role`, `user` or `group`: then a name follows. */
const isAfterKindWord = (text: string, index: number) =>
  /(?:role|user|group)[ /]+$/.test(text.slice(Math.max(0, index - 16), index));
