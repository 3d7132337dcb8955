import type { Question } from '../../source/ceremony/question.ts';
import { openField } from '../../source/ui/ink/fields/kinds.ts';
import type { Asking } from '../../source/ui/ink/journey.ts';

/** The stage at which a question was just asked, but for what `changes` changes. */
export const askingStage = (question: Question, changes: Partial<Asking> = {}): Asking => ({
  phase: 'asking',
  since: 0,
  field: openField(question, undefined, changes.since ?? 0),
  isFirst: true,
  back: 'step',
  isVerifying: false,
  ...changes,
});
