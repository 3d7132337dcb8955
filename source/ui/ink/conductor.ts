import { checkAnswer, takeSecret } from '../../ceremony/interview.ts';
import type { Decision } from '../../ceremony/interviewer.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { Answer, PanelContent, Question } from '../../ceremony/question.ts';
import type { Asked } from '../interviewing.ts';
import { obstacle } from '../obstacle.ts';
import { type Outcome, StoppedByPerson } from '../outcome.ts';
import type { ClosingPage } from '../screen.ts';
import { waysOn } from '../ways-on.ts';
import { answerIn, type FieldState, openField } from './fields/field.ts';
import { actionOnField, pasteIntoField } from './fields/field-actions.ts';
import { identifierOn } from './identifier.ts';
import type { Asking, OpenPanel } from './journey.ts';
import type { Action } from './keys.ts';
import { readOptions } from './listing.ts';
import { commandsPage, whyPage } from './panels/pages.ts';
import type { JourneyStore } from './store.ts';

type Ask = Omit<Asked, 'draft'> & { readonly draft?: Answer | undefined };

type Pending = { readonly settle: (outcome: never) => void; readonly fail: (error: Error) => void };

type Links = {
  readonly store: JourneyStore;
  readonly onStop: () => void;
  /** Copies a text to the clipboard. @returns what can be said about it. */
  readonly copy: (text: string) => string;
  /** Lets go of keys that were typed ahead. */
  readonly discardKeys: () => void;
  /** The last row that may stand at the top of a page, and the rows of a page. */
  readonly pageOf: (panel: OpenPanel) => { readonly lastTop: number; readonly rows: number };
};

/** Carries out what keys ask for: the pure part is `travelled`, this is what touches steps, AWS and the caller. */
export class Conductor {
  readonly #links: Links;
  #pending: Pending | undefined;
  #leaving: AbortController | undefined;
  /** Counts checks, so that the result of one that was left does not count. */
  #check = 0;

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
    void readOptions(question, this.#leaving.signal, (list) => store.dispatch({ type: 'listed', list }));
    return this.#waitFor<Outcome>();
  }

  /** Shows a problem and waits for the way on. Keys typed before it came were not meant for it. */
  trouble(problem: Problem): Promise<Decision> {
    this.#links.discardKeys();
    const at = waysOn(problem)[0]?.value;
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'problem', problem, at } });
    return this.#waitFor<Decision>();
  }

  /** Shows the last page until it is left. */
  closing(page: ClosingPage): Promise<void> {
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'closing', ...page }, commands: () => [] });
    return this.#waitFor<void>();
  }

  /** The list's cursor stands on another row. */
  point(at: string): void {
    this.#links.store.dispatch({ type: 'pointed', at });
  }

  /** A row of the list was chosen. */
  choose(value: string): void {
    const { stage } = this.#links.store.journey();
    if (stage.phase === 'problem') {
      const way = waysOn(stage.problem).find((row) => row.value === value);
      if (way !== undefined) this.#settle(way.decision);
      return;
    }
    const asking = this.#asking;
    if (asking?.field.kind !== 'choice') return;
    const option = asking.field.list.options.find((each) => each.value === value);
    if (option?.disabled !== undefined) {
      this.#refuse(`${option.label.replaceAll(/ +/g, ' ')} cannot be chosen: ${option.disabled}.`);
    } else if (option?.leads?.action === 'panel') {
      this.#open('text', option.leads.panel);
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
        this.#toggle(action.type);
        return;
      case 'close':
        store.dispatch({ type: 'panel', panel: undefined });
        return;
      case 'scroll':
        this.#scroll(action.by, action.way);
        return;
      case 'copy': {
        const text = identifierOn(store.journey());
        if (text !== undefined) store.dispatch({ type: 'said', said: this.#links.copy(text) });
        return;
      }
      case 'way':
        this.#goWay(action.key);
        return;
      case 'stop':
      case 'stay':
        store.dispatch({ type: 'stopping', asked: action.type === 'stop' });
        return;
      case 'leave':
        this.#leave();
        return;
      case 'back':
        if (asking?.verifying === true) this.#refuse(undefined);
        else if (asking !== undefined)
          this.#settle({ kind: 'back', typed: answerIn(asking.question, asking.field) } satisfies Outcome);
        return;
    }
    if (action.type === 'accept' && store.journey().stage.phase === 'closing') this.#settle(undefined);
    if (asking !== undefined) this.#apply(asking.question, actionOnField(asking, action, performance.now()));
  }

  #apply(question: Question, result: ReturnType<typeof actionOnField>): void {
    const { store } = this.#links;
    if (result.field !== undefined)
      store.dispatch({ type: 'filled', field: result.field, notice: noticeOf(question, result.field) });
    if (result.problem !== undefined) this.#refuse(result.problem);
    if (result.accepted === true && this.#asking !== undefined)
      void this.#accept(answerIn(question, this.#asking.field));
  }

  /** Checks an answer, first by itself and then against AWS or the disk, and gives it if it holds. */
  async #accept(answer: Answer): Promise<void> {
    const { question, field } = this.#asking ?? {};
    if (question === undefined) return;
    const secret = field?.kind === 'secret' && question.kind === 'secret' ? field.secret : undefined;
    const problem =
      secret === undefined || question.kind !== 'secret' ? checkAnswer(question, answer) : takeSecret(question, secret);
    if (problem !== undefined) {
      this.#refuse(problem);
      return;
    }
    if (question.verify !== undefined) {
      this.#check += 1;
      const check = this.#check;
      this.#links.store.dispatch({ type: 'verifying' });
      const found = await question.verify(answer).catch((error: unknown) => obstacle(error));
      if (check !== this.#check || this.#asking?.verifying !== true) return;
      if (found !== undefined) {
        this.#refuse(found);
        return;
      }
    }
    this.#settle({ kind: 'answer', answer } satisfies Outcome);
  }

  #refuse(problem: string | undefined): void {
    this.#check += 1;
    this.#links.store.dispatch({ type: 'refused', problem });
  }

  #toggle(kind: 'why' | 'commands'): void {
    const { store } = this.#links;
    const journey = store.journey();
    if (journey.panel?.kind === kind) store.dispatch({ type: 'panel', panel: undefined });
    else this.#open(kind, kind === 'why' ? whyPage(journey) : commandsPage(journey));
  }

  #open(kind: OpenPanel['kind'], content: PanelContent): void {
    const { stage, panel } = this.#links.store.journey();
    const actingSince = stage.phase === 'acting' ? stage.since : panel?.actingSince;
    const over = actingSince === undefined ? {} : { actingSince };
    this.#links.store.dispatch({ type: 'panel', panel: { kind, content, top: 0, ...over } });
  }

  #scroll(by: 'line' | 'page' | 'all', way: 1 | -1): void {
    const { panel } = this.#links.store.journey();
    if (panel === undefined) return;
    const { lastTop, rows } = this.#links.pageOf(panel);
    const step = by === 'line' ? 1 : by === 'page' ? Math.max(1, rows - 1) : Number.MAX_SAFE_INTEGER;
    const top = Math.min(lastTop, Math.max(0, panel.top + way * step));
    this.#links.store.dispatch({ type: 'panel', panel: { ...panel, top } });
  }

  /** Does what the last page offers: shows a page, or a line below the others. */
  #goWay(key: string): void {
    const { stage } = this.#links.store.journey();
    if (stage.phase !== 'closing') return;
    const result = stage.ways?.find((way) => way.key === key)?.act();
    if (result === undefined) return;
    if (typeof result !== 'string') this.#open('text', result);
    else {
      const lines = stage.lines.includes(result) ? stage.lines : [result, '', ...stage.lines];
      this.#links.store.dispatch({ type: 'staged', stage: { ...stage, lines } });
    }
  }

  #leave(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#leaving?.abort();
    this.#wipe();
    this.#links.store.dispatch({ type: 'stopping', asked: false });
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'between' } });
    // The caller aborts first, so that what is awaited fails into a run that knows why.
    this.#links.onStop();
    pending?.fail(new StoppedByPerson());
  }

  get #asking(): Asking | undefined {
    const { stage } = this.#links.store.journey();
    return stage.phase === 'asking' ? stage : undefined;
  }

  /** What was typed unseen does not outlive its field. */
  #wipe(): void {
    const field = this.#asking?.field;
    if (field?.kind === 'secret') field.secret.destroy();
  }

  #waitFor<Result>(): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      this.#pending = { settle: resolve as Pending['settle'], fail: reject };
    });
  }

  #settle(outcome: unknown): void {
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#pending = undefined;
    this.#leaving?.abort();
    this.#wipe();
    this.#links.store.dispatch({ type: 'staged', stage: { phase: 'between' } });
    pending.settle(outcome as never);
  }
}

function noticeOf(question: Question, field: FieldState): string | undefined {
  if (field.kind === 'secret' && question.kind === 'secret') return question.notice?.(field.secret);
  if (field.kind !== 'text' || (question.kind !== 'text' && question.kind !== 'file')) return undefined;
  return question.notice?.(field.edit.text);
}
