import { attemptsOf } from './attempt.ts';
import type { Conclusion } from './conclusion.ts';
import { checkLeads, checkNeeds, checkStep } from './defects.ts';
import { answersBefore } from './interview.ts';
import type { Interviewer } from './interviewer.ts';
import type { Journal } from './journal.ts';
import type { Problem, Remedy, Renewal } from './problem.ts';
import type { Answers } from './question.ts';
import type { Progress, Step } from './step.ts';
import { orStopped } from './stopping.ts';
import type { Waiting } from './waiting.ts';

/** A guided, recorded run of steps over one growing set of facts, from where it starts to what the person keeps. */
export type Ceremony<Facts, Services> = {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step<Facts, Services>[];
  readonly startsFrom: Start<Services>;
  /** An answers file for it, with every answer that it may hold and comments about them. */
  readonly example?: string;
  /** Asks AWS how everything is now that all steps are done, and says how the ceremony ended. */
  conclude(facts: Facts, services: Services): Promise<Conclusion>;
  /**
   * Writes what the person keeps, once the journal says that all steps are done.
   * @param isNew false where an earlier run has written it: then only what is missing is written.
   */
  record?(facts: Facts, services: Services, isNew: boolean): void;
};

/** The steps of a ceremony in their order: all that an interface needs of it. */
export type Course<Facts, Services> = Pick<Ceremony<Facts, Services>, 'steps'>;

/**
 * Where a ceremony starts: in a folder of its own, or from what another ceremony has recorded. `refuse` gives the problem
 * that stands against starting there.
 */
export type Start<Services> =
  | { readonly from: 'new folder' }
  | { readonly from: 'recorded'; refuse(services: Services): Problem | undefined };

/** How a run ended: all steps done, or stopped after a problem with everything so far saved. */
export type Ending<Facts> =
  | { readonly ended: 'finished'; readonly facts: Facts }
  | { readonly ended: 'stopped'; readonly facts: Facts; readonly problem: Problem };

type Run<Facts, Services> = {
  readonly ceremony: Pick<Ceremony<Facts, Services>, 'steps' | 'record'>;
  readonly journal: Journal;
  readonly services: Services;
  readonly interviewer: Interviewer<Facts, Services>;
  /** Makes the folder and the journal's first line; called once, before anything is written. */
  readonly begin: () => void;
  /** Turns what a step threw into a problem. */
  readonly explain: (error: unknown) => Problem;
  /** Where every wait before another try is made, and shown. */
  readonly waiting: Waiting;
  /** Aborts when the person stops; the run then throws the signal's reason. */
  readonly signal: AbortSignal;
};

/** What is known when the journal is folded: the facts of every step that is done, in their order. */
export function factsOf<Facts>(journal: Journal): Facts {
  return Object.assign({}, ...journal.state.done.values()) as Facts;
}

/** The step at which a journal's ceremony goes on, or nothing when all are done. */
export function nextStep<Facts, Services>(
  ceremony: Course<Facts, Services>,
  journal: Journal,
): Step<Facts, Services> | undefined {
  return ceremony.steps.find(({ id }) => !journal.state.done.has(id));
}

/** Runs a ceremony from where its journal stands to its end, or until the person or a problem stops it. */
export async function runCeremony<Facts extends object, Services>(run: Run<Facts, Services>): Promise<Ending<Facts>> {
  const { ceremony, journal, interviewer, services, signal, waiting } = run;
  let begun = false;
  const begin = () => {
    if (!begun) run.begin();
    begun = true;
  };
  if (journal.state.id !== undefined) begin();
  const drafts = new Map<string, Answers>(journal.state.answers);
  const kept = new Map<string, Answers>();
  /** Steps whose automatic way on was taken and did not help yet. */
  const renewed = new Set<string>();

  /** Takes a step, and those after it, back into the open. A note is kept also where the step itself was not done yet. */
  const reopen = (id: string, note?: string) => {
    const from = ceremony.steps.findIndex((step) => step.id === id);
    for (const step of ceremony.steps.slice(from).toReversed()) {
      const { done } = journal.state;
      if (done.has(step.id) || (note !== undefined && step.id === id))
        journal.append({ kind: 'reopened', step: step.id, ...(note === undefined ? {} : { note }) });
      kept.delete(step.id);
    }
  };

  /** Goes back to a step and comes on again from there, with the answers that were given. */
  const renew = ({ step: from, says, ask = [] }: Renewal, to: Step<Facts, Services>) => {
    reopen(from, says);
    const ids = ceremony.steps.map(({ id }) => id);
    for (const id of ids.slice(ids.indexOf(from), ids.indexOf(to.id) + 1))
      if (!ask.includes(id)) kept.set(id, drafts.get(id) ?? {});
    renewed.add(to.id);
    interviewer.noticed(says);
  };

  const restored = await restore(run);
  if (restored !== undefined) return { ended: 'stopped', facts: factsOf(journal), problem: restored };

  for (;;) {
    signal.throwIfAborted();
    const facts = factsOf<Facts>(journal);
    const step = nextStep(ceremony, journal);
    if (step === undefined) {
      const isNew = !journal.state.finished;
      if (isNew) journal.append({ kind: 'finished' });
      ceremony.record?.(facts, services, isNew);
      return { ended: 'finished', facts };
    }
    checkNeeds(step, facts);
    const before = ceremony.steps[ceremony.steps.indexOf(step) - 1];
    const watched = watchedBy(interviewer, step, signal);
    const given = {
      start: kept.get(step.id) ?? {},
      drafts: drafts.get(step.id) ?? {},
      canGoBack: before !== undefined && !before.lasting,
    };
    const interview = await orStopped(
      waiting.during(watched, () => interviewer.interview(step, { facts, services }, given)),
      signal,
    );
    if (interview === 'back') {
      if (before !== undefined) {
        reopen(before.id);
        kept.set(before.id, withoutLast(drafts.get(before.id) ?? {}));
      }
      continue;
    }
    if ('reopen' in interview) {
      checkStep(interview.reopen, ceremony.steps);
      reopen(interview.reopen);
      continue;
    }
    const { answers } = interview;
    drafts.set(step.id, answers);
    const context = { facts, answers, services };
    interviewer.acting(step, context);
    try {
      begin();
      if (Object.keys(answers).length > 0) journal.append({ kind: 'answered', step: step.id, answers });
      const learned = await orStopped(
        waiting.during(watched, () =>
          step.act({
            ...context,
            attempt: attemptsOf(journal, step.id, waiting.pause),
            report: watched.report,
            pause: waiting.pause,
            signal,
          }),
        ),
        signal,
        graceMs,
      );
      journal.append({ kind: 'done', step: step.id, facts: learned });
      kept.delete(step.id);
      renewed.delete(step.id);
      interviewer.done(step, factsOf(journal));
    } catch (error) {
      signal.throwIfAborted();
      const problem = run.explain(error);
      checkLeads(step, problem, ceremony.steps);
      if (await askFor(problem, step, run)) {
        kept.set(step.id, answers);
        continue;
      }
      const { renewal } = problem;
      const goesByItself = renewal?.isOffered !== true || interviewer.isUnattended === true;
      if (renewal !== undefined && goesByItself && !renewed.has(step.id)) {
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

/** A call that is under way when the person stops gets so long to end, so that its outcome is noted. */
const graceMs = 3000;

/** Going back from a step's first question leads to the last one of the step before. */
function withoutLast(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).slice(0, -1));
}

function keptAnswers(decision: Remedy, questions: Parameters<typeof answersBefore>[0], answers: Answers): Answers {
  return decision.action === 'ask-again' ? answersBefore(questions, answers, decision.question) : answers;
}

/** What comes up during the work of a step is shown where the step is. */
function watchedBy<Facts, Services>(
  interviewer: Interviewer<Facts, Services>,
  step: Step<Facts, Services>,
  signal: AbortSignal,
) {
  return { report: (progress: Progress) => interviewer.progress(step, progress), signal, lend: interviewer.lend };
}

/** Lets the steps that are done bring back what a journal cannot hold, such as a connection. */
async function restore<Facts, Services>(run: Run<Facts, Services>): Promise<Problem | undefined> {
  const { ceremony, journal, services, interviewer, waiting, signal } = run;
  const facts = factsOf<Facts>(journal);
  for (const step of ceremony.steps) {
    if (step.restore === undefined || !journal.state.done.has(step.id)) continue;
    for (;;) {
      try {
        const answers = journal.state.answers.get(step.id) ?? {};
        const work = async () => step.restore?.({ facts, answers, services });
        await waiting.during(watchedBy(interviewer, step, signal), work);
        break;
      } catch (error) {
        signal.throwIfAborted();
        const problem = run.explain(error);
        if (await askFor(problem, step, run)) continue;
        const decision = await orStopped(interviewer.trouble(step, problem), signal);
        if (decision.action !== 'retry') return problem;
      }
    }
  }
  return undefined;
}

/** Asks a person for what a problem lacks, at the step where it came up. @returns whether it was given. */
async function askFor<Facts, Services>(
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
