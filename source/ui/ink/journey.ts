import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { PanelContent } from '../../ceremony/question.ts';
import type { EquivalentCommand, Lesson, Progress } from '../../ceremony/step.ts';
import type { Saved } from '../stop-words.ts';
import type { FieldState } from './fields/field.ts';

/** What the screen shows of a step. */
export type StepView = {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly goesWrong: readonly string[];
  readonly lesson?: Lesson;
  readonly place: 'you' | 'KMS' | 'S3';
};

/** Where and who, once known. */
export type Whereabouts = {
  readonly region: string;
  readonly account: string;
  readonly who: string;
  /** Endpoints that are not AWS's own, as `at URL`; empty where all are, and on practice AWS. */
  readonly at: string;
  readonly practice: boolean;
};

export type Asking = {
  readonly phase: 'asking';
  /** The question, and the content of its field. */
  readonly field: FieldState;
  /** True at the first question of a step, which also shows the step's `why`. */
  readonly opening: boolean;
  /** Where Esc leads, or nothing where it leads nowhere. */
  readonly back: 'question' | 'step' | undefined;
  readonly problem?: string | undefined;
  /** A line about what was typed so far. */
  readonly notice?: string | undefined;
  readonly verifying: boolean;
};

export type Acting = { readonly phase: 'acting'; readonly lines: readonly Progress[]; readonly since: number };

export type InTrouble = {
  readonly phase: 'problem';
  readonly problem: Problem;
  readonly at: string | undefined;
  /** What stopping would leave. */
  readonly saved: Saved;
};

export type Closing = ClosingPage & { readonly phase: 'closing' };

/** Between two screens, for a moment. */
export type Between = { readonly phase: 'between' };

export type Stage = Asking | Acting | InTrouble | Closing | Between;

/** A page over the stage, scrolled to a line. `kind` says what it shows, so that its own key closes it. */
export type OpenPanel = {
  readonly kind: 'why' | 'commands' | 'text';
  readonly top: number;
  readonly content: PanelContent;
  /** Set where it was opened while a step acted: when that began. Keys typed before wait until it is closed. */
  readonly actingSince?: number;
};

/** Everything that the screen shows. */
export type Journey = {
  readonly stage: Stage;
  /** The number of this stage: what is drawn for one is not taken over for the next. */
  readonly turn: number;
  readonly step: StepView | undefined;
  /** Index of `step` among the ceremony's steps; as many as there are when all are done. */
  readonly at: number;
  readonly commands: () => readonly EquivalentCommand[];
  readonly where: Whereabouts | undefined;
  readonly panel: OpenPanel | undefined;
  /** What stopping would leave, while "Stop here?" waits for an answer. */
  readonly stopping: Saved | undefined;
  /** What a key has just done where nothing else shows it; in the footer until the next key. */
  readonly said?: string | undefined;
  /** Lines for the scrollback, in order. Only ever grows. */
  readonly receipts: readonly string[];
};
