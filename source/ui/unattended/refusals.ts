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

/** What a question's own check says of an answer: of a list, of every part that it does not take. */
export function refusalsOf(question: Question, answer: Answer): readonly Refusal[] {
  const says = checkAnswer(question, answer);
  if (says === undefined) return [];
  const parts = question.kind === 'many' && isList(answer) ? answer : [];
  const ofParts = parts.flatMap((part, item) =>
    refused(question.kind === 'many' ? question.check?.(part) : undefined, part, item),
  );
  return ofParts.length > 0 ? ofParts : [{ says, of: answer }];
}

/** What a question says of an answer once AWS and the disk can be asked: of a list, of every part that it does not take. */
export async function verifiedRefusalsOf(question: Question, answer: Answer): Promise<readonly Refusal[]> {
  const says = await question.verify?.(answer);
  if (says === undefined) return [];
  const parts = question.kind === 'many' && isList(answer) && answer.length > 1 ? answer : [];
  const ofParts: Refusal[] = [];
  for (const [item, part] of parts.entries()) ofParts.push(...refused(await question.verify?.([part]), part, item));
  return ofParts.length > 0 ? ofParts : [{ says, of: answer }];
}

function refused(says: FieldProblem, of: string, item: number): readonly Refusal[] {
  return says === undefined ? [] : [{ says, of, item }];
}

function isList(answer: Answer): answer is readonly string[] {
  return Array.isArray(answer) && answer.every((part) => typeof part === 'string');
}
