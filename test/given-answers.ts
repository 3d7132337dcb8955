import type { Answers } from '../source/ceremony/question.ts';
import type { GivenAnswers } from '../source/ui/unattended/given-answers.ts';

/** What an answers file with these answers gives, by step and question; every answer is in its first line. */
export function givenAnswers(steps: Readonly<Record<string, Answers>>): GivenAnswers {
  const linesOf = (answers: Answers) =>
    new Map(Object.entries(answers).map(([id, answer]) => [id, { answer, line: 1 }] as const));
  return {
    path: 'answers.yaml',
    steps: new Map(Object.entries(steps).map(([step, answers]) => [step, { line: 1, answers: linesOf(answers) }])),
  };
}
