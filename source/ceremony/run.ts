import type { Ceremony } from './course.ts';
import type { Interviewer } from './interviewer.ts';
import type { Journal } from './journal.ts';
import type { Problem } from './problem.ts';
import type { Progress, Step } from './step.ts';
import { orStopped, type Waiting } from './waiting.ts';

/** What one run of a ceremony works with. */
export type Run<Facts, Services> = {
  readonly ceremony: Pick<Ceremony<Facts, Services>, 'steps' | 'record'>;
  readonly journal: Journal;
  readonly services: Services;
  readonly interviewer: Interviewer<Facts, Services>;
  /** Makes the folder and the journal's first line; called once, before anything is written. */
  readonly begin: () => void;
  /** Turns what a step threw into a problem. */
  readonly explain: (error: unknown) => Problem;
  /** Makes every wait before another try, and shows it. */
  readonly waiting: Waiting;
  /** Aborts when the person stops; the run then throws the signal's reason. */
  readonly signal: AbortSignal;
};

/**
 * Writes the record. When that fails, asks the person whether to try again.
 * @returns the problem when the person stops; the next run then writes the missing record.
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
 * Lets the finished steps restore what a journal cannot store, such as a connection. When a step fails, asks the person
 * whether to try again. @returns the problem when the person stops, else `undefined`.
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
        await waiting.during(watchStep(interviewer, step, signal), work);
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

/** Asks a person the question of a problem, such as for a passphrase. @returns true when the person answered. */
export async function askProblemQuestion<Facts, Services>(
  { ask }: Problem,
  step: Step<Facts, Services>,
  { interviewer, journal, services, signal }: Run<Facts, Services>,
): Promise<boolean> {
  if (ask === undefined || interviewer.isUnattended === true) return false;
  const asking = { ...step, asks: [ask.id], questions: () => [ask] };
  const context = { facts: factsOf<Facts>(journal), services };
  const interview = interviewer.interview(asking, context, { start: {}, drafts: {}, canGoBack: false });
  return typeof (await orStopped(interview, signal)) === 'object';
}

/** Merges the facts of all steps that the journal has as done, in their order. */
export function factsOf<Facts>(journal: Journal): Facts {
  return Object.assign({}, ...journal.state.done.values()) as Facts;
}

/** Gives what {@link Waiting.during} needs to show pauses and progress at this step of the checklist. */
export function watchStep<Facts, Services>(
  interviewer: Interviewer<Facts, Services>,
  step: Step<Facts, Services>,
  signal: AbortSignal,
) {
  return { report: (progress: Progress) => interviewer.progress(step, progress), signal, lend: interviewer.lend };
}
