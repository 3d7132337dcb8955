import type { Option, Options } from '../../ceremony/question.ts';
import { filterOptions, OptionPages } from '../option-pages.ts';

const rowsPerPage = 10;

/** A list that is shown page by page. Options have numbers from 1, counted over all options that match the filter. */
export class ShownList {
  readonly pages: OptionPages;
  filter = '';
  /** The index of the first option of the present page, among those that match. */
  #first = 0;
  /** The options that matched the filter at the last call of `window`, as far as they were read. */
  #matches: readonly Option[] = [];

  constructor(options: Options) {
    this.pages = new OptionPages(options);
  }

  /** Gives the options of the present page, each with its number. Reads more options when the page needs them. */
  async window(): Promise<readonly { readonly number: number; readonly option: Option }[]> {
    // One option more than the page shows tells whether another page follows.
    this.#matches = await this.#readMatches(this.#first + rowsPerPage + 1);
    return this.#matches
      .slice(this.#first, this.#first + rowsPerPage)
      .map((option, index) => ({ number: this.#first + index + 1, option }));
  }

  /** True when another page follows the present page. */
  get hasMore(): boolean {
    return this.#matches.length > this.#first + rowsPerPage;
  }

  /** The number of options that match, with "or more" when the list was not read to its end. */
  get count(): string {
    return this.pages.isComplete ? `${this.#matches.length}` : `${this.#matches.length} or more`;
  }

  /** Goes to the next page. */
  forward(): void {
    this.#first += rowsPerPage;
  }

  /** Filters the list by a text and goes to its first page. The next call of {@link window} finds the options that match. */
  show(filter: string): void {
    this.filter = filter;
    this.#first = 0;
  }

  /** Gives the option with this number, among those that match the filter; `undefined` when no option has it. */
  optionWithNumber(number: number): Option | undefined {
    return this.#matches[number - 1];
  }

  /** Reads pages until `count` options match the filter, or until the list ends. Gives the options that match. */
  async #readMatches(count: number): Promise<readonly Option[]> {
    for (;;) {
      const found = filterOptions(this.pages.options, this.filter);
      if (found.length >= count || this.pages.isComplete) return found;
      await this.pages.readOn();
    }
  }
}
