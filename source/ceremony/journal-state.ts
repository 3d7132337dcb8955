import type { JournalLine } from './journal-line.ts';
import type { Answers } from './question.ts';

/** How an attempt ended. `unknown`: it was begun, and nobody knows how it ended. */
export type AttemptOutcome = 'unknown' | 'done' | 'refused';

/** What the journal knows of an attempt. */
type AttemptState = {
  readonly outcome: AttemptOutcome;
  readonly result?: unknown;
  /** When the last journal line about this attempt was written, ISO 8601. */
  readonly at: string;
};

/** The state of a ceremony, as all lines of its journal together tell it. The first three are `undefined` before any line. */
export type JournalState = {
  /** The id of this one ceremony. */
  id: string | undefined;
  /** The id of the kind of ceremony. */
  ceremony: string | undefined;
  begunAt: string | undefined;
  finished: boolean;
  /** The steps that are done, in the order in which they were done, each with the facts that it established. */
  readonly done: Map<string, object>;
  /** The last answers by step id, also of steps that were reopened. */
  readonly answers: Map<string, Answers>;
  /** The answers of the steps that are not done, by step id, as far as the person has got with each of them. */
  readonly drafts: Map<string, Answers>;
  /** The last answer to each question of a step, by step id, also to questions that were asked again since then. */
  readonly offers: Map<string, Answers>;
  /** The attempts by `step/name`. Reopening a step removes its attempts. */
  readonly attempts: Map<string, AttemptState>;
};

/** Makes the state that a journal without lines has. */
export function emptyState(): JournalState {
  return {
    id: undefined,
    ceremony: undefined,
    begunAt: undefined,
    finished: false,
    done: new Map(),
    answers: new Map(),
    drafts: new Map(),
    offers: new Map(),
    attempts: new Map(),
  };
}

/** Updates `state` with the next line of the journal. */
export function applyLine(state: JournalState, line: JournalLine): void {
  switch (line.kind) {
    case 'begun':
      state.id = line.id;
      state.ceremony = line.ceremony;
      state.begunAt = line.at;
      break;
    case 'answered':
      state.answers.set(line.step, line.answers);
      keepAsDrafts(state, line);
      break;
    case 'drafted':
      keepAsDrafts(state, line);
      break;
    case 'intent':
      state.attempts.set(`${line.step}/${line.name}`, { outcome: 'unknown', at: line.at });
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
      state.drafts.delete(line.step);
      break;
    case 'reopened':
      state.done.delete(line.step);
      state.drafts.delete(line.step);
      for (const key of state.attempts.keys()) if (key.startsWith(`${line.step}/`)) state.attempts.delete(key);
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

/** Keeps the answers as the drafts of their step, and adds them to what the step offers when it asks again. */
function keepAsDrafts({ drafts, offers }: JournalState, { step, answers }: { step: string; answers: Answers }): void {
  drafts.set(step, answers);
  offers.set(step, { ...offers.get(step), ...answers });
}
