import { takenAnswer } from '../../ceremony/interview.ts';
import type { Answer, Option } from '../../ceremony/question.ts';
import { correctedWords } from '../corrected-words.ts';
import { StoppedByPerson } from '../reply.ts';
import type { Saved } from '../stop-words.ts';
import { waysOn } from '../ways-on.ts';
import type { Action } from './action.ts';
import { AnswerCheck } from './answer-check.ts';
import type { Asker } from './asker.ts';
import { rowAt } from './fields/choice-row.tsx';
import type { FieldState } from './fields/field.ts';
import type { FieldResult } from './fields/field-result.ts';
import { kindOf, problemWith } from './fields/kinds.ts';
import { identifierOn } from './identifier.ts';
import type { OpenPanel } from './journey.ts';
import { openPage, scrollPage, takePageAction, togglePage } from './panels/paging.ts';
import type { JourneyStore } from './store.ts';

/** The parts and functions that the conductor works with. */
type Links = {
  readonly store: JourneyStore;
  readonly asker: Asker;
  /** Called when the person stops. */
  readonly onStop: () => void;
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  /** Copies a text to the clipboard. @returns a note for the person. */
  readonly copy: (text: string) => string;
  /** Gives the terminal to the shell, until the person comes back. */
  readonly onSuspend: () => void;
  /** Tells whether the screen has no room for all its text. */
  readonly isCut: () => boolean;
  /** Gives `lastTop`, the index of the last row that can be at the top of the page, and `rows`, the height of a page in rows. */
  readonly pageOf: (panel: OpenPanel) => { readonly lastTop: number; readonly rows: number };
};

/** Carries out the actions of keys: changes the journey, checks answers against AWS, gives replies, copies to the clipboard. */
export class Conductor {
  readonly #links: Links;
  readonly #check = new AnswerCheck();

  constructor(links: Links) {
    this.#links = links;
  }

  /** Notes that the list component has moved its cursor to the row with this value. */
  point(rowValue: string): void {
    this.#links.store.dispatch({ type: 'pointed', rowValue });
  }

  /**
   * Puts pasted text into the field. Drops it when no field takes keys: without a question, during its check, under an open page,
   * and at "Stop here?".
   */
  paste(text: string): void {
    const { asking } = this.#links.asker;
    const { panel, stopping } = this.#links.store.journey();
    if (asking === undefined || asking.isVerifying || panel !== undefined || stopping !== undefined) return;
    this.#apply(kindOf(asking.field).paste(asking.field, text, performance.now()));
  }

  /** Carries out the action of a key. */
  act(action: Action): void {
    const { store, onSuspend } = this.#links;
    const journey = store.journey();
    if (journey.said !== undefined) store.dispatch({ type: 'said', said: undefined });
    switch (action.type) {
      case 'why':
      case 'tutorial':
      case 'keys':
      case 'commands':
        store.dispatch(togglePage(journey, action.type, this.#links.isCut()));
        break;
      case 'close':
        store.dispatch({ type: 'panel', panel: undefined });
        break;
      case 'scroll':
        this.#scroll(action);
        break;
      case 'copy':
        this.#copy();
        break;
      case 'page-action':
        for (const event of takePageAction(journey, action.key)) store.dispatch(event);
        break;
      case 'stop':
      case 'stay':
        this.#askToStop(action.type);
        break;
      case 'leave':
        this.#leave();
        break;
      case 'suspend':
        onSuspend();
        break;
      case 'back':
        this.#goBack();
        break;
      default:
        this.#actOnStage(action);
    }
  }

  /**
   * Asks "Stop here?" (`stop`), or removes that question (`stay`). On the last page there is nothing to stop: there Ctrl+C
   * leaves the page.
   */
  #askToStop(action: 'stop' | 'stay'): void {
    const { store, asker, savedNow } = this.#links;
    if (store.journey().stage.phase === 'closing') asker.leave();
    else store.dispatch({ type: 'stopping', saved: action === 'stop' ? savedNow() : undefined });
  }

  /** Carries out an action of the stage: of the field, of the list below a problem, or of the last page. */
  #actOnStage(action: Action): void {
    const { store, asker } = this.#links;
    const { stage } = store.journey();
    if (stage.phase === 'asking') {
      this.#apply(kindOf(stage.field).act(stage.field, action, performance.now()));
    } else if (action.type === 'accept' && stage.phase === 'problem') {
      const row = rowAt(waysOn(stage.problem, stage.saved), stage.rowValue);
      if (row !== undefined) asker.decide(row.decision);
    } else if (action.type === 'accept' && stage.phase === 'closing') asker.leave();
  }

  /** Carries out what an action did to the field: shows the new state, and takes the problem, the chosen row or the answer. */
  #apply({ field, problem, answer, chosen }: FieldResult<FieldState>): void {
    this.#put(field);
    this.#links.asker.readOnIfWanted();
    if (problem !== undefined) this.#refuse(problem);
    if (chosen !== undefined) this.#choose(chosen);
    if (answer !== undefined) void this.#accept(answer);
  }

  /** Takes the row that the person chose. The row gives an answer, opens a page, leads elsewhere, or cannot be chosen. */
  #choose({ value, label, disabled, leads }: Option): void {
    const { store, asker } = this.#links;
    if (disabled !== undefined) {
      this.#refuse(`${label.replaceAll(/ +/g, ' ')} cannot be chosen: ${disabled}.`);
    } else if (leads?.action === 'panel') {
      store.dispatch(openPage(store.journey(), 'text', leads.panel));
    } else if (leads !== undefined) {
      asker.reply({ kind: 'lead', lead: leads });
    } else {
      void this.#accept(value);
    }
  }

  /**
   * Checks an answer, first by itself and then against AWS or the disk. Gives a valid answer to the asker, and shows what is
   * wrong with any other. Does nothing more when the person has left the check before its result came.
   */
  async #accept(given: Answer): Promise<void> {
    const { store, asker } = this.#links;
    const field = asker.asking?.field;
    if (field === undefined) return;
    const answer = takenAnswer(field.question, given);
    const problem = problemWith(field, answer);
    if (problem !== undefined) {
      this.#put(kindOf(field).afterCheck?.(field));
      return this.#refuse(problem);
    }
    const { verify } = field.question;
    if (verify !== undefined) {
      store.dispatch({ type: 'verifying' });
      const check = await this.#check.run(verify, answer);
      const { asking } = asker;
      if (!check.isLatest || asking?.isVerifying !== true) return;
      if (check.problem !== undefined) {
        this.#put(kindOf(asking.field).afterRefusal?.(asking.field, check.instead));
        return this.#refuse(check.instead === undefined ? check.problem : `${check.problem} ${correctedWords}`);
      }
    }
    asker.reply({ kind: 'answer', answer });
  }

  /** Shows the field in another state; `undefined` leaves it as it is. */
  #put(field: FieldState | undefined): void {
    const { store, asker } = this.#links;
    if (field !== undefined) store.dispatch({ type: 'filled', field, notice: asker.noticeOf(field) });
  }

  /** Shows a problem under the field; `undefined` removes the problem. The result of a running check counts no more. */
  #refuse(problem: string | undefined): void {
    this.#check.leave();
    this.#links.store.dispatch({ type: 'refused', problem });
  }

  /**
   * Goes back to the question or step before. While an answer is being checked, goes back to its field. While a step acts, asks
   * the step to end what is under way and to begin nothing more. On any other screen, does nothing.
   */
  #goBack(): void {
    const { asker } = this.#links;
    const { asking } = asker;
    const { stage } = this.#links.store.journey();
    if (stage.phase === 'acting') {
      stage.onEnough?.();
      this.#links.store.dispatch({ type: 'said', said: 'What is under way ends; nothing more begins.' });
    } else if (asking?.isVerifying === true) this.#refuse(undefined);
    else if (asking !== undefined) asker.reply({ kind: 'back', typed: kindOf(asking.field).answer(asking.field) });
  }

  /** Copies the identifier on the screen to the clipboard, and says so in the footer. */
  #copy(): void {
    const { store, copy } = this.#links;
    const text = identifierOn(store.journey());
    if (text !== undefined) store.dispatch({ type: 'said', said: copy(text) });
  }

  /** Scrolls the open page. */
  #scroll({ by, direction }: Extract<Action, { type: 'scroll' }>): void {
    const { store, pageOf } = this.#links;
    const { panel } = store.journey();
    if (panel !== undefined) store.dispatch(scrollPage(panel, { by, direction }, pageOf(panel)));
  }

  /** Ends the run: the person has answered yes to "Stop here?". */
  #leave(): void {
    const { store, asker, onStop } = this.#links;
    store.dispatch({ type: 'stopping', saved: undefined });
    const fail = asker.giveUp();
    // onStop comes before fail: it aborts the run, so that the run knows why its question is rejected.
    onStop();
    fail(new StoppedByPerson());
  }
}
