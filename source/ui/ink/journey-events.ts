import type { EquivalentCommand, Progress } from '../../ceremony/step.ts';
import type { Saved } from '../stop-words.ts';
import type { FieldState } from './fields/field.ts';
import { kindOf } from './fields/kinds.ts';
import type { OptionList } from './fields/option-list.ts';
import type { Journey, OpenPanel, Stage, StepView, Whereabouts } from './journey.ts';

/**
 * An event that changes the journey. `entered`: a step begins or ends; without `where`, the header stays. `staged`: another stage;
 * without `commands`, they stay. `filled`: the field changed. `listed`: options were read. `noticed`: a line about what is in the
 * field. `verifying`: an answer is checked. `refused`: an answer was not valid. `pointed`: the cursor of a list moved.
 * `progressed`: a line of progress. `panel`: a page opened or closed. `stopping`: "Stop here?" appeared or went. `said`: a note
 * about the last key. `kept`: lines that stay above the frame.
 */
export type JourneyEvent =
  | {
      readonly type: 'entered';
      readonly step: StepView | undefined;
      readonly stepIndex: number;
      readonly where?: Whereabouts | undefined;
    }
  | { readonly type: 'staged'; readonly stage: Stage; readonly commands?: () => readonly EquivalentCommand[] }
  | { readonly type: 'filled'; readonly field: FieldState; readonly notice: string | undefined }
  | { readonly type: 'listed'; readonly list: OptionList }
  | { readonly type: 'noticed'; readonly notice: string | undefined }
  | { readonly type: 'verifying' }
  | { readonly type: 'refused'; readonly problem: string | undefined }
  | { readonly type: 'pointed'; readonly rowValue: string }
  | { readonly type: 'progressed'; readonly progress: Progress }
  | { readonly type: 'panel'; readonly panel: OpenPanel | undefined }
  | { readonly type: 'stopping'; readonly saved: Saved | undefined }
  | { readonly type: 'said'; readonly said: string | undefined }
  | { readonly type: 'kept'; readonly receipts: readonly string[] };

/** The journey before its first step. */
export const beginning: Journey = {
  stage: { phase: 'between' },
  turn: 0,
  step: undefined,
  stepIndex: 0,
  commands: () => [],
  where: undefined,
  panel: undefined,
  stopping: undefined,
  receipts: [],
};

/** Gives the journey after one event. An event that does not fit the stage changes nothing. */
export function reduceJourney(journey: Journey, event: JourneyEvent): Journey {
  const { stage } = journey;
  switch (event.type) {
    case 'entered':
      return { ...journey, step: event.step, stepIndex: event.stepIndex, where: event.where ?? journey.where };
    case 'staged':
      // A person may be reading the panel. It stays open over the new stage, except over a problem.
      return {
        ...journey,
        stage: event.stage,
        turn: journey.turn + 1,
        said: undefined,
        commands: event.commands ?? journey.commands,
        panel: event.stage.phase === 'problem' ? undefined : journey.panel,
        // On the last page there is nothing left to stop.
        stopping: event.stage.phase === 'closing' ? undefined : journey.stopping,
      };
    case 'filled':
      if (stage.phase !== 'asking') return journey;
      return {
        ...journey,
        stage: { ...stage, field: event.field, notice: event.notice, problem: undefined, isVerifying: false },
      };
    case 'listed':
      return stage.phase === 'asking'
        ? {
            ...journey,
            stage: { ...stage, field: kindOf(stage.field).pages?.withList(stage.field, event.list) ?? stage.field },
          }
        : journey;
    case 'noticed':
      return stage.phase === 'asking' ? { ...journey, stage: { ...stage, notice: event.notice } } : journey;
    case 'verifying':
      return stage.phase === 'asking'
        ? { ...journey, stage: { ...stage, isVerifying: true, problem: undefined } }
        : journey;
    case 'refused':
      return stage.phase === 'asking'
        ? { ...journey, stage: { ...stage, isVerifying: false, problem: event.problem } }
        : journey;
    case 'pointed':
      if (stage.phase === 'problem') return { ...journey, stage: { ...stage, rowValue: event.rowValue } };
      if (stage.phase !== 'asking' || stage.field.kind !== 'choice') return journey;
      return {
        ...journey,
        stage: { ...stage, field: { ...stage.field, rowValue: event.rowValue }, problem: undefined },
      };
    case 'progressed':
      return stage.phase === 'acting'
        ? { ...journey, stage: { ...stage, lines: replaceLine(stage.lines, event.progress) } }
        : journey;
    case 'panel':
      return { ...journey, panel: event.panel };
    case 'stopping':
      return { ...journey, stopping: event.saved };
    case 'said':
      return { ...journey, said: event.said };
    case 'kept':
      return { ...journey, receipts: [...journey.receipts, ...event.receipts] };
  }
}

/** Replaces the progress line with the same id, or adds the line at the end. */
function replaceLine(lines: readonly Progress[], line: Progress): readonly Progress[] {
  const known = lines.some(({ id }) => id === line.id);
  return known ? lines.map((other) => (other.id === line.id ? line : other)) : [...lines, line];
}
