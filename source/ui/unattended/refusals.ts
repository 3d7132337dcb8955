import { checkAnswer } from '../../ceremony/interview.ts';
import { type Answer, type FieldProblem, problemWords, type Question } from '../../ceremony/question.ts';

/** Why an answer, or one part of an answer that is a list, is not accepted. */
export type Refusal = {
  /** The reason as a sentence. */
  readonly says: string;
  /** The refused answer, or the refused part of a list. */
  readonly answer: Answer;
  /** The index of the refused part in the list. Absent when the whole answer is refused. */
  readonly item?: number;
};

/**
 * Checks an answer without AWS or the disk, and gives the refusals. In a list, each refused part has its own refusal. When no part
 * is refused by itself, the refusal is about the whole answer.
 */
export function refusalsOf(question: Question, answer: Answer): readonly Refusal[] {
  const says = checkAnswer(question, answer);
  if (says === undefined) return [];
  const parts = partsOf(question, answer);
  const problems = parts.map((part) => (question.kind === 'many' ? question.check?.(part) : undefined));
  return refuseParts(parts, problems) ?? [{ says, answer }];
}

/**
 * Checks an answer against AWS and the disk, and gives the refusals. In a list of several parts, each refused part has its own
 * refusal. When no part is refused by itself, the refusal is about the whole answer.
 */
export async function verifiedRefusalsOf(question: Question, answer: Answer): Promise<readonly Refusal[]> {
  const says = problemWords(await question.verify?.(answer));
  if (says === undefined) return [];
  const parts = partsOf(question, answer);
  const problems: FieldProblem[] = [];
  // Checks each part alone too, to find the wrong parts. There may be none: sometimes only the number of parts is refused.
  if (parts.length > 1) for (const part of parts) problems.push(problemWords(await question.verify?.([part])));
  return refuseParts(parts, problems) ?? [{ says, answer }];
}

/** Gives the parts of an answer that is a list of texts; an empty list for other answers. */
function partsOf(question: Question, answer: Answer): readonly string[] {
  const isList = Array.isArray(answer) && answer.every((part) => typeof part === 'string');
  return question.kind === 'many' && isList ? (answer as readonly string[]) : [];
}

/**
 * Gives a refusal for each part that has a problem; `undefined` when no part has one. Some sentences do not contain the part,
 * because it may be a secret. When there are several parts, such a sentence begins with the number of the part.
 * @param problems the problem of each part, in the order of `parts`.
 */
function refuseParts(parts: readonly string[], problems: readonly FieldProblem[]): readonly Refusal[] | undefined {
  const refused = parts.flatMap((part, item) => {
    const says = problems[item];
    if (says === undefined) return [];
    const isClear = parts.length === 1 || says.includes(part);
    return [{ says: isClear ? says : `Number ${item + 1}: ${says}`, answer: part, item }];
  });
  return refused.length > 0 ? refused : undefined;
}
