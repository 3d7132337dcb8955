import type { JournalLine } from './journal-line.ts';
import type { Answers } from './question.ts';

/** What the journal knows of an attempt. The outcome `none` means: begun, and nobody knows how it ended. */
type AttemptState = {
  readonly outcome: 'none' | 'done' | 'refused';
  readonly result?: unknown;
  /** When its last line was written, ISO 8601. */
  readonly at: string;
};

/** What all lines of a journal together say: where the ceremony is. */
export type JournalState = {
  id: string | undefined;
  ceremony: string | undefined;
  begunAt: string | undefined;
  finished: boolean;
  /** The steps that are done, in the order in which they were done, each with the facts that it established. */
  readonly done: Map<string, object>;
  /** The last answers by step id, also of steps that were reopened. */
  readonly answers: Map<string, Answers>;
  /** The attempts by `step/name`. Reopening a step removes its attempts. */
  readonly attempts: Map<string, AttemptState>;
};

/** Gives the state before the first line. */
export function emptyState(): JournalState {
  return {
    id: undefined,
    ceremony: undefined,
    begunAt: undefined,
    finished: false,
    done: new Map(),
    answers: new Map(),
    attempts: new Map(),
  };
}

/** Changes the state as one more line says. */
export function applyLine(state: JournalState, line: JournalLine): void {
  switch (line.kind) {
    case 'begun':
      state.id = line.id;
      state.ceremony = line.ceremony;
      state.begunAt = line.at;
      break;
    case 'answered':
      state.answers.set(line.step, line.answers);
      break;
    case 'intent':
      state.attempts.set(`${line.step}/${line.name}`, { outcome: 'none', at: line.at });
      break;
    case 'outcome':
      state.attempts.set(`${line.step}/${line.name}`, {
        outcome: line.outcome,
        result: line.result,
        at: line.at,
      });
      break;
    case 'done':
      state.done.set(line.step, line.facts);
      break;
    case 'reopened':
      state.done.delete(line.step);
      for (const name of state.attempts.keys()) if (name.startsWith(`${line.step}/`)) state.attempts.delete(name);
      break;
    case 'finished':
      state.finished = true;
      break;
    case 'continued':
    case 'session':
    case 'call':
      break;
  }
}
