import type { Course } from '../ceremony/ceremony.ts';
import { answersBefore, pendingQuestion } from '../ceremony/interview.ts';
import type { Given, Interview, Interviewer } from '../ceremony/interviewer.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import type { Step, StepContext } from '../ceremony/step.ts';
import { takeAnswers, withReason } from '../ceremony/take-answers.ts';
import { type Place, Trail } from './trail.ts';

/** A question that the person wants to answer. Without `question`, all questions of the step. */
type Wanted = {
  readonly step: string;
  readonly question?: string | undefined;
  /**
   * Why the question is asked. `change`: the person changes one answer, and going back leaves it as it was. `back`: the person
   * has gone back. `problem`: a problem has led back, and all later questions are still to come. With `back` and with
   * `problem`, going back leads to the question before.
   */
  readonly by: 'back' | 'change' | 'problem';
};

type Context<Facts, Services> = Omit<StepContext<Facts, Services>, 'answers'>;

/**
 * Wraps an interviewer for a set-up that asks only what it must. Each question gets its earlier answer or its default, if that
 * can be taken. The person answers the others: those without such an answer, those that are always asked or have a sentence to
 * tick, secrets, those that an answer of the person has led to, and those that the person wants to answer again or has left by
 * going back.
 * @param isWanted tells from the facts whether the person has chosen this set-up. In any other set-up, everything is asked.
 */
export function recommendedFirst<Facts, Services>(
  interviewer: Interviewer<Facts, Services>,
  { steps }: Course<Facts, Services>,
  isWanted: (facts: Facts) => boolean,
): Interviewer<Facts, Services> {
  const trail = new Trail(steps.map(({ id }) => id));
  /** What the person wants to answer in the step that comes next. */
  let wanted: Wanted | undefined;

  /** Asks the questions of a step that the person must answer, one by one. Takes the answers to the others by itself. */
  async function interview(
    step: Step<Facts, Services>,
    context: Context<Facts, Services>,
    { start, drafts, isAhead = false, note: noteAnswers }: Given,
  ): Promise<Interview> {
    const usual = usualQuestions(step, context);
    const wantedHere = wanted?.step === step.id ? wanted : undefined;
    /** The ids of the questions that the person has answered here, and of those whose answers are kept from before. */
    const answered = Object.keys(start);
    /** The id of the one question that the person wants to answer here, also once it is answered. */
    let wantedId = wantedHere?.question;
    /** True when the person wants to answer each question of the step. */
    let wantsAll = wantedHere !== undefined && wantedHere.question === undefined;
    /** True when going back from the first question leads to where the person was, and not to the question before. */
    const isDetour = wantedHere?.by === 'change';
    /** All answers that stand now: those in `start`, the person's, and those taken without asking. */
    let taken = start;
    let hasReplied = false;
    // What was wanted is noted in `wantedHere`, or was wanted of another step.
    wanted = undefined;
    if (wantedHere?.by === 'problem') trail.forgetFrom(step.id, start);
    const mustAsk = (question: Question) =>
      wantsAll ||
      question.id === wantedId ||
      question.asked === 'always' ||
      question.kind === 'secret' ||
      // A sentence is ticked each time, whatever was answered before.
      (question.kind === 'choice' && question.tick !== undefined) ||
      trail.wasLeft({ step: step.id, question: question.id }) ||
      // An answer of the person has led to this question.
      (answered.length > 0 && !usual.has(question.id));
    const answerTo = (question: Question) =>
      mustAsk(question) ? undefined : (drafts[question.id] ?? defaultOf(question));
    /** Drops the answers from this question on, so that it is asked again, also after a stop. */
    const askAgain = (id: string) => {
      taken = answersBefore(step.questions({ ...context, answers: taken }), taken, id);
      wantedId = id;
      noteAnswers?.(taken);
    };
    /**
     * Goes back from a question: to the last question in `answered`, which is then asked again, or else out of this step.
     * @returns where the person went; `undefined` when the interview of this step goes on.
     */
    const goBack = (from: Place): Interview | undefined => {
      const idBefore = answered.pop();
      if (idBefore !== undefined) {
        trail.removeIfLast({ step: step.id, question: idBefore });
        askAgain(idBefore);
        return undefined;
      }
      const placeBefore = isDetour ? undefined : trail.goBack(from);
      if (placeBefore === undefined) return 'back';
      wanted = { ...placeBefore, by: 'back' };
      return { backTo: placeBefore.step };
    };

    for (;;) {
      const { taken: found, question, refused } = await takeAnswers(step, context, taken, answerTo);
      taken = found;
      if (question === undefined) {
        const isWantedUnasked = wantedId !== undefined && !hasReplied && !isAhead;
        if (!isWantedUnasked) return { answers: taken };
        // Other questions have taken the place of the wanted one, such as whether a backup stays that is made by now. So the person
        // answers all questions of the step.
        wantsAll = true;
        wantedId = undefined;
        taken = start;
        continue;
      }
      // Ahead, only the wanted question is asked, and the questions that its answer leads to.
      if (isAhead && question.id !== wantedId && usual.has(question.id)) return { answers: taken };
      const place = { step: step.id, question: question.id };
      const reply = await interviewer.interview(withOneQuestion(step, question, taken, refused?.why), context, {
        start: {},
        drafts,
        canGoBack: answered.length > 0 || isDetour || !trail.isEmpty,
        isBegun: answered.length > 0,
        isAhead,
        note: (answers) => noteAnswers?.({ ...taken, ...answers }),
      });
      hasReplied = true;
      if (reply === 'back') {
        const wentTo = goBack(place);
        if (wentTo !== undefined) return wentTo;
      } else if ('answers' in reply) {
        taken = { ...taken, ...reply.answers };
        answered.push(question.id);
        trail.noteAnswered(place);
        // A secret that is typed twice has one place in the trail: that of its first question.
        const isRepetition = question.kind === 'secret' && question.repeats !== undefined;
        if (!isRepetition && !isAhead) trail.add(place);
      } else if ('reopen' in reply && reply.reopen === step.id && reply.question !== undefined) {
        askAgain(reply.question);
      } else {
        // The person goes to another step. Its interview finds in `wanted` what to ask.
        if ('ahead' in reply) wanted = { ...reply.ahead, by: 'change' };
        else if ('reopen' in reply) wanted = { step: reply.reopen, question: reply.question, by: 'change' };
        return reply;
      }
    }
  }

  return {
    ...interviewer,
    async interview(step, context, given) {
      if (given.isInProblem === true) return interviewer.interview(step, context, given);
      if (isWanted(context.facts)) return interview(step, context, given);
      wanted = undefined;
      const reply = await interviewer.interview(step, context, given);
      if (reply !== 'back' && 'answers' in reply) {
        // A step that asks everything has one place in the trail: going back leads to its last question.
        const last = Object.keys(reply.answers).at(-1);
        if (last !== undefined) trail.add({ step: step.id, question: last });
      }
      return reply;
    },
    done(step, facts) {
      if (step.lasting && step.setsAside !== true) trail.clear();
      interviewer.done(step, facts);
    },
    async trouble(step, problem) {
      const decision = await interviewer.trouble(step, problem);
      if (decision.action === 'reopen') wanted = { step: decision.step, question: decision.question, by: 'problem' };
      else if (decision.action === 'ask-again') wanted = { step: step.id, question: decision.question, by: 'problem' };
      return decision;
    },
  };
}

/** Gives the default of a question; `undefined` when a person must answer. */
const defaultOf = (question: Question): Answer | undefined => ('default' in question ? question.default : undefined);

/**
 * Takes the default of each question, up to the first question that has none. Gives the ids of all questions that the step asks
 * with these answers.
 */
function usualQuestions<Facts, Services>(
  step: Step<Facts, Services>,
  context: Context<Facts, Services>,
): ReadonlySet<string> {
  let answers: Answers = {};
  for (;;) {
    const questions = step.questions({ ...context, answers });
    const question = pendingQuestion(questions, answers);
    const answer = question === undefined ? undefined : defaultOf(question);
    if (question === undefined || answer === undefined) return new Set(questions.map(({ id }) => id));
    answers = { ...answers, [question.id]: answer };
  }
}

/**
 * Gives the step as if this were its only question.
 * @param taken the answers to its other questions.
 * @param why says why the answer that Keyferry would have taken cannot be taken; `undefined` when there is no such answer.
 */
function withOneQuestion<Facts, Services>(
  step: Step<Facts, Services>,
  { id }: Question,
  taken: Answers,
  why: string | undefined,
): Step<Facts, Services> {
  return {
    ...step,
    questions: (context) =>
      step
        .questions({ ...context, answers: { ...taken, ...context.answers } })
        .filter((question) => question.id === id)
        .map((question) => (why === undefined ? question : withReason(question, why))),
    commands: (context) => step.commands({ ...context, answers: { ...taken, ...context.answers } }),
  };
}
