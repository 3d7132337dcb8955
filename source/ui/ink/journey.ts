import type { ClosingPage } from '../../ceremony/conclusion.ts';
import type { Problem } from '../../ceremony/problem.ts';
import type { PanelContent, Question } from '../../ceremony/question.ts';
import type { EquivalentCommand, Lesson, Progress } from '../../ceremony/step.ts';
import { editOf } from './fields/editing.ts';
import type { FieldState } from './fields/field.ts';
import type { OptionList } from './fields/option-list.ts';
import { withPage } from './fields/pick.ts';

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
  readonly question: Question;
  readonly field: FieldState;
  /** True at a step's first question, where its `why` stands. */
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
  /** Whether stopping loses the key, which is in memory alone. */
  readonly losesKey?: boolean;
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
  readonly step: StepView | undefined;
  /** Index of `step` among the ceremony's steps; as many as there are when all are done. */
  readonly at: number;
  readonly commands: () => readonly EquivalentCommand[];
  readonly where: Whereabouts | undefined;
  readonly panel: OpenPanel | undefined;
  /** True while "Stop here?" waits for an answer. */
  readonly stopping: boolean;
  /** Whether to stop loses the key, which is in memory alone; known while `stopping`. */
  readonly losesKey?: boolean;
  /** What a key has just done where nothing else shows it; in the footer until the next key. */
  readonly said?: string | undefined;
  /** Lines for the scrollback, in order. Only ever grows. */
  readonly receipts: readonly string[];
};

export type JourneyEvent =
  | {
      readonly type: 'entered';
      readonly step: StepView | undefined;
      readonly at: number;
      readonly where?: Whereabouts | undefined;
    }
  | { readonly type: 'staged'; readonly stage: Stage; readonly commands?: () => readonly EquivalentCommand[] }
  | { readonly type: 'filled'; readonly field: FieldState; readonly notice: string | undefined }
  | { readonly type: 'listed'; readonly list: OptionList }
  | { readonly type: 'verifying' }
  | { readonly type: 'refused'; readonly problem: string | undefined }
  | { readonly type: 'pointed'; readonly at: string }
  | { readonly type: 'progressed'; readonly progress: Progress }
  | { readonly type: 'panel'; readonly panel: OpenPanel | undefined }
  | { readonly type: 'stopping'; readonly asked: boolean; readonly losesKey?: boolean }
  | { readonly type: 'said'; readonly said: string | undefined }
  | { readonly type: 'kept'; readonly receipts: readonly string[] };

/** The journey before its first step. */
export const beginning: Journey = {
  stage: { phase: 'between' },
  step: undefined,
  at: 0,
  commands: () => [],
  where: undefined,
  panel: undefined,
  stopping: false,
  receipts: [],
};

/** The journey after one event. */
export function travelled(journey: Journey, event: JourneyEvent): Journey {
  const { stage } = journey;
  switch (event.type) {
    case 'entered':
      return { ...journey, step: event.step, at: event.at, where: event.where ?? journey.where };
    case 'staged':
      // A panel that is being read stays open over whatever comes under it, but for a problem.
      return {
        ...journey,
        stage: event.stage,
        said: undefined,
        commands: event.commands ?? journey.commands,
        panel: event.stage.phase === 'problem' ? undefined : journey.panel,
      };
    case 'filled':
      if (stage.phase !== 'asking') return journey;
      return {
        ...journey,
        stage: { ...stage, field: event.field, notice: event.notice, problem: undefined, verifying: false },
      };
    case 'listed':
      return stage.phase === 'asking'
        ? { ...journey, stage: { ...stage, field: withList(stage, event.list) } }
        : journey;
    case 'verifying':
      return stage.phase === 'asking'
        ? { ...journey, stage: { ...stage, verifying: true, problem: undefined } }
        : journey;
    case 'refused':
      return stage.phase === 'asking'
        ? { ...journey, stage: { ...stage, verifying: false, problem: event.problem } }
        : journey;
    case 'pointed':
      if (stage.phase === 'problem') return { ...journey, stage: { ...stage, at: event.at } };
      if (stage.phase !== 'asking' || stage.field.kind !== 'choice') return journey;
      return { ...journey, stage: { ...stage, field: { ...stage.field, at: event.at }, problem: undefined } };
    case 'progressed':
      return stage.phase === 'acting'
        ? { ...journey, stage: { ...stage, lines: replaced(stage.lines, event.progress) } }
        : journey;
    case 'panel':
      return { ...journey, panel: event.panel };
    case 'stopping':
      return { ...journey, stopping: event.asked, losesKey: event.losesKey === true };
    case 'said':
      return { ...journey, said: event.said };
    case 'kept':
      return { ...journey, receipts: [...journey.receipts, ...event.receipts] };
  }
}

function withList({ field, question }: Asking, list: OptionList): FieldState {
  if (field.kind === 'many') return { ...field, list };
  if (field.kind !== 'pick') return field;
  // Without a list, what can be checked can still be typed; else a refused listing would be the end of the road.
  const empty = list.options.length === 0 && list.state !== 'loading';
  if (empty && question.kind === 'choice' && question.check !== undefined)
    return {
      kind: 'text',
      edit: editOf(field.filter.text === '' ? (field.wanted ?? '') : field.filter.text),
      instead: list,
    };
  return withPage(field, list);
}

function replaced(lines: readonly Progress[], line: Progress): readonly Progress[] {
  const known = lines.some(({ id }) => id === line.id);
  return known ? lines.map((other) => (other.id === line.id ? line : other)) : [...lines, line];
}
