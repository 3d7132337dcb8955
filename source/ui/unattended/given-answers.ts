import type { Answer } from '../../ceremony/question.ts';

/** An answer from the file, with its line number. `lines` has the line number of each part, when the answer is a list. */
export type GivenAnswer = { readonly answer: Answer; readonly line: number; readonly lines?: readonly number[] };

/** The content of an answers file: answers by step, then by question. */
export type GivenAnswers = {
  /** The path of the file; empty for answers from the command line. */
  readonly path: string;
  /** The flag of the command line for an answer, or the name of its argument, by `STEP.QUESTION`. */
  readonly flags?: Readonly<Record<string, string>>;
  /** The ceremony that the file names, with its line number. Absent when the file names none. */
  readonly ceremony?: { readonly id: string; readonly line: number };
  /** The answers by step id, each with the line number of the step. */
  readonly steps: ReadonlyMap<string, { readonly line: number; readonly answers: ReadonlyMap<string, GivenAnswer> }>;
  /** The mistakes in the form of the file. Set when steps of it could not be read: then the ceremony never begins. */
  readonly notRead?: readonly AnswersFinding[];
};

/** A mistake in an answers file: a sentence about it, and its line number; absent for an answer that the file does not have. */
export type AnswersFinding = {
  readonly line?: number;
  readonly says: string;
  /** True when other answers decide whether this is a mistake: an answer is missing, or has no effect beside them. */
  readonly dependsOnOthers?: true;
};

/**
 * Gives a finding as one line of text. The text begins with `PATH:LINE:` or `PATH:`. With an empty `path`, the answers are from
 * the command line, and the text is only the sentence.
 */
export function findingWords(path: string, { line, says }: AnswersFinding): string {
  if (path === '') return says;
  return line === undefined ? `${path}: ${says}` : `${path}:${line}: ${says}`;
}

/** Thrown with all mistakes of an answers file, so that a person can correct them at once. */
export class AnswersError extends Error {
  override readonly name = 'AnswersError';
  readonly path: string;
  readonly findings: readonly AnswersFinding[];

  constructor(path: string, findings: readonly AnswersFinding[]) {
    super(findings.map((finding) => findingWords(path, finding)).join('\n'));
    this.path = path;
    this.findings = findings;
  }
}
