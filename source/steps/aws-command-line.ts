import { profileInSource } from '../aws/environment.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import { type Connection, type Facts, need, type Source } from './facts.ts';
import type { Services } from './services.ts';

/** A shell variable by its name. A command line gets its value in double quotes, so that the shell does not split it. */
type Variable = { readonly variable: string };

/** The shell variable with the key's ARN, set by {@link findKeyCommand} and by the command that makes the key. */
export const keyArnVariable: Variable = { variable: 'KEY_ARN' };

/** The connection that a command uses. Absent before the step `connect`: then the command names no profile and no Region. */
type MaybeConnected = { readonly connection?: Pick<Connection, 'source' | 'region'> };

/** Between the lines of a command: a backslash, which tells the shell that the command goes on, and an indent. */
export const lineBreak = ' \\\n  ';

/**
 * The beginning of a command that makes aws-cli use the role of the machine or container: it hides the credentials that
 * aws-cli would prefer to this role.
 */
const withRoleAlone =
  'env -u AWS_ACCESS_KEY_ID -u AWS_PROFILE -u AWS_DEFAULT_PROFILE \\\n  AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null';

/**
 * Gives the aws command line that does the same as a call of this program, as the same identity in the same account and
 * Region. For practice AWS the command names no credentials; see {@link endpointWord} for its endpoint.
 * @param call service, operation and positional arguments, already quoted for the shell.
 * @param options values by the option's name without dashes. `true` gives a flag without a value. This function quotes text
 * for the shell.
 */
export function awsCommand(
  { connection }: MaybeConnected,
  services: Services,
  call: string,
  options: Readonly<Record<string, string | true | Variable>> = {},
): string {
  const { environment } = services;
  // `environment.source` says which credentials aws-cli would choose here by itself.
  const mustForceRole = connection?.source === 'instance-role' && environment.source !== 'instance-role';
  const parts = [mustForceRole ? `${withRoleAlone} aws ${call}` : `aws ${call}`];
  for (const [name, value] of Object.entries(options)) parts.push(optionText(name, value));
  const profile = connection === undefined ? undefined : profileInSource(connection.source);
  if (profile !== undefined) parts.push(`--profile ${quote(profile)}`);
  if (connection !== undefined) parts.push(`--region ${quote(connection.region)}`);
  const endpoint = endpointWord(connection?.source, services);
  if (endpoint !== undefined) parts.push(`--endpoint-url ${endpoint}`);
  return parts.join(lineBreak);
}

/**
 * Gives the endpoint of a command as a word for the shell, or `undefined` when aws-cli finds the endpoint itself. Practice AWS
 * has another port in each run. So only a command that a person can paste during this run (`practiceNow`) names this port. Any
 * other command takes the endpoint from the variable that `keyferry practice-aws` prints. When this variable is not set, aws-cli
 * refuses the empty value and sends nothing.
 */
function endpointWord(source: Source | undefined, { session, practiceNow }: Services): string | undefined {
  if (source === 'practice') return practiceNow?.endpoint ?? '"$AWS_ENDPOINT_URL"';
  const { endpointUrl } = session.isConnected ? session.clients : {};
  return endpointUrl === undefined ? undefined : quote(endpointUrl);
}

/** Writes a command of several lines on one line, for use inside a sentence. */
export function onOneLine(command: string): string {
  return command.replaceAll(lineBreak, ' ');
}

/** Writes one option of a command line: `--NAME` or `--NAME VALUE`. */
function optionText(name: string, value: string | true | Variable): string {
  if (value === true) return `--${name}`;
  if (typeof value !== 'string') return `--${name} "$${value.variable}"`;
  // aws-cli would take a value that begins with a hyphen for another option, unless `=` comes before the value.
  return `--${name}${value.startsWith('-') ? '=' : ' '}${quote(value)}`;
}

/**
 * Gives the command that sets {@link keyArnVariable} to the ARN of the key with the alias of this ceremony. Later commands
 * need the ARN: GetParametersForImport and ImportKeyMaterial take a key's id or ARN, but no alias.
 */
export function findKeyCommand(facts: Facts, services: Services): EquivalentCommand {
  return findNamedKeyCommand(facts, services, need(facts, 'description').alias);
}

/**
 * Gives the command that sets {@link keyArnVariable} to the ARN of the key with this name.
 * @param name an alias, or the id or ARN of a key that has no alias.
 */
export function findNamedKeyCommand(facts: Facts, services: Services, name: string): EquivalentCommand {
  const knownArn = facts.key === undefined ? '' : `: ${facts.key.keyArn}`;
  const kind = name.startsWith('alias/') ? 'alias' : 'name';
  const readArn = awsCommand(facts, services, 'kms describe-key', {
    'key-id': name,
    query: 'KeyMetadata.Arn',
    output: 'text',
  });
  return {
    says: `Find the key by its ${kind}${knownArn}`,
    shell: `KEY_ARN=$(${readArn})`,
    makes: keyArnVariable.variable,
  };
}
