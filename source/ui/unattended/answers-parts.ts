/** A part of an answers file: the lines of one step, or the lines before the first step. */
type AnswersPart = {
  readonly text: string;
  /** How many lines stand before it. */
  readonly linesBefore: number;
};

/**
 * Cuts an answers file into the lines of its steps, so that a mistake of form in one step hides no other step. A step begins
 * with its name in the first column. A text of another form, such as JSON, is one part.
 */
export function partsOf(text: string): readonly AnswersPart[] {
  const lines = text.split('\n');
  const firstLines = lines.flatMap((line, index) => (stepName.test(line) ? [index] : []));
  const cuts = firstLines[0] === 0 ? firstLines : [0, ...firstLines];
  return cuts.map((from, index) => ({
    text: lines.slice(from, cuts[index + 1]).join('\n'),
    linesBefore: from,
  }));
}

/** The name of a step at the beginning of a line. */
const stepName = /^(["']?)[\w-]+\1\s*:(?=\s|$)/;
