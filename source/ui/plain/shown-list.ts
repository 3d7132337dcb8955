import type { Option, Options } from '../../ceremony/question.ts';
import { filterOptions, OptionPages } from '../option-pages.ts';

const perPage = 10;

/** The window of a list that was last shown: numbers mean its rows, counted from 1 over all that match. */
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
    // One more than a page, so that "more" is offered only where there is more.
    this.#matches = await this.#matching(this.#first + perPage + 1);
    return this.#matches
      .slice(this.#first, this.#first + perPage)
      .map((option, index) => ({ number: this.#first + index + 1, option }));
  }

  /** True when there are rows after the shown ones. */
  get hasMore(): boolean {
    return this.#matches.length > this.#first + perPage;
  }

  /** How many match so far, and whether that is all of them. */
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

  /** Reads on until `count` options that match are there, or all. */
  async #matching(count: number): Promise<readonly Option[]> {
    for (;;) {
      const found = filterOptions(this.pages.read, this.filter);
      if (found.length >= count || this.pages.isComplete) return found;
      await this.pages.readOn();
    }
  }
}
