import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { Facts } from './facts.ts';
import { existingBucketQuestion } from './object-questions.ts';
import type { Services } from './services.ts';

/** The option with which a person looks at a bucket before the KMS key is made or gets its material. */
export const lookOption: Option = {
  value: 'look',
  label: 'Look first at a bucket: it may want another key',
};

/** The ids of the questions that {@link lookQuestions} gives. */
export const lookAsks = ['bucket', 'go-on'] as const;

/**
 * Gives the questions that follow {@link lookOption}: which bucket; and after that answer, whether to go on, with what was seen
 * there. None when the option was not chosen.
 * @param goOn the question that ends the look, and its one option.
 */
export function lookQuestions(
  facts: Facts,
  answers: Answers,
  services: Services,
  goOn: { readonly ask: string; readonly option: string },
): readonly Question[] {
  if (answers.proceed !== 'look') return [];
  const bucketQuestion = { ...existingBucketQuestion(facts, services), ask: 'Which bucket are the objects for?' };
  if (answers.bucket === undefined) return [bucketQuestion];
  const notes = services.bucketNotes.about(String(answers.bucket));
  return [
    bucketQuestion,
    {
      kind: 'choice',
      id: 'go-on',
      ask: goOn.ask,
      label: 'Go on',
      form: 'yes',
      options: [{ value: 'yes', label: goOn.option }],
      default: 'yes',
      help: [
        ...notes,
        ...(notes.length === 0 ? ['Nothing that S3 shows of this bucket keeps uploads under your key out.'] : []),
        'The bucket is suggested to you again when the objects are uploaded.',
      ].join('\n'),
    },
  ];
}
