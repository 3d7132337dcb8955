import type { StepId } from './step-id.ts';

/** A step that imports again material that a key has had. `done` is the participle for this act in problems. */
export type ImportingStep = { readonly step: StepId; readonly done: 'brought back' | 'imported again' };
