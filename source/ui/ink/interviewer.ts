import type { Course } from '../../ceremony/ceremony.ts';
import type { Interviewer } from '../../ceremony/interviewer.ts';
import type { Answer } from '../../ceremony/question.ts';
import type { Progress, Step, StepContext } from '../../ceremony/step.ts';
import type { Lend } from '../../ceremony/waiting.ts';
import { endpointWords } from '../../steps/endpoints.ts';
import { type Facts, isPractice } from '../../steps/facts.ts';
import { callerName } from '../../steps/own-principal.ts';
import { interviewStep } from '../interviewing.ts';
import type { Asker } from './asker.ts';
import type { Whereabouts } from './journey.ts';
import type { JourneyStore } from './store.ts';
import { throttle } from './throttle.ts';

type Parts<Services> = {
  readonly ceremony: Course<Facts, Services>;
  readonly store: JourneyStore;
  readonly asker: Asker;
  readonly lend: Lend;
};

/** Byte counts are shown at most once in this time. Neither a person nor an ssh connection can follow faster. */
const progressMs = 250;

/** Makes the interviewer that shows a ceremony on this screen and asks its questions there. */
export function screenInterviewer<Services>({
  ceremony,
  store,
  asker,
  lend,
}: Parts<Services>): Interviewer<Facts, Services> {
  /** The last content of each field: see `typed` of `interviewStep`. */
  const typed = new Map<string, Answer>();
  const indexOf = ({ id }: Step<Facts, Services>) => ceremony.steps.findIndex((step) => step.id === id);
  const enter = (step: Step<Facts, Services>, facts: Facts) =>
    store.dispatch({ type: 'entered', step, stepIndex: indexOf(step), where: whereabouts(facts) });
  const report = throttle<Progress>(progressMs, (progress) => store.dispatch({ type: 'progressed', progress }));

  return {
    lend,

    async interview(step, context, given) {
      const { step: present, stepIndex } = store.journey();
      // During a question that is asked ahead, the present step and the place of the key stay as they are.
      if (given.isAhead === true && present !== undefined)
        store.dispatch({ type: 'entered', step: { ...step, place: present.place }, stepIndex });
      else enter(step, context.facts);
      return interviewStep({ step, context, given, typed, ask: (asked) => asker.ask(asked) });
    },

    acting(step, { facts, answers, services }: StepContext<Facts, Services>, onEnough) {
      enter(step, facts);
      store.dispatch({
        type: 'staged',
        stage: {
          phase: 'acting',
          lines: [],
          since: performance.now(),
          ...(onEnough === undefined ? {} : { onEnough }),
        },
        commands: () => step.commands({ facts, answers, services }),
      });
    },

    progress(_step, progress) {
      const isByteCount = progress.state === 'working' && progress.bytes !== undefined;
      report(progress, isByteCount);
    },

    noticed(line) {
      report.flush();
      store.dispatch({ type: 'kept', receipts: [line] });
    },

    done(step, facts) {
      report.flush();
      store.dispatch({ type: 'kept', receipts: [step.receipt(facts)] });
      store.dispatch({ type: 'entered', step, stepIndex: indexOf(step) + 1, where: whereabouts(facts) });
      store.dispatch({ type: 'staged', stage: { phase: 'between' } });
    },

    async trouble(step, problem) {
      report.flush();
      store.dispatch({ type: 'entered', step, stepIndex: indexOf(step) });
      return asker.trouble(problem);
    },
  };
}

/**
 * Gives the facts for the header: who works where, and on which key; `undefined` before the first step has connected to AWS. A
 * caller whose ARN IAM did not confirm has the name that STS gave.
 */
export function whereabouts({ connection, description, key, setUp }: Facts): Whereabouts | undefined {
  if (connection === undefined) return undefined;
  const { region, accountId, principalArn, unconfirmed } = connection;
  const who =
    unconfirmed === undefined ? principalArn.slice(principalArn.lastIndexOf(':') + 1) : callerName(connection);
  const practice = isPractice(connection);
  return {
    alias: key?.alias ?? description?.alias ?? '',
    region,
    account: accountId,
    who,
    practice,
    endpoints: practice ? '' : endpointWords(connection).trim(),
    asInTheVideo: setUp?.kind === 'video',
  };
}
