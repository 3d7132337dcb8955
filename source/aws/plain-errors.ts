import type { KMSClient } from '@aws-sdk/client-kms';

/** The longest texts of an error that are kept, in characters. Those of AWS are much shorter. */
const most = { name: 100, message: 2000, requestId: 200 } as const;

/** What is used of an error of a call. The SDK makes these members itself, but takes the first two from the answer. */
const members: ReadonlySet<string> = new Set([
  'name',
  'message',
  'stack',
  '$fault',
  '$metadata',
  '$response',
  '$retryable',
]);

/** An error of the SDK for an answer that is a refusal. */
type Refusal = {
  readonly $fault: unknown;
  readonly $metadata?: { requestId?: string | undefined };
  name: unknown;
  message: unknown;
};

/**
 * Takes from every error of a client what the SDK has copied from the answer and AWS does not send: other members, texts that are
 * none, and texts of any length. Whoever answers in the place of AWS could otherwise give an error the code of a full disk, break
 * what reads the message, or fill the screen and the journal.
 */
export function keepErrorsPlain({ middlewareStack }: Pick<KMSClient, 'middlewareStack'>): void {
  middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof Error && '$fault' in error) makePlain(error);
        throw error;
      }
    },
    // Right outside of where the SDK reads an answer, so that its retries see the plain error as well.
    { step: 'deserialize', priority: 'high', name: 'keepErrorsPlain' },
  );
}

function makePlain(error: Refusal): void {
  for (const name of Object.getOwnPropertyNames(error)) if (!members.has(name)) Reflect.deleteProperty(error, name);
  error.name = shortText(error.name, most.name);
  error.message = shortText(error.message, most.message);
  const { $metadata } = error;
  if ($metadata?.requestId !== undefined) $metadata.requestId = shortText($metadata.requestId, most.requestId);
}

/** Cuts a text. Gives the word that the SDK has for an answer without one where it is no text. */
function shortText(text: unknown, length: number): string {
  if (typeof text !== 'string') return 'UnknownError';
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
