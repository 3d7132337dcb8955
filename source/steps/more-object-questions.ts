import type { Answers, Question } from '../ceremony/question.ts';
import { findPrefixProblem, oddPrefixWords } from '../objects/object-name.ts';
import { contentQuestion, ownFilesQuestions } from './content-questions.ts';
import type { Facts } from './facts.ts';
import { existingBucketQuestion, newBucketQuestion } from './object-questions.ts';
import type { Services } from './services.ts';

// Pages: S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)".

/**
 * Builds the questions of the step that encrypts more objects (which bucket, which prefix, which files) from the answers so far.
 * Suggests the bucket of the last recorded object.
 */
export function moreObjectQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  const questions: Question[] = [placeQuestion];
  if (answers.where === 'existing')
    questions.push({ ...existingBucketQuestion(facts, services), ...bucketOnRecord(services) });
  if (answers.where === 'new') questions.push(newBucketQuestion(facts, services));
  if (answers.where === 'new' || answers.where === 'existing')
    questions.push(prefixQuestion, { ...contentQuestion(facts, answers, services), default: 'files' });
  questions.push(...ownFilesQuestions(facts, answers, services));
  return questions;
}

const placeQuestion: Question = {
  kind: 'choice',
  id: 'where',
  ask: 'Where should the objects go?',
  label: 'Bucket',
  form: 'existing or new',
  options: [
    { value: 'existing', label: 'Into a bucket that I have' },
    { value: 'new', label: 'Into a new bucket' },
  ],
  default: 'existing',
  help: 'A bucket must be in the Region of the key.',
};

/** Gives the default answer for the bucket: that of the last object that a ceremony in this folder uploaded. */
function bucketOnRecord({ earlier }: Services): { readonly default?: string } {
  const bucket = earlier?.objects.at(-1)?.bucket;
  return bucket === undefined ? {} : { default: bucket };
}

const prefixQuestion: Question = {
  kind: 'text',
  id: 'prefix',
  ask: 'Under which prefix?',
  label: 'Prefix',
  form: 'a text such as invoices/2026, or nothing',
  default: '',
  check: findPrefixProblem,
  notice: oddPrefixWords,
  help: 'The names of the objects begin with it: PREFIX/NAME. Without one, an object has the name of its file.',
};
