import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { Decision } from '../../ceremony/interviewer.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { Answer } from '../../ceremony/question.ts';
import type { Asked } from '../interviewing.ts';
import type { Reply } from '../reply.ts';
import type { Saved } from '../stop-words.ts';
import { waysOn } from '../ways-on.ts';
import type { FieldState } from './fields/field.ts';
import { kindOf, openField } from './fields/kinds.ts';
import type { Asking } from './journey.ts';
import { type Listing, openListing } from './listing.ts';
import type { JourneyStore } from './store.ts';
import { Tally } from './tally.ts';

/** A question to ask, with or without a draft. */
type Ask = Omit<Asked, 'draft'> & { readonly draft?: Answer | undefined };

/** The parts that the asker works with. */
type Links = {
  readonly store: JourneyStore;
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  /** Drops keys that were typed ahead. */
  readonly discardKeys: () => void;
};

/** The promise of the caller that waits for the screen, and the kind of result that this caller waits for. */
type Waiting =
  | { readonly for: 'reply'; readonly caller: PromiseWithResolvers<Reply> }
  | { readonly for: 'decision'; readonly caller: PromiseWithResolvers<Decision> }
  | { readonly for: 'leave'; readonly caller: PromiseWithResolvers<void> };

/** Shows one question, problem or last page at a time, and gives the caller what the person replies. */
export class Asker {
  readonly #links: Links;
  #waiting: Waiting | undefined;
  /** Aborts when the question leaves the screen, and so ends the reading of its options. */
  #leaving: AbortController | undefined;
  /** Reads the options of the question on the screen. */
  #listing: Listing | undefined;
  /** Counts what is chosen in the list on the screen. */
  #tally: Tally | undefined;

  constructor(links: Links) {
    this.#links = links;
  }

  /** The question on the screen, or `undefined` when there is none. */
  get asking(): Asking | undefined {
    const { stage } = this.#links.store.journey();
    return stage.phase === 'asking' ? stage : undefined;
  }

  /** Asks one question and waits for the reply. */
  ask({ question, draft, isFirst, back, commands }: Ask): Promise<Reply> {
    const { store } = this.#links;
    const since = performance.now();
    const field = openField(question, draft, since);
    /** Gives the answer that is in the field at this moment. */
    const currentAnswer = () => {
      const current = this.asking?.field ?? field;
      return kindOf(current).answer(current);
    };
    this.#leaving = new AbortController();
    this.#tally = new Tally(question, this.#leaving.signal, (notice) => store.dispatch({ type: 'noticed', notice }));
    store.dispatch({
      type: 'staged',
      stage: { phase: 'asking', field, since, isFirst, back, notice: this.noticeOf(field), isVerifying: false },
      commands: () => commands(currentAnswer()),
    });
    this.#listing = openListing(question, this.#leaving.signal, (list) => {
      store.dispatch({ type: 'listed', list });
      this.readOnIfWanted();
    });
    // The first page is always read.
    this.#listing.readOn();
    const caller = Promise.withResolvers<Reply>();
    this.#waiting = { for: 'reply', caller };
    return caller.promise;
  }

  /** Shows a problem and waits for the decision of the person. Keys typed before the problem appeared are dropped. */
  trouble(problem: Problem): Promise<Decision> {
    this.#links.discardKeys();
    const saved = this.#links.savedNow();
    const rowValue = waysOn(problem, saved)[0]?.value;
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'problem', problem, rowValue, saved } });
    const caller = Promise.withResolvers<Decision>();
    this.#waiting = { for: 'decision', caller };
    return caller.promise;
  }

  /** Shows the last page until the person leaves it. */
  closing(page: ClosingPage): Promise<void> {
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'closing', ...page }, commands: () => [] });
    const caller = Promise.withResolvers<void>();
    this.#waiting = { for: 'leave', caller };
    return caller.promise;
  }

  /** Reads the next page of options when the list on the screen needs more, because of its cursor or its filter. */
  readOnIfWanted(): void {
    const field = this.asking?.field;
    if (field !== undefined && kindOf(field).pages?.areWanted(field) === true) this.#listing?.readOn();
  }

  /**
   * Gives the line about what is in a field: what the question says of the typed text, or what the chosen values come to;
   * `undefined` when there is no such line. When the chosen values have changed, begins to count them anew.
   */
  noticeOf(field: FieldState): string | undefined {
    const kind = kindOf(field);
    this.#tally?.follow(kind.answer(field));
    return kind.notice?.(field) ?? this.#tally?.words;
  }

  /** Clears the screen and hands the reply to the caller of {@link ask}. Does nothing when no question waits for a reply. */
  reply(reply: Reply): void {
    if (this.#waiting?.for !== 'reply') return;
    const { caller } = this.#waiting;
    this.#clear();
    caller.resolve(reply);
  }

  /** Clears the screen and hands the decision to the caller of {@link trouble}. Does nothing when no problem waits for it. */
  decide(decision: Decision): void {
    if (this.#waiting?.for !== 'decision') return;
    const { caller } = this.#waiting;
    this.#clear();
    caller.resolve(decision);
  }

  /** Clears the screen and tells the caller of {@link closing} that the person left the page. Does nothing on another screen. */
  leave(): void {
    if (this.#waiting?.for !== 'leave') return;
    const { caller } = this.#waiting;
    this.#clear();
    caller.resolve();
  }

  /**
   * Clears the screen, because the person stops.
   * @returns a function that rejects the promise of the caller that waited for the screen, if one did.
   */
  giveUp(): (why: Error) => void {
    const caller = this.#waiting?.caller;
    this.#clear();
    return (why) => caller?.reject(why);
  }

  /** Clears the screen between two stages. Destroys what the field contains, such as a typed passphrase. */
  #clear(): void {
    this.#waiting = undefined;
    this.#leaving?.abort();
    const field = this.asking?.field;
    if (field !== undefined) kindOf(field).close?.(field);
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'between' } });
  }
}
