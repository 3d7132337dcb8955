import type { Ceremony } from './course.ts';
import type { Given, Interview, Interviewer } from './interviewer.ts';
import type { Journal } from './journal.ts';
import type { Problem } from './problem.ts';
import type { Progress, Step } from './step.ts';
import { orStopped, type Waiting } from './waiting.ts';

/** The parts that one run of a ceremony works with. */
export type Run<Facts, Services> = {
  readonly ceremony: Pick<Ceremony<Facts, Services>, 'steps' | 'record'>;
  readonly journal: Journal;
  readonly services: Services;
  readonly interviewer: Interviewer<Facts, Services>;
  /** Makes the folder and the journal's first line; called once, before anything is written. */
  readonly begin: () => void;
  /** Turns an error that a step threw into a problem. */
  readonly explain: (error: unknown) => Problem;
  /** Makes every wait before another try, and shows it. */
  readonly waiting: Waiting;
  /** Aborts when the person stops; the run then throws the signal's reason. */
  readonly signal: AbortSignal;
};

/**
 * Writes the record. When that fails, shows the problem at the last step and asks the person whether to try again.
 * @param isNew false when an earlier run finished the ceremony: then only missing files are written.
 * @returns the problem when the person stops at it, else `undefined`. The next run then writes the missing record.
 * @throws the reason of the run's signal once that signal has aborted.
 */
export async function keepRecord<Facts, Services>(
  { ceremony, services, interviewer, explain, signal }: Run<Facts, Services>,
  facts: Facts,
  isNew: boolean,
): Promise<Problem | undefined> {
  for (;;) {
    try {
      ceremony.record?.(facts, services, isNew);
      return undefined;
    } catch (error) {
      const problem = explain(error);
      const decision = await orStopped(
        interviewer.trouble(ceremony.steps.at(-1) as Step<Facts, Services>, problem),
        signal,
      );
      if (decision.action !== 'retry') return problem;
    }
  }
}

/**
 * Lets each finished step make again what a journal cannot store, such as a connection. Facts that have changed go into the
 * journal, unless the ceremony is finished. When a step fails, asks the question of its problem, if there is one. Without an
 * answer, asks the person whether to try again.
 * @returns the problem when the person stops at it, otherwise `undefined`.
 * @throws the reason of the run's signal once that signal has aborted.
 */
export async function restore<Facts, Services>(run: Run<Facts, Services>): Promise<Problem | undefined> {
  const { ceremony, journal, services, interviewer, waiting, signal } = run;
  const facts = factsOf<Facts>(journal);
  for (const step of ceremony.steps) {
    if (step.restore === undefined || !journal.state.done.has(step.id)) continue;
    for (;;) {
      try {
        const answers = journal.state.answers.get(step.id) ?? {};
        const work = async () => step.restore?.({ facts, answers, services });
        const changed = await waiting.during(watcherOf(interviewer, step, signal), work);
        if (changed !== undefined && !journal.state.finished)
          journal.append({ kind: 'done', step: step.id, facts: { ...journal.state.done.get(step.id), ...changed } });
        break;
      } catch (error) {
        signal.throwIfAborted();
        const problem = run.explain(error);
        if (await askProblemQuestion(problem, step, run)) continue;
        const decision = await orStopped(interviewer.trouble(step, problem), signal);
        if (decision.action !== 'retry') return problem;
      }
    }
  }
  return undefined;
}

/**
 * Asks the person the question of a problem, such as for a passphrase. The answer is not returned: the question's `keep` or
 * `confirm` stores it in the services, where the step finds it when it acts again.
 * @returns true when the person answered; false when the problem has no question, no person is there, or the person declined, went
 * back or wanted something else.
 */
export async function askProblemQuestion<Facts, Services>(
  { ask }: Problem,
  step: Step<Facts, Services>,
  run: Run<Facts, Services>,
): Promise<boolean> {
  if (ask === undefined || run.interviewer.isUnattended === true) return false;
  const stepWithQuestion = { ...step, questions: () => [ask] };
  const facts = factsOf<Facts>(run.journal);
  const given = { start: {}, drafts: {}, canGoBack: false, isInProblem: true };
  const result = await interviewOn(run, stepWithQuestion, facts, given);
  if (result === 'back' || !('answers' in result)) return false;
  if (ask.kind === 'secret') return true;
  const isConfirmed = result.answers[ask.id] !== ask.decline;
  if (isConfirmed) ask.confirm();
  return isConfirmed;
}

/**
 * Asks the questions of a step. Pauses and waits meanwhile are shown as those of this step.
 * @throws the reason of the run's signal once that signal has aborted.
 */
export function interviewOn<Facts, Services>(
  { interviewer, services, signal, waiting }: Run<Facts, Services>,
  step: Step<Facts, Services>,
  facts: Facts,
  given: Given,
): Promise<Interview> {
  const asking = async () => interviewer.interview(step, { facts, services }, given);
  return orStopped(waiting.during(watcherOf(interviewer, step, signal), asking), signal);
}

/** Gives the facts of all steps that the journal has as done, merged into one object. */
export function factsOf<Facts>(journal: Journal): Facts {
  return Object.assign({}, ...journal.state.done.values()) as Facts;
}

/** Gives the watcher of a step for {@link Waiting.during}: it shows pauses and progress as those of this step. */
export function watcherOf<Facts, Services>(
  interviewer: Interviewer<Facts, Services>,
  step: Step<Facts, Services>,
  signal: AbortSignal,
) {
  return { report: (progress: Progress) => interviewer.progress(step, progress), signal, lend: interviewer.lend };
}
