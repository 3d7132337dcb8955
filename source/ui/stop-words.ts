/** What is saved of a ceremony if a person stops now. */
export type Saved = 'nothing' | 'everything' | 'all but the key';

type Words = {
  readonly sentence: string;
  /** The whole question for a narrow screen, the longest first. */
  readonly shorter: readonly string[];
  /** The way that stops, in a list of ways on. */
  readonly way: string;
};

const wordsFor: Readonly<Record<Saved, Words>> = {
  nothing: {
    sentence: 'Nothing is saved yet.',
    shorter: ['Stop? Nothing is saved yet.', 'Stop?'],
    way: 'Stop here, nothing is saved yet',
  },
  everything: {
    sentence: 'Progress is saved.',
    shorter: ['Stop? Progress is saved.', 'Stop?'],
    way: 'Stop here, progress is saved',
  },
  'all but the key': {
    sentence: 'The key in memory is lost, all else is saved.',
    shorter: ['Stop? The key in memory is lost.', 'Stop? It loses the key.'],
    way: 'Stop here; the key in memory is lost',
  },
};

/** Gives the question whether to stop, with what that would leave. */
export function stopQuestion(saved: Saved): string {
  return `Stop here? ${wordsFor[saved].sentence}`;
}

/**
 * Gives texts that ask whether to stop and say what that would leave, the longest first.
 * @param isActing whether a step is at work, so that AWS may be doing what it asked for.
 */
export function stopQuestions(saved: Saved, isActing: boolean): readonly string[] {
  const { sentence, shorter } = wordsFor[saved];
  return [isActing ? `Stop? What AWS is doing may still finish. ${sentence}` : stopQuestion(saved), ...shorter];
}

/** Gives the label of the way that stops, with what that would leave. */
export function stopWay(saved: Saved): string {
  return wordsFor[saved].way;
}
