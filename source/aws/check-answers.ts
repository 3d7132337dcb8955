import type { KMSClient } from '@aws-sdk/client-kms';
import * as v from 'valibot';
import { answerSchemas } from './answers.ts';

/** An answer with success has another form than AWS documents. Nothing of the answer is in the message, or used. */
export class UnfitAnswerError extends Error {
  override readonly name = 'UnfitAnswerError';
  /** The HTTP status is absent, because nobody knows whether AWS carried out the request. */
  readonly $metadata: { attempts?: number; requestId?: string };

  /**
   * @param operation as `KMS.DescribeKey`. @param field as `KeyMetadata.Arn`. @param must the end of a sentence that begins with
   * the field.
   */
  constructor(operation: string, field: string, must: string, requestId?: string) {
    super(`The answer to ${operation} is not used: ${field} ${must}.`);
    this.$metadata = requestId === undefined ? {} : { requestId };
  }
}

/**
 * Checks the fields of an answer that Keyferry uses.
 * @param operation as `KMS.DescribeKey`.
 * @throws UnfitAnswerError for the first field that is missing or has another form.
 * @throws Error for an operation without a schema. That is a defect.
 */
export function checkAnswer(operation: string, output: object): void {
  const schema = answerSchemas[operation];
  if (schema === undefined) throw new Error(`There is no schema for the answer to ${operation}.`);
  const parsed = v.safeParse(schema, output, { abortEarly: true });
  if (parsed.success) return;
  const [issue] = parsed.issues;
  const must = issue.message.startsWith('must ') ? issue.message : 'is missing or of another form';
  const { requestId } = (output as { $metadata?: { requestId?: string } }).$metadata ?? {};
  throw new UnfitAnswerError(operation, v.getDotPath(issue) ?? 'the whole', must, requestId);
}

/**
 * Checks every answer to a client from now on, before anything of the answer is used. A call whose answer is unfit fails with an
 * {@link UnfitAnswerError}.
 */
export function checkAnswers({ middlewareStack }: Pick<KMSClient, 'middlewareStack'>): void {
  middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const service = context.clientName?.replace(/Client$/, '') ?? '';
      checkAnswer(`${service}.${context.commandName?.replace(/Command$/, '') ?? ''}`, result.output);
      return result;
    },
    // Inside of `noteCalls`, so that the journal notes that the answer was not used; outside of the retries.
    { step: 'initialize', priority: 'low', name: 'checkAnswers' },
  );
}
