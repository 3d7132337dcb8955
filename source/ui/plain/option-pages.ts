import type { Option, Options } from '../../ceremony/question.ts';

const perPage = 10;

/** Options that are read page by page, as a person asks for more. */
export class OptionPages {
  readonly #source: AsyncIterator<readonly Option[]> | undefined;
  readonly #read: Option[] = [];
  /** Why the rest of the list cannot be read: AWS gives its refusals a name and sometimes no message. */
  refusal: string | undefined;
  #complete: boolean;

  constructor(options: Options) {
    this.#complete = typeof options !== 'function';
    if (typeof options === 'function') this.#source = options()[Symbol.asyncIterator]();
    else this.#read.push(...options);
  }

  /** All options that were read so far. */
  get read(): readonly Option[] {
    return this.#read;
  }

  /** True when the whole list was read. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Reads on until `count` options that match are there, or all. */
  async matching(wanted: (option: Option) => boolean, count: number): Promise<readonly Option[]> {
    for (;;) {
      const found = this.#read.filter(wanted);
      if (found.length >= count || this.#complete) return found;
      await this.#more();
    }
  }

  async #more(): Promise<void> {
    try {
      const next = await this.#source?.next();
      if (next === undefined || next.done === true) this.#complete = true;
      else this.#read.push(...next.value);
    } catch (error) {
      this.refusal = error instanceof Error ? error.name : String(error);
      this.#complete = true;
    }
  }
}

/** The window of a list that was last shown: numbers mean its rows, counted from 1 over all that match. */
export class ShownList {
  readonly pages: OptionPages;
  filter = '';
  #first = 0;
  #matches: readonly Option[] = [];

  constructor(options: Options) {
    this.pages = new OptionPages(options);
  }

  /** The rows to show now, each with its number. */
  async window(): Promise<readonly { readonly number: number; readonly option: Option }[]> {
    const text = this.filter.toLowerCase();
    const wanted = ({ label, value, hint = '' }: Option) => `${label}\n${value}\n${hint}`.toLowerCase().includes(text);
    // One more than a page, so that "more" is offered only where there is more.
    this.#matches = await this.pages.matching(wanted, this.#first + perPage + 1);
    return this.#matches
      .slice(this.#first, this.#first + perPage)
      .map((option, index) => ({ number: this.#first + index + 1, option }));
  }

  /** True where rows stand behind the window. */
  get hasMore(): boolean {
    return this.#matches.length > this.#first + perPage;
  }

  /** How many match so far, and whether that is all of them. */
  get count(): string {
    return this.pages.complete ? `${this.#matches.length}` : `${this.#matches.length} or more`;
  }

  forward(): void {
    this.#first += perPage;
  }

  /** The rows that hold a text, from the first. */
  show(filter: string): void {
    this.filter = filter;
    this.#first = 0;
  }

  /** The option with a number, among those that match. */
  numbered(number: number): Option | undefined {
    return this.#matches[number - 1];
  }
}
