import { attemptsOf } from './attempt.ts';
import { answersBefore } from './interview.ts';
import type { Interviewer } from './interviewer.ts';
import type { Journal } from './journal.ts';
import { type Problem, ProblemError, type Remedy } from './problem.ts';
import type { Answers } from './question.ts';
import type { Step } from './step.ts';
import { orStopped } from './stopping.ts';

/** A guided, recorded run of steps over one growing set of facts. */
export type Ceremony<Facts, Services> = {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step<Facts, Services>[];
};

/** How a run ended: all steps done, or stopped after a problem with everything so far saved. */
export type Ending<Facts> =
  | { readonly ended: 'finished'; readonly facts: Facts }
  | { readonly ended: 'stopped'; readonly facts: Facts; readonly problem: Problem };

type Run<Facts, Services> = {
  readonly ceremony: Ceremony<Facts, Services>;
  readonly journal: Journal;
  readonly services: Services;
  readonly interviewer: Interviewer<Facts, Services>;
  /** Makes the folder and the journal's first line; called once, before anything is written. */
  readonly begin: () => void;
  /** Turns what a step threw into a problem. */
  readonly explain: (error: unknown) => Problem;
  /** Aborts when the person stops; the run then throws the signal's reason. */
  readonly signal: AbortSignal;
};

/** What is known when the journal is folded: the facts of every step that is done, in their order. */
export function factsOf<Facts>(journal: Journal): Facts {
  return Object.assign({}, ...journal.state.done.values()) as Facts;
}

/** The step at which a journal's ceremony goes on, or nothing when all are done. */
export function nextStep<Facts, Services>(
  ceremony: Ceremony<Facts, Services>,
  journal: Journal,
): Step<Facts, Services> | undefined {
  return ceremony.steps.find(({ id }) => !journal.state.done.has(id));
}

/** Runs a ceremony from where its journal stands to its end, or until the person or a problem stops it. */
export async function runCeremony<Facts extends object, Services>(run: Run<Facts, Services>): Promise<Ending<Facts>> {
  const { ceremony, journal, interviewer, services, signal } = run;
  const drafts = new Map<string, Answers>(journal.state.answers);
  const kept = new Map<string, Answers>();

  /** Takes a done step, and those after it, back into the open. */
  const reopen = (id: string) => {
    const from = ceremony.steps.findIndex((step) => step.id === id);
    for (const step of ceremony.steps.slice(from).toReversed()) {
      if (journal.state.done.has(step.id)) journal.append({ kind: 'reopened', step: step.id });
      kept.delete(step.id);
    }
  };

  let begun = false;
  const begin = () => {
    if (!begun) run.begin();
    begun = true;
  };
  if (journal.state.id !== undefined) begin();
  const restored = await restore(run);
  if (restored !== undefined) return { ended: 'stopped', facts: factsOf(journal), problem: restored };

  for (;;) {
    signal.throwIfAborted();
    const facts = factsOf<Facts>(journal);
    const step = nextStep(ceremony, journal);
    if (step === undefined) {
      if (!journal.state.finished) journal.append({ kind: 'finished' });
      return { ended: 'finished', facts };
    }
    const before = ceremony.steps[ceremony.steps.indexOf(step) - 1];
    const interview = await orStopped(
      interviewer.interview(
        step,
        { facts, services },
        {
          start: kept.get(step.id) ?? {},
          drafts: drafts.get(step.id) ?? {},
          canGoBack: before !== undefined && !before.lasting,
        },
      ),
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
        step.act({
          ...context,
          attempt: attemptsOf(journal, step.id),
          report: (progress) => interviewer.progress(step, progress),
          signal,
        }),
        signal,
        graceMs,
      );
      journal.append({ kind: 'done', step: step.id, facts: learned });
      kept.delete(step.id);
      interviewer.done(step, factsOf(journal));
    } catch (error) {
      signal.throwIfAborted();
      const problem = run.explain(error);
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

/** Lets the steps that are done bring back what a journal cannot hold, such as a connection. */
async function restore<Facts, Services>(run: Run<Facts, Services>): Promise<Problem | undefined> {
  const { ceremony, journal, services, interviewer } = run;
  const facts = factsOf<Facts>(journal);
  for (const step of ceremony.steps) {
    if (step.restore === undefined || !journal.state.done.has(step.id)) continue;
    for (;;) {
      try {
        await step.restore({ facts, answers: journal.state.answers.get(step.id) ?? {}, services });
        break;
      } catch (error) {
        run.signal.throwIfAborted();
        const problem = run.explain(error);
        const decision = await orStopped(interviewer.trouble(step, problem), run.signal);
        if (decision.action !== 'retry') return problem;
      }
    }
  }
  return undefined;
}

/** The problem that an error carries, where it carries one. */
export function problemIn(error: unknown): Problem | undefined {
  return error instanceof ProblemError ? error.problem : undefined;
}
