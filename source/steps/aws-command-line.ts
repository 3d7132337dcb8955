import { quote } from '../record/shell.ts';
import type { Facts } from './facts.ts';
import type { Services } from './services.ts';

/**
 * An aws command line that does the same as a call of ours, in the same account and Region.
 * @param call service and operation, already quoted.
 * @param options by name without dashes; true gives a bare flag, and text that is not a plain word is quoted.
 */
export function awsCommand(
  { connection }: Facts,
  { session }: Services,
  call: string,
  options: Readonly<Record<string, string | true>> = {},
): string {
  const words = [`aws ${call}`];
  for (const [name, value] of Object.entries(options))
    words.push(value === true ? `--${name}` : `--${name} ${quote(value)}`);
  if (connection?.source.startsWith('profile:') === true)
    words.push(`--profile ${quote(connection.source.slice('profile:'.length))}`);
  if (connection !== undefined) words.push(`--region ${connection.region}`);
  const endpoint = session.connected ? session.clients.endpointUrl : undefined;
  if (endpoint !== undefined) words.push(`--endpoint-url ${endpoint}`);
  return words.join(' \\\n  ');
}
