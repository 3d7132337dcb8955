import { askAhead } from './ask-ahead.ts';
import { askEarlier } from './ask-earlier.ts';
import { attemptsOf } from './attempt.ts';
import type { Course } from './course.ts';
import { checkLeads, checkNeeds, checkStep } from './defects.ts';
import { goOnWithDrafts, noteDrafts } from './drafts.ts';
import { answersBefore, withoutLastAnswer } from './interview.ts';
import type { Interview } from './interviewer.ts';
import type { Journal } from './journal.ts';
import { type Problem, ProblemError, type Renewal } from './problem.ts';
import type { Answers } from './question.ts';
import { withReceipt } from './repeated-receipt.ts';
import { askProblemQuestion, factsOf, keepRecord, type Run, restore, watcherOf } from './run.ts';
import type { Step } from './step.ts';
import { stepBackFrom } from './step-back.ts';
import { orStopped } from './waiting.ts';

/**
 * How a run ended: `finished` with no step left to do, or `stopped` at a problem. The person stops it there; when nobody is there,
 * the interface does. All that was done before is saved.
 */
export type Ending<Facts> =
  | { readonly ended: 'finished'; readonly facts: Facts }
  | { readonly ended: 'stopped'; readonly facts: Facts; readonly problem: Problem };

/** Gives the first step that the journal does not have as done, or `undefined` when all steps are done. */
export function nextStep<Facts, Services>(
  ceremony: Course<Facts, Services>,
  journal: Journal,
): Step<Facts, Services> | undefined {
  return ceremony.steps.find(({ id }) => !journal.state.done.has(id));
}

/** A step that acts, the facts of the steps before it, and its answers. */
type Turn<Facts, Services> = { readonly step: Step<Facts, Services>; readonly facts: Facts; readonly answers: Answers };

/** One run through the steps of a ceremony. It holds what counts for this run only, and is not in the journal. */
export class StepsOfRun<Facts extends object, Services> {
  readonly #run: Run<Facts, Services>;
  #hasBegun = false;
  /** The id of the step at which the last run stopped; `undefined` once this run has come to it. */
  #stoppedAt: string | undefined;
  /** For a step that runs again, by step id: the answers that it starts with. Their questions are not asked again. */
  readonly #kept = new Map<string, Answers>();
  /** The steps whose renewal was taken, until they succeed: no renewal is taken twice. */
  readonly #renewed = new Set<string>();
  /** The receipt of each step that was done in this run, by step id. */
  readonly #receipts = new Map<string, string>();

  constructor(run: Run<Facts, Services>) {
    this.#run = run;
  }

  /**
   * Restores the steps that are done: see {@link restore}. Then takes the others in turn, until all are done or the person stops at
   * a problem.
   * @throws ProblemError when the run cannot begin; the reason of the run's signal once that signal has aborted.
   */
  async runToEnd(): Promise<Ending<Facts>> {
    const { ceremony, journal, signal } = this.#run;
    // A ceremony that is continued begins immediately, a new one only before its first act or its first answers ahead.
    if (journal.state.id !== undefined) this.#begin();
    this.#stoppedAt = nextStep(ceremony, journal)?.id;
    const restoreProblem = await restore(this.#run);
    if (restoreProblem !== undefined) return { ended: 'stopped', facts: factsOf(journal), problem: restoreProblem };
    for (;;) {
      signal.throwIfAborted();
      const facts = factsOf<Facts>(journal);
      // An unattended run has fewer steps than one with a person. So a finished ceremony may have steps that are not done; they
      // stay so.
      const step = journal.state.finished ? undefined : nextStep(ceremony, journal);
      if (step === undefined) return this.#finish(facts);
      const problem = await this.#takeTurn(step, facts);
      if (problem !== undefined) return { ended: 'stopped', facts: factsOf(journal), problem };
    }
  }

  /**
   * Begins the run, before anything is written. Does nothing when it has begun.
   * @throws ProblemError when it cannot begin.
   */
  #begin(): void {
    try {
      if (!this.#hasBegun) this.#run.begin();
    } catch (error) {
      throw new ProblemError(this.#run.explain(error));
    }
    this.#hasBegun = true;
  }

  /** Notes in the journal that all steps are done, if it does not say so yet, and writes the record: see {@link keepRecord}. */
  async #finish(facts: Facts): Promise<Ending<Facts>> {
    const { journal } = this.#run;
    const isNew = !journal.state.finished;
    if (isNew) journal.append({ kind: 'finished' });
    const problem = await keepRecord(this.#run, facts, isNew);
    return problem === undefined ? { ended: 'finished', facts } : { ended: 'stopped', facts, problem };
  }

  /**
   * Asks the questions of a step, and lets it act, unless the person goes back or takes another way. Afterwards, the journal tells
   * which step is next: the following one, the same one, or an earlier one.
   * @returns the problem at which the person stops; otherwise `undefined`.
   */
  async #takeTurn(step: Step<Facts, Services>, facts: Facts): Promise<Problem | undefined> {
    const { services, interviewer, signal, waiting } = this.#run;
    checkNeeds(step, facts);
    const stepBefore = stepBackFrom(step, facts, this.#run);
    const asking = () => this.#ask(step, facts, stepBefore !== undefined);
    const interview = await orStopped(waiting.during(watcherOf(interviewer, step, signal), asking), signal);
    if (interview === 'back' || !('answers' in interview)) {
      await this.#leave(interview, step, stepBefore, facts);
      return undefined;
    }
    const { answers } = interview;
    const enough = new AbortController();
    const onEnough = step.mayEndEarly === true ? () => enough.abort() : undefined;
    interviewer.acting(step, { facts, answers, services }, onEnough);
    try {
      await this.#act({ step, facts, answers }, enough.signal);
      return undefined;
    } catch (error) {
      return this.#goOnAfter(error, { step, facts, answers });
    }
  }

  /**
   * Asks the questions of a step. Where the last run stopped, begins with its drafts, if a person is there; else with the answers
   * that are kept for the step. The last answer to each other question is its default. A person's answers are noted as drafts.
   */
  async #ask(step: Step<Facts, Services>, facts: Facts, canGoBack: boolean): Promise<Interview> {
    const { journal, interviewer, services } = this.#run;
    const isGoingOn = this.#stoppedAt === step.id && interviewer.isUnattended !== true;
    this.#stoppedAt = undefined;
    const start = isGoingOn ? await goOnWithDrafts(step, facts, this.#run) : (this.#kept.get(step.id) ?? {});
    const note = (answers: Answers) => noteDrafts(journal, step.id, answers);
    if (interviewer.isUnattended !== true) note(start);
    const offers = journal.state.offers.get(step.id) ?? {};
    return interviewer.interview(step, { facts, services }, { start, drafts: offers, canGoBack, note });
  }

  /** Does what the person wants instead of answering: see {@link Interview}. */
  async #leave(
    wish: Exclude<Interview, { readonly answers: Answers }>,
    step: Step<Facts, Services>,
    stepBefore: Step<Facts, Services> | undefined,
    facts: Facts,
  ): Promise<void> {
    const { ceremony, journal } = this.#run;
    if (wish === 'back') {
      if (stepBefore === undefined) return;
      this.#reopen(stepBefore.id);
      this.#kept.set(stepBefore.id, withoutLastAnswer(journal.state.answers.get(stepBefore.id) ?? {}));
    } else if ('ahead' in wish) {
      this.#begin();
      await askAhead(this.#run, wish.ahead, step, facts);
    } else if ('backTo' in wish) this.#reopen(wish.backTo);
    else {
      const { reopen: id } = wish;
      checkStep(id, ceremony.steps);
      const changed = await askEarlier(this.#run, id);
      // The old answers stay, and the present step asks again.
      if (changed === 'back') return;
      // Without new answers, the earlier step asks in its turn.
      this.#reopen(id);
      if (changed !== undefined && 'answers' in changed) this.#kept.set(id, changed.answers);
    }
  }

  /** Lets a step act, notes in the journal with which answers it acts and what it has established, and shows the receipt. */
  async #act({ step, facts, answers }: Turn<Facts, Services>, enough: AbortSignal): Promise<void> {
    const { journal, interviewer, services, signal, waiting } = this.#run;
    this.#begin();
    // Without answers there is no line, unless it takes the place of an earlier one.
    if (Object.keys(answers).length > 0 || journal.state.answers.has(step.id))
      journal.append({ kind: 'answered', step: step.id, answers });
    const watcher = watcherOf(interviewer, step, signal);
    const attempt = attemptsOf(journal, step.id, waiting.pause);
    const means = { attempt, report: watcher.report, pause: waiting.pause, signal, enough };
    const acting = () => step.act({ facts, answers, services, ...means });
    const learned = await orStopped(waiting.during(watcher, acting), signal, graceMs);
    journal.append({ kind: 'done', step: step.id, facts: learned });
    this.#renewed.delete(step.id);
    interviewer.done(withReceipt(step, factsOf<Facts>(journal), this.#receipts), factsOf(journal));
  }

  /**
   * Decides how the run goes on after a step has failed: by the question of the problem, by its renewal, or as the person wants.
   * @returns the problem when the person stops at it; otherwise `undefined`.
   * @throws the reason of the signal when that has aborted.
   */
  async #goOnAfter(error: unknown, { step, facts, answers }: Turn<Facts, Services>): Promise<Problem | undefined> {
    const { ceremony, interviewer, services, signal, explain } = this.#run;
    signal.throwIfAborted();
    const problem = explain(error);
    checkLeads(step, problem, ceremony.steps);
    if (await askProblemQuestion(problem, step, this.#run)) {
      this.#kept.set(step.id, answers);
      return undefined;
    }
    const { renewal } = problem;
    // A renewal that is offered is for the person to choose. Without a person, Keyferry takes it by itself.
    const mayRenew = renewal?.isOffered !== true || interviewer.isUnattended === true;
    if (renewal !== undefined && mayRenew && !this.#renewed.has(step.id)) {
      this.#renew(renewal, step);
      return undefined;
    }
    const decision = await orStopped(interviewer.trouble(step, problem), signal);
    if (decision.action === 'stop') return problem;
    if (decision.action === 'reopen') this.#reopen(decision.step);
    else if (decision.action === 'retry') this.#kept.set(step.id, answers);
    else {
      const questions = step.questions({ facts, answers, services });
      this.#kept.set(step.id, answersBefore(questions, answers, decision.question));
    }
    return undefined;
  }

  /**
   * Carries out the renewal of a problem: reopens the step that the renewal names. That step and all steps up to the failed
   * one then run again with the answers that were given. Only the steps in `ask` ask again.
   */
  #renew({ step: firstId, says, ask = [] }: Renewal, failed: Step<Facts, Services>): void {
    const { ceremony, journal, interviewer } = this.#run;
    this.#reopen(firstId, says);
    const ids = ceremony.steps.map(({ id }) => id);
    for (const id of ids.slice(ids.indexOf(firstId), ids.indexOf(failed.id) + 1))
      if (!ask.includes(id)) this.#kept.set(id, journal.state.answers.get(id) ?? {});
    this.#renewed.add(failed.id);
    interviewer.noticed(says);
  }

  /**
   * Marks a step and all steps after it as not done, in the journal, the last step first, and drops the answers that are kept for
   * them. With a note, the step gets a journal line even when it was not done.
   */
  #reopen(id: string, note?: string): void {
    const { ceremony, journal } = this.#run;
    const index = ceremony.steps.findIndex((step) => step.id === id);
    for (const step of ceremony.steps.slice(index).toReversed()) {
      const { done } = journal.state;
      if (done.has(step.id) || (note !== undefined && step.id === id))
        journal.append({ kind: 'reopened', step: step.id, ...(note === undefined ? {} : { note }) });
      this.#kept.delete(step.id);
    }
  }
}

/** When the person stops, a running call may continue for this time, so that its outcome comes into the journal. */
const graceMs = 3000;
