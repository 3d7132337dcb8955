import type { Option, Options } from '../../ceremony/question.ts';
import { filterOptions, OptionPages } from '../option-pages.ts';

const perPage = 10;

/** A list of which ten rows are shown at a time. Rows have numbers from 1, counted over all options that match the filter. */
export class ShownList {
  readonly pages: OptionPages;
  filter = '';
  #first = 0;
  #matches: readonly Option[] = [];

  constructor(options: Options) {
    this.pages = new OptionPages(options);
  }

  /** Gives the rows to show now, each with its number. */
  async window(): Promise<readonly { readonly number: number; readonly option: Option }[]> {
    // Reads one option more than is shown, to know whether there are more.
    this.#matches = await this.#matching(this.#first + perPage + 1);
    return this.#matches
      .slice(this.#first, this.#first + perPage)
      .map((option, index) => ({ number: this.#first + index + 1, option }));
  }

  /** True when there are rows after the shown ones. */
  get hasMore(): boolean {
    return this.#matches.length > this.#first + perPage;
  }

  /** The number of options that match, with "or more" when the list was not read to its end. */
  get count(): string {
    return this.pages.isComplete ? `${this.#matches.length}` : `${this.#matches.length} or more`;
  }

  forward(): void {
    this.#first += perPage;
  }

  /** Filters the list by a text and goes to its first row. */
  show(filter: string): void {
    this.filter = filter;
    this.#first = 0;
  }

  /** Gives the option with this number, among those that match the filter. */
  numbered(number: number): Option | undefined {
    return this.#matches[number - 1];
  }

  /** Reads pages until `count` options match the filter, or until the list ends. Gives the options that match. */
  async #matching(count: number): Promise<readonly Option[]> {
    for (;;) {
      const found = filterOptions(this.pages.read, this.filter);
      if (found.length >= count || this.pages.isComplete) return found;
      await this.pages.readOn();
    }
  }
}
