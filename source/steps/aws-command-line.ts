import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import { type Connection, type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/** A shell variable as a word: its value, never split. */
type Variable = { readonly variable: string };

/** The key's ARN in the shell: {@link findKey} sets it, and so does creating the key. */
export const keyArn: Variable = { variable: 'KEY_ARN' };

type Where = { readonly connection?: Pick<Connection, 'source' | 'region'> };

/** Takes from aws what it would use before the role of the machine. */
const machineAlone =
  'env -u AWS_ACCESS_KEY_ID -u AWS_PROFILE -u AWS_DEFAULT_PROFILE \\\n  AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null';

/**
 * Gives an aws command line that does the same as a call of ours, as the same identity in the same account and Region. For
 * practice AWS the endpoint and the credentials come from the environment, as `keyferry practice-aws` prints them.
 * @param call service and operation, already quoted.
 * @param options by name without dashes; true gives a bare flag, and text that is not a plain word is quoted.
 */
export function awsCommand(
  { connection }: Where,
  { session, environment }: Services,
  call: string,
  options: Readonly<Record<string, string | true | Variable>> = {},
): string {
  const asMachine = connection?.source === 'instance-role' && environment.source !== 'instance-role';
  const words = [asMachine ? `${machineAlone} aws ${call}` : `aws ${call}`];
  for (const [name, value] of Object.entries(options))
    words.push(
      value === true ? `--${name}` : `--${name} ${typeof value === 'string' ? quote(value) : `"$${value.variable}"`}`,
    );
  if (connection?.source.startsWith('profile:') === true)
    words.push(`--profile ${quote(connection.source.slice('profile:'.length))}`);
  if (connection !== undefined) words.push(`--region ${connection.region}`);
  const endpoint = session.connected && connection?.source !== 'practice' ? session.clients.endpointUrl : undefined;
  if (endpoint !== undefined) words.push(`--endpoint-url ${endpoint}`);
  return words.join(' \\\n  ');
}

/** Finds the key by its alias: GetParametersForImport and ImportKeyMaterial take a key's id or ARN, but no alias. */
export function findKey(facts: Facts, services: Services): EquivalentCommand {
  const { alias } = need(facts, 'description');
  const key = facts.key === undefined ? '' : `: ${facts.key.keyArn}`;
  const ask = awsCommand(facts, services, 'kms describe-key', {
    'key-id': alias,
    query: 'KeyMetadata.Arn',
    output: 'text',
  });
  return { says: `Find the key by its alias${key}`, shell: `KEY_ARN=$(${ask})`, finds: keyArn.variable };
}
