/** Names that the person has typed in this run to confirm what was found, such as the host of an endpoint. */
export class TypedNames {
  readonly #names: Set<string>;

  /** @param names what the command line confirms. */
  constructor(names: readonly string[] = []) {
    this.#names = new Set(names);
  }

  add(name: string): void {
    this.#names.add(name);
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }
}
