import { checkAnswer } from '../../ceremony/interview.ts';
import type { Answer, FieldProblem, Question } from '../../ceremony/question.ts';

/** Why an answer, or one part of it, cannot be taken. */
export type Refusal = {
  readonly says: string;
  /** The answer, or the part of a list, that it is about. */
  readonly of: Answer;
  /** Its place in the list; absent where it is about the whole answer. */
  readonly item?: number;
};

/** Gives the refusals of the question's own check. For a list, each refused part has its own refusal. */
export function refusalsOf(question: Question, answer: Answer): readonly Refusal[] {
  const says = checkAnswer(question, answer);
  if (says === undefined) return [];
  const parts = partsOf(question, answer);
  const each = parts.map((part) => (question.kind === 'many' ? question.check?.(part) : undefined));
  return ofParts(parts, each) ?? [{ says, of: answer }];
}

/** Gives the refusals of the check against AWS and the disk. For a list, each refused part has its own refusal. */
export async function verifiedRefusalsOf(question: Question, answer: Answer): Promise<readonly Refusal[]> {
  const says = await question.verify?.(answer);
  if (says === undefined) return [];
  const parts = partsOf(question, answer);
  const each: FieldProblem[] = [];
  // One is refused for what it is, and two may be refused for being two.
  if (parts.length > 1) for (const part of parts) each.push(await question.verify?.([part]));
  return ofParts(parts, each) ?? [{ says, of: answer }];
}

function partsOf(question: Question, answer: Answer): readonly string[] {
  const isList = Array.isArray(answer) && answer.every((part) => typeof part === 'string');
  return question.kind === 'many' && isList ? (answer as readonly string[]) : [];
}

/** A part that is not named is counted: it may be a secret that was mistaken for something else. */
function ofParts(parts: readonly string[], each: readonly FieldProblem[]): readonly Refusal[] | undefined {
  const refused = parts.flatMap((part, item) => {
    const says = each[item];
    if (says === undefined) return [];
    const isPlain = parts.length === 1 || says.includes(part);
    return [{ says: isPlain ? says : `Number ${item + 1}: ${says}`, of: part, item }];
  });
  return refused.length > 0 ? refused : undefined;
}
