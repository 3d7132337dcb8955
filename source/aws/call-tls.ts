import { TLSSocket } from 'node:tls';
import type { KMSClient } from '@aws-sdk/client-kms';

/** How the connection of a call was encrypted. `none`: it was plain HTTP. */
export type CallTls =
  | 'none'
  | {
      /** Such as `TLSv1.3`. */
      readonly protocol: string;
      /** The name of the cipher suite, by IANA. */
      readonly cipher: string;
      /** The group of the key exchange, as OpenSSL names it. Absent when this Node does not tell it. */
      readonly group?: string;
      /** Who issued the certificate of the server: organisation and name. Absent when the connection does not tell it. */
      readonly issuer?: string;
    };

/**
 * Notes how the connection of each answer to a client was encrypted. Call this once for each client, and before `bePatient`, which
 * puts a stream of its own in the place of Node's.
 * @returns a function that gives what was noted for a call, by the SDK's context of that call; `undefined` when nothing was.
 */
export function noteTls({ config, middlewareStack }: Pick<KMSClient, 'config' | 'middlewareStack'>) {
  // The request handler sees the connection, and the middleware sees the call. The answer, which both see, joins the two.
  const byAnswer = new WeakMap<object, CallTls>();
  const byContext = new WeakMap<object, CallTls>();
  const { requestHandler } = config;
  const handle = requestHandler.handle.bind(requestHandler);
  requestHandler.handle = async (request, options) => {
    const result = await handle(request, options);
    const { socket } = (result.response.body ?? {}) as { readonly socket?: unknown };
    if (socket !== undefined) byAnswer.set(result.response, socket instanceof TLSSocket ? readTls(socket) : 'none');
    return result;
  };
  middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const tls = byAnswer.get(Object(result.response));
      if (tls !== undefined) byContext.set(context, tls);
      return result;
    },
    // This place in the stack sees the raw answer before the SDK turns a refusal into an error.
    { step: 'deserialize', priority: 'low', name: 'noteTls' },
  );
  return (context: object): CallTls | undefined => byContext.get(context);
}

/** Reads how an open connection is encrypted. */
export function readTls(socket: TLSSocket): Exclude<CallTls, 'none'> {
  const { name: group } = (socket.getEphemeralKeyInfo() ?? {}) as { readonly name?: string };
  const { O: organisation, CN: name } = socket.getPeerCertificate()?.issuer ?? {};
  const issuer = [organisation, name].flat().filter((part) => part !== undefined);
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    ...(group === undefined ? {} : { group }),
    ...(issuer.length === 0 ? {} : { issuer: issuer.join(', ') }),
  };
}

/**
 * Tells whether a group combines a classical key exchange with ML-KEM, as X25519MLKEM768 does: then what is recorded today
 * cannot be opened later by a quantum computer alone (IETF, draft-ietf-tls-ecdhe-mlkem).
 */
export function isPostQuantum(group: string): boolean {
  return /mlkem/i.test(group);
}
