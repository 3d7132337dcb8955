import { checkAnswer } from '../../ceremony/interview.ts';
import type { Answer, FieldProblem, Question } from '../../ceremony/question.ts';

/** Why an answer, or one part of a list, is not accepted. */
export type Refusal = {
  readonly says: string;
  /** The refused answer, or the refused part of a list. */
  readonly of: Answer;
  /** The index of the refused part in the list. Absent when the whole answer is refused. */
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
  // Checks each part alone too, to find the wrong ones. None is wrong alone when only their number is refused.
  if (parts.length > 1) for (const part of parts) each.push(await question.verify?.([part]));
  return ofParts(parts, each) ?? [{ says, of: answer }];
}

function partsOf(question: Question, answer: Answer): readonly string[] {
  const isList = Array.isArray(answer) && answer.every((part) => typeof part === 'string');
  return question.kind === 'many' && isList ? (answer as readonly string[]) : [];
}

/** Gives a refusal for each refused part. When its sentence does not name the part, adds its number: it may be a secret. */
function ofParts(parts: readonly string[], each: readonly FieldProblem[]): readonly Refusal[] | undefined {
  const refused = parts.flatMap((part, item) => {
    const says = each[item];
    if (says === undefined) return [];
    const isPlain = parts.length === 1 || says.includes(part);
    return [{ says: isPlain ? says : `Number ${item + 1}: ${says}`, of: part, item }];
  });
  return refused.length > 0 ? refused : undefined;
}
