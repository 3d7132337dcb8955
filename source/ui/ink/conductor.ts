import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { Decision } from '../../ceremony/interviewer.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { Answer, Question } from '../../ceremony/question.ts';
import type { Asked } from '../interviewing.ts';
import { type Outcome, StoppedByPerson } from '../outcome.ts';
import { waysOn } from '../ways-on.ts';
import { AnswerCheck } from './answer-check.ts';
import type { Action } from './binding.ts';
import { answerIn, openField } from './fields/field.ts';
import { actionOnField, pasteIntoField } from './fields/field-actions.ts';
import { noticeOf, problemWith } from './fields/field-checks.ts';
import { picked, typedName } from './fields/pick.ts';
import { identifierOn } from './identifier.ts';
import type { Asking, OpenPanel } from './journey.ts';
import { type Listing, openListing, wantsPage } from './listing.ts';
import { openedPage, scrolledPage, toggledPage, wayTaken } from './panels/paging.ts';
import type { JourneyStore } from './store.ts';
import { WaitingCaller } from './waiting-caller.ts';

type Ask = Omit<Asked, 'draft'> & { readonly draft?: Answer | undefined };

type Links = {
  readonly store: JourneyStore;
  readonly onStop: () => void;
  /** Whether stopping now loses the key, which is in memory alone. */
  readonly losesKey: () => boolean;
  /** Copies a text to the clipboard. @returns what can be said about it. */
  readonly copy: (text: string) => string;
  /** Gives the terminal to the shell, until the person comes back. */
  readonly onSuspend: () => void;
  /** Lets go of keys that were typed ahead. */
  readonly discardKeys: () => void;
  /** The last row that may stand at the top of a page, and the rows of a page. */
  readonly pageOf: (panel: OpenPanel) => { readonly lastTop: number; readonly rows: number };
};

/** Carries out what keys ask for: the pure part is `travelled`, this is what touches steps, AWS and the caller. */
export class Conductor {
  readonly #links: Links;
  readonly #caller = new WaitingCaller();
  readonly #check = new AnswerCheck();
  #leaving: AbortController | undefined;
  #listing: Listing | undefined;

  constructor(links: Links) {
    this.#links = links;
  }

  /** Asks one question and waits for what comes of it. */
  ask({ question, draft, opening, back, commands }: Ask): Promise<Outcome> {
    const { store } = this.#links;
    const field = openField(question, draft, performance.now());
    const notice = noticeOf(question, field);
    store.dispatch({
      type: 'staged',
      stage: { phase: 'asking', question, field, opening, back, notice, verifying: false },
      commands: () => commands(answerIn(question, this.#asking?.field ?? field)),
    });
    this.#leaving = new AbortController();
    this.#listing = openListing(question, this.#leaving.signal, (list) => {
      store.dispatch({ type: 'listed', list });
      this.#readOn();
    });
    this.#listing.readOn();
    return this.#caller.wait<Outcome>();
  }

  /** Shows a problem and waits for the way on. Keys typed before it came were not meant for it. */
  trouble(problem: Problem): Promise<Decision> {
    this.#links.discardKeys();
    const losesKey = this.#links.losesKey();
    const at = waysOn(problem, losesKey)[0]?.value;
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'problem', problem, at, losesKey } });
    return this.#caller.wait<Decision>();
  }

  /** Shows the last page until it is left. */
  closing(page: ClosingPage): Promise<void> {
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'closing', ...page }, commands: () => [] });
    return this.#caller.wait<void>();
  }

  /** The list's cursor stands on another row. */
  point(at: string): void {
    this.#links.store.dispatch({ type: 'pointed', at });
  }

  /** A row of the list was chosen. */
  choose(value: string): void {
    const { stage } = this.#links.store.journey();
    if (stage.phase === 'problem') {
      const way = waysOn(stage.problem, stage.losesKey).find((row) => row.value === value);
      if (way !== undefined) this.#settle(way.decision);
      return;
    }
    const field = this.#asking?.field;
    if (field?.kind !== 'choice' && field?.kind !== 'pick') return;
    const option = field.list.options.find((each) => each.value === value);
    if (option?.disabled !== undefined) {
      this.#refuse(`${option.label.replaceAll(/ +/g, ' ')} cannot be chosen: ${option.disabled}.`);
    } else if (option?.leads?.action === 'panel') {
      this.#links.store.dispatch(openedPage(this.#links.store.journey(), 'text', option.leads.panel));
    } else if (option?.leads !== undefined) {
      this.#settle({ kind: 'lead', lead: option.leads } satisfies Outcome);
    } else {
      void this.#accept(value);
    }
  }

  /** Text that was pasted. */
  paste(text: string): void {
    const asking = this.#asking;
    const { panel, stopping } = this.#links.store.journey();
    if (asking === undefined || asking.verifying || panel !== undefined || stopping) return;
    this.#apply(asking.question, pasteIntoField(asking, text, performance.now()));
  }

  /** Does what a key asks for. */
  act(action: Action): void {
    const { store } = this.#links;
    const asking = this.#asking;
    if (store.journey().said !== undefined) store.dispatch({ type: 'said', said: undefined });
    switch (action.type) {
      case 'why':
      case 'commands':
        store.dispatch(toggledPage(store.journey(), action.type));
        return;
      case 'close':
        store.dispatch({ type: 'panel', panel: undefined });
        return;
      case 'scroll':
        this.#scroll(action);
        return;
      case 'copy': {
        const text = identifierOn(store.journey());
        if (text !== undefined) store.dispatch({ type: 'said', said: this.#links.copy(text) });
        return;
      }
      case 'way':
        for (const event of wayTaken(store.journey(), action.key)) store.dispatch(event);
        return;
      case 'stop':
      case 'stay':
        // On the last page nothing is left to stop.
        if (store.journey().stage.phase === 'closing') {
          this.#settle(undefined);
          return;
        }
        if (action.type === 'stop') store.dispatch({ type: 'stopping', asked: true, losesKey: this.#links.losesKey() });
        else store.dispatch({ type: 'stopping', asked: false });
        return;
      case 'leave':
        this.#leave();
        return;
      case 'suspend':
        this.#links.onSuspend();
        return;
      case 'back':
        if (asking?.verifying === true) this.#refuse(undefined);
        else if (asking !== undefined)
          this.#settle({ kind: 'back', typed: answerIn(asking.question, asking.field) } satisfies Outcome);
        return;
    }
    if (action.type === 'accept' && store.journey().stage.phase === 'closing') this.#settle(undefined);
    if (action.type === 'accept' && asking?.field.kind === 'pick') this.#pick(asking);
    else if (asking !== undefined) this.#apply(asking.question, actionOnField(asking, action, performance.now()));
  }

  /** Enter on a long list: the row under the cursor, or what was typed where no row has it. */
  #pick({ question, field }: Asking): void {
    if (field.kind !== 'pick' || question.kind !== 'choice') return;
    const row = picked(field);
    const name = typedName(field, question);
    if (row !== undefined) this.choose(row.value);
    else if (name !== undefined) void this.#accept(name);
  }

  /** Reads the next page of the list that is shown, where the cursor or the filter asks for it. */
  #readOn(): void {
    const asking = this.#asking;
    if (asking !== undefined && wantsPage(asking.field)) this.#listing?.readOn();
  }

  #apply(question: Question, result: ReturnType<typeof actionOnField>): void {
    const { store } = this.#links;
    if (result.field !== undefined)
      store.dispatch({ type: 'filled', field: result.field, notice: noticeOf(question, result.field) });
    this.#readOn();
    if (result.problem !== undefined) this.#refuse(result.problem);
    if (result.accepted === true && this.#asking !== undefined)
      void this.#accept(answerIn(question, this.#asking.field));
  }

  /** Checks an answer, first by itself and then against AWS or the disk, and gives it if it holds. */
  async #accept(answer: Answer): Promise<void> {
    const asking = this.#asking;
    if (asking === undefined) return;
    const { question } = asking;
    const problem = problemWith(asking, answer);
    if (problem !== undefined) {
      this.#refuse(problem);
      return;
    }
    if (question.verify !== undefined) {
      this.#links.store.dispatch({ type: 'verifying' });
      const check = await this.#check.run(question.verify, answer);
      if (!check.counts || this.#asking?.verifying !== true) return;
      if (check.problem !== undefined) {
        this.#refuse(check.problem);
        return;
      }
    }
    this.#settle({ kind: 'answer', answer } satisfies Outcome);
  }

  #refuse(problem: string | undefined): void {
    this.#check.leave();
    this.#links.store.dispatch({ type: 'refused', problem });
  }

  #scroll({ by, way }: Extract<Action, { type: 'scroll' }>): void {
    const { panel } = this.#links.store.journey();
    if (panel !== undefined) this.#links.store.dispatch(scrolledPage(panel, { by, way }, this.#links.pageOf(panel)));
  }

  #leave(): void {
    this.#links.store.dispatch({ type: 'stopping', asked: false });
    const answer = this.#clear();
    // The caller aborts first, so that what is awaited fails into a run that knows why.
    this.#links.onStop();
    answer?.fail(new StoppedByPerson());
  }

  get #asking(): Asking | undefined {
    const { stage } = this.#links.store.journey();
    return stage.phase === 'asking' ? stage : undefined;
  }

  /** Takes what is asked off the screen; what was typed unseen does not outlive its field. @returns whom to answer. */
  #clear(): ReturnType<WaitingCaller['dismiss']> {
    const answer = this.#caller.dismiss();
    this.#leaving?.abort();
    const field = this.#asking?.field;
    if (field?.kind === 'secret') field.secret.destroy();
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'between' } });
    return answer;
  }

  #settle(outcome: unknown): void {
    if (this.#caller.waits) this.#clear()?.settle(outcome);
  }
}
