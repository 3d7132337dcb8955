import type { Ceremony } from '../../ceremony/ceremony.ts';
import { answersBefore, lastAnswered, pendingQuestion } from '../../ceremony/interview.ts';
import type { Interviewer } from '../../ceremony/interviewer.ts';
import type { Answer } from '../../ceremony/question.ts';
import type { Progress, Step, StepContext } from '../../ceremony/step.ts';
import type { Facts } from '../../steps/facts.ts';
import type { Conductor } from './conductor.ts';
import type { Whereabouts } from './journey.ts';
import { slowed } from './slowed.ts';
import type { JourneyStore } from './store.ts';

type Parts<Services> = {
  readonly ceremony: Ceremony<Facts, Services>;
  readonly store: JourneyStore;
  readonly conductor: Conductor;
};

/** Byte counts come far faster than a person or an ssh line can take them. */
const progressMs = 250;

/** The interviewer that is this screen. */
export function screenInterviewer<Services>({
  ceremony,
  store,
  conductor,
}: Parts<Services>): Interviewer<Facts, Services> {
  /** What stood in fields that were left without an answer, by step and question. */
  const typed = new Map<string, Answer>();
  const enter = (step: Step<Facts, Services>, facts: Facts) =>
    store.dispatch({ type: 'entered', step, at: ceremony.steps.indexOf(step), where: whereabouts(facts) });
  const report = slowed<Progress>(progressMs, (progress) => store.dispatch({ type: 'progressed', progress }));

  return {
    async interview(step, { facts, services }, { start, drafts, canGoBack }) {
      enter(step, facts);
      let answers = start;
      for (;;) {
        const given = answers;
        const questions = step.questions({ facts, answers: given, services });
        const question = pendingQuestion(questions, given);
        if (question === undefined) return { answers: given };
        const place = `${step.id}/${question.id}`;
        const before = lastAnswered(questions, given);
        const outcome = await conductor.ask({
          question,
          draft: typed.get(place) ?? drafts[question.id],
          opening: question === questions[0],
          back: before !== undefined ? 'question' : canGoBack ? 'step' : undefined,
          commands: (answer) => step.commands({ facts, services, answers: { ...given, [question.id]: answer } }),
        });
        if (outcome.kind === 'answer') {
          typed.set(place, outcome.answer);
          answers = { ...given, [question.id]: outcome.answer };
        } else if (outcome.kind === 'back') {
          typed.set(place, outcome.typed);
          if (before === undefined) return 'back';
          answers = answersBefore(questions, given, before.id);
        } else if (outcome.lead.action === 'ask-again') {
          answers = answersBefore(questions, given, outcome.lead.question);
        } else if (outcome.lead.action === 'reopen') {
          return { reopen: outcome.lead.step };
        }
      }
    },

    acting(step, { facts, answers, services }: StepContext<Facts, Services>) {
      enter(step, facts);
      store.dispatch({
        type: 'staged',
        stage: { phase: 'acting', lines: [], since: performance.now() },
        commands: () => step.commands({ facts, answers, services }),
      });
    },

    progress(_step, progress) {
      report(progress, progress.state === 'working' && progress.bytes !== undefined);
    },

    done(step, facts) {
      report.flush();
      store.dispatch({ type: 'kept', receipts: [step.receipt(facts)] });
      store.dispatch({ type: 'entered', step, at: ceremony.steps.indexOf(step) + 1, where: whereabouts(facts) });
      store.dispatch({ type: 'staged', stage: { phase: 'between' } });
    },

    async trouble(step, problem) {
      report.flush();
      store.dispatch({ type: 'entered', step, at: ceremony.steps.indexOf(step) });
      return conductor.trouble(problem);
    },
  };
}

function whereabouts({ connection }: Facts): Whereabouts | undefined {
  if (connection === undefined) return undefined;
  const { region, accountId, principalArn, source } = connection;
  const who = principalArn.slice(principalArn.lastIndexOf(':') + 1);
  return { region, account: accountId, who, practice: source === 'practice' };
}
