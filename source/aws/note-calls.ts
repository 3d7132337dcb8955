import type { KMSClient } from '@aws-sdk/client-kms';
import type { CallTls } from './call-tls.ts';

/** A call to AWS, as the journal notes it. */
export type ObservedCall = {
  /** Such as `KMS.CreateKey`. */
  readonly operation: string;
  readonly requestId?: string;
  readonly error?: string;
  /** How many times the request was sent. Absent when it was sent once. */
  readonly tries?: number;
  /** How the connection was encrypted that brought a wrapping key or took an import. Absent for all other calls. */
  readonly tls?: CallTls;
};

/** The calls for which TLS counts: it alone shows that a wrapping key comes from AWS, and it protects an import. */
const callsWithTls: ReadonlySet<string> = new Set(['GetParametersForImport', 'ImportKeyMaterial']);

/** Tells `onCall` about each call of a client, with the request id, for which AWS support asks. Tells `onFailure` each error. */
export function noteCalls(
  { middlewareStack }: Pick<KMSClient, 'middlewareStack'>,
  {
    onCall,
    onFailure,
    tlsOf,
  }: {
    onCall: (call: ObservedCall) => void;
    onFailure: (error: object) => void;
    tlsOf: (context: object) => CallTls | undefined;
  },
): void {
  middlewareStack.add(
    (next, context) => async (args) => {
      const service = context.clientName?.replace(/Client$/, '') ?? '';
      const command = context.commandName?.replace(/Command$/, '') ?? '';
      const operation = `${service}.${command}`;
      // Called only after the answer: before it, nobody knows the connection.
      const tlsDetails = () => {
        const tls = callsWithTls.has(command) ? tlsOf(context) : undefined;
        return tls === undefined ? {} : { tls };
      };
      try {
        const answer = await next(args);
        onCall({ operation, ...callDetails(answer.output.$metadata), ...tlsDetails() });
        return answer;
      } catch (error) {
        onFailure(Object(error));
        const { name, $metadata } = error as { name?: string; $metadata?: Metadata };
        onCall({ operation, ...callDetails($metadata), ...tlsDetails(), error: name ?? 'Error' });
        throw error;
      }
    },
    { step: 'initialize', name: 'noteCalls' },
  );
}

/** The SDK's metadata of a call, as far as Keyferry notes it. */
type Metadata = { readonly requestId?: string | undefined; readonly attempts?: number | undefined };

/** Gives the parts of an {@link ObservedCall} that are in the SDK's metadata of a call. */
const callDetails = ({ requestId, attempts = 1 }: Metadata = {}) => ({
  ...(requestId === undefined ? {} : { requestId }),
  ...(attempts === 1 ? {} : { tries: attempts }),
});
