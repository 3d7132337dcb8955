/**
 * The least length of a name that is replaced anywhere. A shorter one is replaced only after `role`, `user` or `group`, because
 * it may be a word such as `you`.
 */
export const leastFreeLength = 4;

/**
 * Real names and their stand-ins. A text is read once, from its beginning to its end, however many names there are: names
 * are looked up by how they begin and by their length.
 */
export class NameTable {
  readonly #standIns = new Map<string, string>();
  /**
   * For each beginning (the first {@link leastFreeLength} characters of a name, or a whole shorter name): the lengths of the names
   * that begin so. The longest comes first, so that a long name wins over a short one inside it.
   */
  readonly #lengthsByBeginning = new Map<string, readonly number[]>();

  /** Adds a real name and its stand-in. Does nothing when the name is empty, or in the table already. */
  add(real: string, standIn: string): void {
    if (real === '' || this.#standIns.has(real)) return;
    this.#standIns.set(real, standIn);
    const beginning = real.slice(0, leastFreeLength);
    const lengths = new Set([...(this.#lengthsByBeginning.get(beginning) ?? []), real.length]);
    this.#lengthsByBeginning.set(
      beginning,
      [...lengths].toSorted((one, other) => other - one),
    );
  }

  /**
   * Replaces each name in a text, but not inside of a longer word, and a short name only where {@link leastFreeLength} says. When
   * two names begin at the same place, the longer one counts.
   */
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
    for (let size = leastFreeLength; size > 0; size -= 1)
      for (const length of this.#lengthsByBeginning.get(text.slice(index, index + size)) ?? []) {
        const real = text.slice(index, index + length);
        const isWhole = !/[A-Za-z0-9]/.test(text[index + length] ?? '');
        const mayBeReplaced = length >= leastFreeLength || isAfterKindWord(text, index);
        if (isWhole && mayBeReplaced && this.#standIns.has(real)) return real;
      }
    return undefined;
  }
}

/** The characters before a name in which a word for its kind is looked for, so that no search goes through a long text. */
const lookBack = 16;

/** Tells whether the word before this index of a text ends in `role`, `user` or `group`: then a name follows. */
const isAfterKindWord = (text: string, index: number) =>
  /(?:role|user|group)[ /]+$/.test(text.slice(Math.max(0, index - lookBack), index));
