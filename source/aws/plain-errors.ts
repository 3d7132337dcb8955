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
 * Makes every refusal that a client throws safe to read. The SDK copies members of the answer into the error, and somebody else may
 * answer in the place of AWS. So this removes all members that Keyferry does not read, puts a word in the place of a name or
 * message that is no text, and cuts long texts. Otherwise an answer could give an error the code of a full disk, or fill the screen
 * and the journal.
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
    // Right after the SDK has read the answer, so that its retries see the plain error too.
    { step: 'deserialize', priority: 'high', name: 'keepErrorsPlain' },
  );
}

/** Removes the members that Keyferry does not read, and cuts long texts: see {@link keepErrorsPlain}. */
function makePlain(error: Refusal): void {
  for (const name of Object.getOwnPropertyNames(error)) if (!members.has(name)) Reflect.deleteProperty(error, name);
  error.name = shortText(error.name, most.name);
  error.message = shortText(error.message, most.message);
  const { $metadata } = error;
  if ($metadata?.requestId !== undefined) $metadata.requestId = shortText($metadata.requestId, most.requestId);
}

/** Cuts a text that is too long. For a value that is no text, gives `UnknownError`: the SDK's name for an error without one. */
function shortText(text: unknown, length: number): string {
  if (typeof text !== 'string') return 'UnknownError';
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
