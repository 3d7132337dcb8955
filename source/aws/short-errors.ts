import type { KMSClient } from '@aws-sdk/client-kms';

/** The longest parts of an error that are kept, in characters. Those of AWS are much shorter. */
const most = { name: 100, message: 2000, requestId: 200 } as const;

/** The parts of an error of a call that come from the answer. */
type Refusal = {
  name?: string;
  message?: string;
  $metadata?: { requestId?: string | undefined; httpStatusCode?: number | undefined };
};

/**
 * Cuts the texts of every error of a client that come from an answer, from now on. Whoever answers in the place of AWS chooses
 * these texts: uncut, they could fill the screen and the journal.
 */
export function shortenErrors({ middlewareStack }: Pick<KMSClient, 'middlewareStack'>): void {
  middlewareStack.add(
    (next) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        shorten(Object(error));
        throw error;
      }
    },
    // Inside of `noteCalls`, so that the journal gets the short texts.
    { step: 'initialize', priority: 'low', name: 'shortenErrors' },
  );
}

function shorten(error: Refusal): void {
  const { name, message, $metadata } = error;
  if (name !== undefined && name.length > most.name) error.name = cut(name, most.name);
  if (message !== undefined && message.length > most.message) error.message = cut(message, most.message);
  if ($metadata?.requestId !== undefined) $metadata.requestId = cut($metadata.requestId, most.requestId);
}

const cut = (text: string, length: number) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
