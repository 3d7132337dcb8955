import type { Attempt } from './attempt.ts';
import type { Progress } from './progress.ts';
import type { Answers, Question } from './question.ts';
import type { Pause } from './waiting.ts';

export type { Progress };

/** Where the tutorial that people follow is at this moment, and what has changed since it was made. */
export type Lesson = {
  /** The article's section. */
  readonly article: string;
  /** Where its video is at this moment, as far as the article tells. */
  readonly video: string;
  /** What its console showed. */
  readonly showed: string;
  /** What the console shows now, and what this program does differently. */
  readonly shows: string;
};

/** A command that does by hand what the step does. */
export type EquivalentCommand = {
  /** What it is for, as a sentence. */
  readonly says: string;
  /** Shell text, runnable as printed in the ceremony's folder. */
  readonly shell: string;
  /** The shell variable or the file that it provides for later commands; a transcript provides each once. */
  readonly finds?: string;
  /** True where it takes something away for good, so that a script leaves it to a person. */
  readonly destroys?: true;
};

/** What a step sees while it asks. */
export type StepContext<Facts, Services> = {
  readonly facts: Facts;
  /** This step's answers so far. */
  readonly answers: Answers;
  readonly services: Services;
};

/** What a step sees while it acts. */
export type ActContext<Facts, Services> = StepContext<Facts, Services> & {
  readonly attempt: Attempt;
  readonly report: (progress: Progress) => void;
  /** Waits before another try, with a count-down. */
  readonly pause: Pause;
  /** Aborts when the person stops. */
  readonly signal: AbortSignal;
};

/** One stage of a ceremony: says why it exists, asks, shows the commands it replaces, acts, and writes down what it learned. */
export type Step<Facts, Services> = {
  readonly id: string;
  /** A short noun, for the checklist. */
  readonly title: string;
  /** Noun and participle, for the checklist once it is done. */
  readonly done: string;
  /** Two or three sentences for someone who has never done this. */
  readonly why: string;
  /** Errors that people really meet here, each in one or two sentences with what it means. */
  readonly goesWrong: readonly string[];
  /** Absent where the tutorial has nothing of the kind. */
  readonly lesson?: Lesson;
  /** Where the key is while this step works: with the person, in KMS, or at work in S3. */
  readonly place: 'you' | 'KMS' | 'S3';
  /** False where the act makes nothing lasting, so that Esc may come back and change the answers. */
  readonly lasting: boolean;
  /** The id of every question that it may ask, so that an answer to none of them shows as a mistake. */
  readonly asks: readonly string[];
  /** True where it depends on what AWS says which of them are asked: an answer to one that is not is no mistake then. */
  readonly asksAsNeeded?: boolean;
  /** The facts that it reads: steps before it must have established them. */
  readonly needs: readonly (keyof Facts)[];
  /** The facts that it establishes. */
  readonly provides: readonly (keyof Facts)[];
  /** The id of every step to which its problems and choices lead back; it may name itself. */
  readonly leadsTo?: readonly string[];
  /**
   * Gives the questions in order, given the answers so far. Quick and free of side effects: it runs again after every
   * answer.
   */
  questions(context: StepContext<Facts, Services>): readonly Question[];
  commands(context: StepContext<Facts, Services>): readonly EquivalentCommand[];
  act(context: ActContext<Facts, Services>): Promise<Partial<Facts>>;
  /** Brings back what facts cannot hold, such as clients, when a ceremony is continued. */
  restore?(context: StepContext<Facts, Services>): Promise<void>;
  /**
   * What `act` will have learned with these answers, as far as questions of later steps read it: for the rehearsal of an
   * answers file. What only AWS can tell is made up, and nothing of it is kept.
   */
  foresee?(context: StepContext<Facts, Services>): Partial<Facts>;
  /** Gives one line for the scrollback: what this step established. */
  receipt(facts: Facts): string;
};
