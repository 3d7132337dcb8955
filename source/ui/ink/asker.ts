import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { Decision } from '../../ceremony/interviewer.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { Answer } from '../../ceremony/question.ts';
import type { Asked } from '../interviewing.ts';
import type { Reply } from '../reply.ts';
import type { Saved } from '../stop-words.ts';
import { waysOn } from '../ways-on.ts';
import { kindOf, openField } from './fields/kinds.ts';
import type { Asking } from './journey.ts';
import { type Listing, openListing } from './listing.ts';
import type { JourneyStore } from './store.ts';

type Ask = Omit<Asked, 'draft'> & { readonly draft?: Answer | undefined };

type Links = {
  readonly store: JourneyStore;
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  /** Drops keys that were typed ahead. */
  readonly discardKeys: () => void;
};

/** The promise of the caller that waits for a result of the screen, and the kind of this result. */
type Waiting =
  | { readonly for: 'outcome'; readonly caller: PromiseWithResolvers<Reply> }
  | { readonly for: 'decision'; readonly caller: PromiseWithResolvers<Decision> }
  | { readonly for: 'leave'; readonly caller: PromiseWithResolvers<void> };

/** Shows one question, problem or last page at a time, and gives its result to the caller. */
export class Asker {
  readonly #links: Links;
  #waiting: Waiting | undefined;
  #leaving: AbortController | undefined;
  #listing: Listing | undefined;

  constructor(links: Links) {
    this.#links = links;
  }

  /** The question on the screen, or `undefined` when there is none. */
  get asking(): Asking | undefined {
    const { stage } = this.#links.store.journey();
    return stage.phase === 'asking' ? stage : undefined;
  }

  /** Asks one question and waits for its outcome. */
  ask({ question, draft, isFirst, back, commands }: Ask): Promise<Reply> {
    const { store } = this.#links;
    const field = openField(question, draft, performance.now());
    const answer = (now = this.asking?.field ?? field) => kindOf(now).answer(now);
    store.dispatch({
      type: 'staged',
      stage: { phase: 'asking', field, isFirst, back, notice: kindOf(field).notice?.(field), isVerifying: false },
      commands: () => commands(answer()),
    });
    this.#leaving = new AbortController();
    this.#listing = openListing(question, this.#leaving.signal, (list) => {
      store.dispatch({ type: 'listed', list });
      this.readOn();
    });
    this.#listing.readOn();
    const caller = Promise.withResolvers<Reply>();
    this.#waiting = { for: 'outcome', caller };
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
  readOn(): void {
    const field = this.asking?.field;
    if (field !== undefined && kindOf(field).pages?.areWanted(field) === true) this.#listing?.readOn();
  }

  /** Hands the outcome of the question to the caller of {@link ask}. */
  answer(outcome: Reply): void {
    if (this.#waiting?.for !== 'outcome') return;
    const { caller } = this.#waiting;
    this.#clear();
    caller.resolve(outcome);
  }

  /** Hands the decision of the person to the caller of {@link trouble}. */
  decide(decision: Decision): void {
    if (this.#waiting?.for !== 'decision') return;
    const { caller } = this.#waiting;
    this.#clear();
    caller.resolve(decision);
  }

  /** Tells the caller of {@link closing} that the person left the last page. */
  leave(): void {
    if (this.#waiting?.for !== 'leave') return;
    const { caller } = this.#waiting;
    this.#clear();
    caller.resolve();
  }

  /** Removes the question or page from the screen. @returns a function that rejects the promise of the waiting caller. */
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
