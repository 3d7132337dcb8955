import type { Option, Question } from '../../source/ceremony/question.ts';

/** A question, with the options that a person met first. */
export type Put = { readonly question: Question; readonly options: readonly Option[] };

/** What was asked at one place of a walk. */
export type Asked = { readonly title: string; readonly put: readonly Put[] };

/** What a person saw or heard on a walk, in one text for each place: what came before the first step, a step, the end. */
export class Transcript {
  readonly texts = new Map<string, string>();
  readonly asked = new Map<string, Asked>();
  #folder = '';
  #place = '';

  /** Begins a ceremony, whose places are stored in this folder; '' is the top. */
  begin(folder: string): void {
    this.#folder = folder;
    this.at('opening');
  }

  /** Goes on at a place, behind what was written there before. */
  at(place: string): void {
    this.#place = `${this.#folder}${place}`;
  }

  get place(): string {
    return this.#place;
  }

  write(text: string, place = this.#place): void {
    this.texts.set(place, (this.texts.get(place) ?? '') + text);
  }

  /** Notes what was asked here, and reads the first page of each list as a person met it. */
  async note(title: string, questions: readonly Question[]): Promise<void> {
    const place = this.#place;
    const put = await Promise.all(
      questions.map(async (question) => ({ question, options: await firstOptions(question) })),
    );
    this.asked.set(place, { title, put: [...(this.asked.get(place)?.put ?? []), ...put] });
  }
}

/** As many rows of a long list as both interfaces show at once. */
const rowsAtOnce = 5;

async function firstOptions(question: Question): Promise<readonly Option[]> {
  if (question.kind !== 'choice' && question.kind !== 'many') return [];
  if (typeof question.options !== 'function') return question.options;
  for await (const page of question.options()) return page.slice(0, rowsAtOnce);
  return [];
}
