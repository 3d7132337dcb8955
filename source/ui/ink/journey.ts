import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { PanelContent } from '../../ceremony/question.ts';
import type { EquivalentCommand, Lesson, Progress } from '../../ceremony/step.ts';
import type { Saved } from '../stop-words.ts';
import type { FieldState } from './fields/field.ts';

/** The parts of a step that the screen shows. */
export type StepView = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly goesWrong: readonly string[];
  readonly lesson?: Lesson;
  readonly place: 'you' | 'KMS' | 'S3';
};

/** Who works where and on which key: the alias, Region, account and caller, for the header. */
export type Whereabouts = {
  /** Empty until the alias is chosen. */
  readonly alias: string;
  readonly region: string;
  readonly account: string;
  /** The last part of the caller's ARN, or the name that STS gave when IAM did not confirm the ARN. */
  readonly who: string;
  /** The endpoints that are not AWS's own, as the words `at URL`. Empty when there are none, and on practice AWS. */
  readonly endpoints: string;
  readonly practice: boolean;
  /** Whether the person follows the video. */
  readonly asInTheVideo: boolean;
};

/** A question is on the screen. */
export type Asking = {
  readonly phase: 'asking';
  /** The question, and the content of its field. */
  readonly field: FieldState;
  /** When the question appeared, by `performance.now()`. */
  readonly since: number;
  /** True for the first question of a step, when no question of the step was asked before. With it, `why` of the step is shown. */
  readonly isFirst: boolean;
  /** Where Esc leads: to the question before, or to the step before. `undefined` when the person cannot go back. */
  readonly back: 'question' | 'step' | undefined;
  readonly problem?: string | undefined;
  /** A line about what was typed so far. */
  readonly notice?: string | undefined;
  /** True while the answer is checked against AWS or the disk. */
  readonly isVerifying: boolean;
};

/** A step acts. `since` is when it began, by `performance.now()`. */
export type Acting = {
  readonly phase: 'acting';
  readonly lines: readonly Progress[];
  readonly since: number;
  /** Ends what is under way, and begins nothing more. Absent when the act has no such end. */
  readonly onEnough?: () => void;
};

/** A problem is on the screen. */
export type InTrouble = {
  readonly phase: 'problem';
  readonly problem: Problem;
  /** The value of the row under the cursor. */
  readonly rowValue: string | undefined;
  /** What stopping would leave. */
  readonly saved: Saved;
};

/** The last page is on the screen. */
export type Closing = ClosingPage & {
  readonly phase: 'closing';
  /** What came of the last action that the person chose on the page. */
  readonly notice?: string;
};

/** Nothing is asked or done at this moment. */
export type Between = { readonly phase: 'between' };

/** The present use of the screen. A page can be open over it. */
export type Stage = Asking | Acting | InTrouble | Closing | Between;

/** A page over the stage. `kind` says what it shows, so that the key that opened the page also closes it. */
export type OpenPanel = {
  readonly kind: 'why' | 'tutorial' | 'keys' | 'commands' | 'text';
  /** The index of the row at the top. */
  readonly top: number;
  readonly content: PanelContent;
  /** When the act below the page began. Keys typed before that time wait for the next question. */
  readonly actingSince?: number;
};

/** Everything that the screen shows. */
export type Journey = {
  readonly stage: Stage;
  /**
   * The number of the stage. It is in the `key` of each React component of a stage, so that React draws each new stage from the
   * beginning.
   */
  readonly turn: number;
  readonly step: StepView | undefined;
  /** The index of `step` in the ceremony. It is the number of steps when all are done. */
  readonly stepIndex: number;
  /** Gives the commands that do by hand what the step does with the present answer. */
  readonly commands: () => readonly EquivalentCommand[];
  readonly where: Whereabouts | undefined;
  readonly panel: OpenPanel | undefined;
  /** What stopping would leave, while "Stop here?" waits for an answer. */
  readonly stopping: Saved | undefined;
  /** A note about the last key, such as that a text was copied. The footer shows it until the next key. */
  readonly said?: string | undefined;
  /** The lines of finished steps, which stay above the screen. New lines are only added at the end. */
  readonly receipts: readonly string[];
};
