/** What is saved of a ceremony if a person stops now. */
export type Saved = 'nothing' | 'everything' | 'all but the key';

type Words = {
  /** Says what stopping would leave. */
  readonly sentence: string;
  /** The whole question for a narrow screen, in several lengths, the longest first. */
  readonly shorter: readonly string[];
  /** The label of the row that stops, in the list below a problem. */
  readonly label: string;
};

const wordsFor: Readonly<Record<Saved, Words>> = {
  nothing: {
    sentence: 'Nothing is saved yet.',
    shorter: ['Stop? Nothing is saved yet.', 'Stop?'],
    label: 'Stop here, nothing is saved yet',
  },
  everything: {
    sentence: 'Progress is saved.',
    shorter: ['Stop? Progress is saved.', 'Stop?'],
    label: 'Stop here, progress is saved',
  },
  'all but the key': {
    sentence: 'The key in memory is lost, all else is saved.',
    shorter: ['Stop? The key in memory is lost.', 'Stop? It loses the key.'],
    label: 'Stop here; the key in memory is lost',
  },
};

/** Gives the question whether to stop, and a sentence that says what stopping would leave. */
export function stopQuestion(saved: Saved): string {
  return `Stop here? ${wordsFor[saved].sentence}`;
}

/**
 * Gives the question whether to stop in several lengths, the longest first. Most of them say what stopping would leave.
 * @param isActing true while a step acts, so that AWS may still be at work for it.
 */
export function stopQuestions(saved: Saved, isActing: boolean): readonly string[] {
  const { sentence, shorter } = wordsFor[saved];
  return [isActing ? `Stop? What AWS is doing may still finish. ${sentence}` : stopQuestion(saved), ...shorter];
}

/** Gives the label of the row that stops, in the list below a problem. It says what stopping would leave. */
export function stopLabel(saved: Saved): string {
  return wordsFor[saved].label;
}
