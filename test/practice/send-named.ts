import assert from 'node:assert/strict';

type Client = { send(command: never): Promise<unknown> };

/** Sends the command that a service's part of the SDK has for an operation, such as `CreateKey`. */
export async function sendNamed(client: Client, sdk: object, name: string, input: object): Promise<unknown> {
  const Command = (sdk as Readonly<Record<string, new (input: object) => never>>)[`${name}Command`];
  assert.ok(Command, name);
  return client.send(new Command(input));
}

/** Gives the names of all operations of a service, as the SDK has them: its schemas of operations begin with 9. */
export const operationsOfSdk = (sdk: object): readonly string[] =>
  Object.values(sdk).flatMap((value) => (Array.isArray(value) && value[0] === 9 ? [String(value[2])] : []));
