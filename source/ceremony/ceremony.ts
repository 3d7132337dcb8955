import { askAhead } from './ask-ahead.ts';
import { askEarlier } from './ask-earlier.ts';
import { attemptsOf } from './attempt.ts';
import type { Course } from './course.ts';
import { checkLeads, checkNeeds, checkStep } from './defects.ts';
import { goOnWithDrafts, noteDrafts } from './drafts.ts';
import { answersBefore, withoutLastAnswer } from './interview.ts';
import type { Interview } from './interviewer.ts';
import type { Journal } from './journal.ts';
import { type Problem, ProblemError, type Remedy, type Renewal } from './problem.ts';
import type { Answers } from './question.ts';
import { withReceipt } from './repeated-receipt.ts';
import { askProblemQuestion, factsOf, keepRecord, type Run, restore, watcherOf } from './run.ts';
import type { Step } from './step.ts';
import { stepBackFrom } from './step-back.ts';
import { orStopped } from './waiting.ts';

export type { Ceremony, Course, Start } from './course.ts';
export { factsOf } from './run.ts';

/**
 * How a run ended: `finished` with all steps done, or `stopped` by the person at a problem. All that was done before is saved.
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

/**
 * Runs a ceremony from the first step that its journal does not have as done, until all steps are done or the person stops
 * at a problem.
 * @throws the reason of `run.signal` once that signal has aborted.
 */
export async function runCeremony<Facts extends object, Services>(run: Run<Facts, Services>): Promise<Ending<Facts>> {
  const { ceremony, journal, interviewer, services, signal, waiting } = run;
  let hasBegun = false;
  const begin = () => {
    try {
      if (!hasBegun) run.begin();
    } catch (error) {
      throw new ProblemError(run.explain(error));
    }
    hasBegun = true;
  };
  // A ceremony that is continued begins at once, a new one only before its first act.
  if (journal.state.id !== undefined) begin();
  /** The id of the step at which the last run stopped; `undefined` once this run has come to it. */
  let stoppedAt = nextStep(ceremony, journal)?.id;
  /** For a step that runs again, by step id: the answers that it starts with. Their questions are not asked again. */
  const kept = new Map<string, Answers>();
  /** The steps whose renewal was taken, until they succeed: no renewal is taken twice. */
  const renewed = new Set<string>();

  /** The receipt of each step that was done in this run, by step id. */
  const receipts = new Map<string, string>();

  /**
   * Marks a step and all steps after it as not done, in the journal. With a note, the step gets a journal line even when it
   * was not done.
   */
  const reopen = (id: string, note?: string) => {
    const index = ceremony.steps.findIndex((step) => step.id === id);
    for (const step of ceremony.steps.slice(index).toReversed()) {
      const { done } = journal.state;
      if (done.has(step.id) || (note !== undefined && step.id === id))
        journal.append({ kind: 'reopened', step: step.id, ...(note === undefined ? {} : { note }) });
      kept.delete(step.id);
    }
  };

  /**
   * Carries out the renewal of a problem: reopens the step that the renewal names. That step and all steps up to the failed
   * one then run again with the answers that were given. Only the steps in `ask` ask again.
   */
  const renew = ({ step: firstId, says, ask = [] }: Renewal, failed: Step<Facts, Services>) => {
    reopen(firstId, says);
    const ids = ceremony.steps.map(({ id }) => id);
    for (const id of ids.slice(ids.indexOf(firstId), ids.indexOf(failed.id) + 1))
      if (!ask.includes(id)) kept.set(id, journal.state.answers.get(id) ?? {});
    renewed.add(failed.id);
    interviewer.noticed(says);
  };

  /** Asks the questions of a step. Begins with the drafts of the last run, or with the answers that are kept for the step. */
  const askStep = async (step: Step<Facts, Services>, facts: Facts, canGoBack: boolean) => {
    const isGoingOn = stoppedAt === step.id && interviewer.isUnattended !== true;
    stoppedAt = undefined;
    const start = isGoingOn ? await goOnWithDrafts(step, facts, run) : (kept.get(step.id) ?? {});
    const note = (answers: Answers) => noteDrafts(journal, step.id, answers);
    if (interviewer.isUnattended !== true) note(start);
    const drafts = journal.state.offers.get(step.id) ?? {};
    return interviewer.interview(step, { facts, services }, { start, drafts, canGoBack, note });
  };

  /** Does what the person wants instead of answering: see {@link Interview}. */
  const leaveStep = async (
    wish: Exclude<Interview, { readonly answers: Answers }>,
    {
      step,
      stepBefore,
      facts,
    }: { step: Step<Facts, Services>; stepBefore?: Step<Facts, Services> | undefined; facts: Facts },
  ) => {
    if (wish === 'back') {
      if (stepBefore === undefined) return;
      reopen(stepBefore.id);
      kept.set(stepBefore.id, withoutLastAnswer(journal.state.answers.get(stepBefore.id) ?? {}));
    } else if ('ahead' in wish) {
      begin();
      await askAhead(run, wish.ahead, step, facts);
    } else if ('backTo' in wish) reopen(wish.backTo);
    else {
      const { reopen: id } = wish;
      checkStep(id, ceremony.steps);
      const changed = await askEarlier(run, id);
      if (changed === 'back') return;
      reopen(id);
      if (changed !== undefined && 'answers' in changed) kept.set(id, changed.answers);
    }
  };

  const restoreProblem = await restore(run);
  if (restoreProblem !== undefined) return { ended: 'stopped', facts: factsOf(journal), problem: restoreProblem };

  for (;;) {
    signal.throwIfAborted();
    const facts = factsOf<Facts>(journal);
    // An unattended run has fewer steps than one with a person. So a finished ceremony may have steps that are not done; they
    // stay so.
    const step = journal.state.finished ? undefined : nextStep(ceremony, journal);
    if (step === undefined) {
      const isNew = !journal.state.finished;
      if (isNew) journal.append({ kind: 'finished' });
      const problem = await keepRecord(run, facts, isNew);
      return problem === undefined ? { ended: 'finished', facts } : { ended: 'stopped', facts, problem };
    }
    checkNeeds(step, facts);
    const stepBefore = stepBackFrom(step, facts, run);
    const watcher = watcherOf(interviewer, step, signal);
    const asking = () => askStep(step, facts, stepBefore !== undefined);
    const interview = await orStopped(waiting.during(watcher, asking), signal);
    if (interview === 'back' || !('answers' in interview)) {
      await leaveStep(interview, { step, stepBefore, facts });
      continue;
    }
    const { answers } = interview;
    const context = { facts, answers, services };
    const enough = new AbortController();
    interviewer.acting(step, context, step.mayEndEarly === true ? () => enough.abort() : undefined);
    try {
      begin();
      if (Object.keys(answers).length > 0 || journal.state.answers.has(step.id))
        journal.append({ kind: 'answered', step: step.id, answers });
      const learned = await orStopped(
        waiting.during(watcher, () =>
          step.act({
            ...context,
            attempt: attemptsOf(journal, step.id, waiting.pause),
            report: watcher.report,
            pause: waiting.pause,
            signal,
            enough: enough.signal,
          }),
        ),
        signal,
        graceMs,
      );
      journal.append({ kind: 'done', step: step.id, facts: learned });
      kept.delete(step.id);
      renewed.delete(step.id);
      interviewer.done(withReceipt(step, factsOf<Facts>(journal), receipts), factsOf(journal));
    } catch (error) {
      signal.throwIfAborted();
      const problem = run.explain(error);
      checkLeads(step, problem, ceremony.steps);
      if (await askProblemQuestion(problem, step, run)) {
        kept.set(step.id, answers);
        continue;
      }
      const { renewal } = problem;
      // A renewal that is offered is for the person to choose. Without a person, Keyferry takes it by itself.
      const mayRenew = renewal?.isOffered !== true || interviewer.isUnattended === true;
      if (renewal !== undefined && mayRenew && !renewed.has(step.id)) {
        renew(renewal, step);
        continue;
      }
      const decision = await orStopped(interviewer.trouble(step, problem), signal);
      if (decision.action === 'stop') return { ended: 'stopped', facts: factsOf(journal), problem };
      if (decision.action === 'reopen') reopen(decision.step);
      else kept.set(step.id, keptAnswers(decision, step.questions(context), answers));
    }
  }
}

/** When the person stops, a running call may continue for this time, so that its outcome comes into the journal. */
const graceMs = 3000;

/**
 * Gives the answers with which a step runs again after a problem: all of its answers, or only those before the question that
 * the remedy asks again.
 */
function keptAnswers(decision: Remedy, questions: Parameters<typeof answersBefore>[0], answers: Answers): Answers {
  return decision.action === 'ask-again' ? answersBefore(questions, answers, decision.question) : answers;
}
