import type { KMSClient } from '@aws-sdk/client-kms';

/** Gives the names of the commands that this client sends from now on. */
export function callsOf(kms: KMSClient): string[] {
  const calls: string[] = [];
  kms.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
  return calls;
}
