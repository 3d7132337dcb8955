import type { Line } from './journal-line.ts';
import type { Answers } from './question.ts';

type AttemptState = {
  readonly outcome: 'none' | 'done' | 'refused';
  readonly result?: unknown;
  /** Of its last line. */
  readonly at: string;
};

/** What the lines add up to. */
export type JournalState = {
  id: string | undefined;
  ceremony: string | undefined;
  begunAt: string | undefined;
  finished: boolean;
  /** Steps that are done, in order, with what each established. */
  readonly done: Map<string, object>;
  readonly answers: Map<string, Answers>;
  /** By `step/name`. */
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

/** Applies one more line to the state, which it changes. */
export function fold(state: JournalState, line: Line): void {
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
