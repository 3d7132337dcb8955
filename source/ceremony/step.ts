import type { Attempt } from './attempt.ts';
import type { Progress } from './progress.ts';
import type { Answers, Question } from './question.ts';
import type { Pause } from './waiting.ts';

export type { Progress };

/** How the tutorial that people follow does this step, and what has changed since the tutorial was made. */
export type Lesson = {
  /** The article's section. */
  readonly article: string;
  /** Which moment of the article's video shows this step, as far as the article tells: it gives no times. */
  readonly video: string;
  /** What the AWS console showed in the video. */
  readonly showed: string;
  /** What the AWS console shows today, and what Keyferry does differently. */
  readonly shows: string;
};

/** A command with which a person can do by hand what the step does. */
export type EquivalentCommand = {
  /** A sentence that says what the command is for. */
  readonly says: string;
  /** Shell text, runnable as printed in the ceremony's folder. */
  readonly shell: string;
  /** The shell variable or the file that the command makes for later commands. A transcript has such a command only once. */
  readonly makes?: string;
  /** True when the command removes something for good, so that a script must not run it by itself. */
  readonly destroys?: true;
  /** True when somebody else runs the command, or another machine. A script must not run it. */
  readonly isForOther?: true;
};

/** What a step gets when it asks. */
export type StepContext<Facts, Services> = {
  readonly facts: Facts;
  /** This step's answers so far. */
  readonly answers: Answers;
  readonly services: Services;
};

/** What a step gets when it acts. */
export type ActContext<Facts, Services> = StepContext<Facts, Services> & {
  /** Does an act that must not be done twice: see {@link attemptsOf}. */
  readonly attempt: Attempt;
  /** Shows a line of progress. */
  readonly report: (progress: Progress) => void;
  /** Waits before another try, with a count-down. */
  readonly pause: Pause;
  /** Aborts when the person stops. */
  readonly signal: AbortSignal;
  /** Aborts when the person has enough: then the act ends what is under way and begins nothing more. */
  readonly enough?: AbortSignal;
};

/** One stage of a ceremony: it says why it exists, asks, shows the commands that it replaces, acts, and gives facts. */
export type Step<Facts, Services> = {
  readonly id: string;
  /** A short noun, for the checklist. */
  readonly title: string;
  /** The title once the step is done, such as "Key created". */
  readonly done: string;
  /** Two or three sentences for someone who has never done this. */
  readonly why: string;
  /** Errors that people often meet at this step. One or two sentences for each say what the error means. */
  readonly goesWrong: readonly string[];
  /** How the tutorial does this step. Absent when the tutorial has no such step. */
  readonly lesson?: Lesson;
  /** Where the key is while this step works: with the person, in KMS, or at work in S3. */
  readonly place: 'you' | 'KMS' | 'S3';
  /** False when the act makes nothing lasting: then a person may come back with Esc and change the answers. */
  readonly lasting: boolean;
  /** True when a lasting act can be done again with other answers, and then sets aside what it made before. */
  readonly setsAside?: true;
  /** True when the act may end early and go on later: see `enough` of {@link ActContext}. */
  readonly mayEndEarly?: true;
  /** The id of every question that the step may ask. Any other id in an answers file is a mistake. */
  readonly asks: readonly string[];
  /** The id of every question that only a problem of this step asks and that an answers file may answer before. */
  readonly asksInProblems?: readonly string[];
  /**
   * True when AWS's answers decide which questions are asked. Then an answer to a question that is not asked is no mistake.
   * A function tells it from the facts so far. A list has the ids of the only questions of which this is true.
   */
  readonly mayLeaveQuestionsUnasked?: boolean | ((facts: Facts) => boolean) | readonly string[];
  /** The facts that the step reads. Steps before it must have established them. */
  readonly needs: readonly (keyof Facts)[];
  /** The facts that the step reads when an earlier step has established them: not every ceremony has such a step. */
  readonly mayRead?: readonly (keyof Facts)[];
  /** The facts that the step establishes. */
  readonly provides: readonly (keyof Facts)[];
  /** The id of every step to which its problems and choices lead back. The step may name itself. */
  readonly leadsTo?: readonly string[];
  /**
   * Gives the questions in their order, as far as the answers so far decide them. Must be quick and change nothing, because
   * it runs again after every answer.
   */
  questions(context: StepContext<Facts, Services>): readonly Question[];
  /** Gives the commands that do by hand what the step does with these answers. */
  commands(context: StepContext<Facts, Services>): readonly EquivalentCommand[];
  /**
   * Does the work of the step and gives the facts that it established.
   * @throws ProblemError when the person must act first.
   */
  act(context: ActContext<Facts, Services>): Promise<Partial<Facts>>;
  /**
   * Makes again what facts cannot hold, such as AWS clients. Called when a ceremony continues and this step is done.
   * @returns the facts of this step that have changed, such as the endpoint; `undefined` when none has changed.
   */
  restore?(context: StepContext<Facts, Services>): Promise<Partial<Facts> | undefined>;
  /**
   * Gives the facts that `act` will establish with these answers, as far as questions of later steps read them. The rehearsal
   * of an answers file needs these facts and does not keep them. Values that only AWS knows are made up.
   */
  foresee?(context: StepContext<Facts, Services>): Partial<Facts>;
  /**
   * Says why `act` would refuse these answers together, although each of them alone is accepted; else `undefined`. An unattended
   * run asks it before anything is made. The facts may be foreseen.
   */
  findRefusal?(context: StepContext<Facts, Services>): Promise<string | undefined>;
  /** Gives the line that stays on the screen when the step is done. It says what the step established. */
  receipt(facts: Facts): string;
};
