import type { StepId } from './step-id.ts';

/** The step that imports materials again which a key has had, and what its problems call that. */
export type Importing = { readonly step: StepId; readonly done: 'brought back' | 'imported again' };
