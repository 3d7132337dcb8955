import type { Option, Options } from '../ceremony/question.ts';

/** The options of a question. Reads a page of them each time that the person needs more. */
export class OptionPages {
  readonly #source: AsyncIterator<readonly Option[]> | undefined;
  #options: readonly Option[] = [];
  #refusal: string | undefined;
  #isComplete: boolean;

  constructor(options: Options) {
    this.#isComplete = typeof options !== 'function';
    if (typeof options === 'function') this.#source = options()[Symbol.asyncIterator]();
    else this.#options = options;
  }

  /** Gives all options that were read so far. */
  get options(): readonly Option[] {
    return this.#options;
  }

  /** True when no more options will come: all were read, or an error ended the list. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The name of the error that ended the list; `undefined` without an error. Not its message, because AWS may send none. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Reads the next page, if there is one. Never throws: an error ends the list, and {@link refusal} has its name. */
  async readOn(): Promise<void> {
    if (this.#isComplete) return;
    try {
      const next = await this.#source?.next();
      if (next === undefined || next.done === true) this.#isComplete = true;
      else this.#options = [...this.#options, ...next.value];
    } catch (error) {
      this.#refusal = error instanceof Error ? error.name : String(error);
      this.#isComplete = true;
    }
  }

  /** Tells the source that no more pages are needed. An error of the source is of no interest then. */
  close(): void {
    void this.#source?.return?.().catch(() => {});
  }
}

/**
 * Gives the options whose label or hint contains the filter, in any letter case. When there are none, gives those whose value
 * contains the filter, such as a pasted ARN. Values are not searched first: all ARNs of a list begin the same, and `a` would match
 * each of them. An empty filter gives all options.
 */
export function filterOptions(options: readonly Option[], filter: string): readonly Option[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return options;
  const shown = options.filter(({ label, hint = '' }) => `${label}\n${hint}`.toLowerCase().includes(wanted));
  return shown.length > 0 ? shown : options.filter(({ value }) => value.toLowerCase().includes(wanted));
}
