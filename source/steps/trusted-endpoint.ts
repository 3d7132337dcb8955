import type { AwsClients } from '../aws/clients.ts';
import { isOwnEndpoint } from '../aws/own-endpoint.ts';
import type { ServiceName } from '../aws/service-clients.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ProblemPhrase } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import { type Endpoints, endpointWords } from './endpoints.ts';
import type { Connection, Source } from './facts.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

// Pages: KMS API reference, GetParametersForImport.

/** The name of the answer that confirms the hosts. */
export const trustQuestion = 'trust-endpoint';

/** Gives the hosts of the endpoints in use that replace AWS's own and are not AWS's own themselves. None for practice AWS. */
function foreignHosts(source: Source, clients: AwsClients): readonly string[] {
  if (source === 'practice' || clients.answersAsPractice()) return [];
  const replaced = Object.values(clients.endpoints).filter(({ url, isOverride }) => isOverride && !isOwnEndpoint(url));
  return [...new Set(replaced.map(({ url }) => new URL(url).host))];
}

/**
 * Makes sure that the person has typed the host of every endpoint that is neither AWS's own nor practice AWS: KMS signs nothing,
 * so whoever answers there could hand out a wrapping key of their own. The session must be connected.
 * @param confirmed hosts that were confirmed in an earlier run.
 * @returns the hosts of such endpoints; an empty object when there are none.
 * @throws ProblemError with the question for a host that is not confirmed yet.
 */
export function confirmHosts(
  step: StepId,
  source: Source,
  services: Services,
  confirmed: readonly string[] = [],
): Pick<Connection, 'trustedHosts'> {
  const hosts = foreignHosts(source, services.session.clients);
  const unconfirmed = hosts.find((host) => !confirmed.includes(host) && !services.trusted.has(host));
  if (unconfirmed !== undefined)
    throw new ProblemError({
      kind: 'fixable',
      what: `Can't go on with ${unconfirmed} before its name is typed.`,
      why: foreignWords(unconfirmed),
      state: 'Nothing was made, changed or wrapped.',
      next: nextSteps(step, unconfirmed),
      ask: hostQuestion(unconfirmed, foreignWords(unconfirmed), services),
    });
  return hosts.length === 0 ? {} : { trustedHosts: hosts };
}

/**
 * Makes sure that the person knows of each service that has another endpoint than before, also when AWS's own endpoint is back.
 * @throws ProblemError that names both endpoints, with the question for the present host.
 */
export function confirmMoved(
  step: StepId,
  { before, now }: { readonly before: Endpoints; readonly now: Endpoints },
  clients: AwsClients,
  services: Services,
): void {
  const moved = (['kms', 's3', 'iam', 'sts'] as const).filter(
    (service) => urlOf(service, before) !== urlOf(service, now),
  );
  const hosts = moved.map((service) => new URL(clients.endpoints[service].url).host);
  const host = hosts.find((each) => !services.trusted.has(each));
  if (host === undefined) return;
  const why = `Until now it was ${endpointOrAws(before)}; now it would be ${endpointOrAws(now)}.`;
  const flag = before.endpoint === undefined ? '' : ` with --endpoint-url ${quote(before.endpoint)}`;
  throw new ProblemError({
    kind: 'fixable',
    what: 'This ceremony would go on at another endpoint than before.',
    why,
    state: 'Nothing was sent or changed.',
    next: [`To continue it as it was begun, start Keyferry again${flag}.`, ...nextSteps(step, host)],
    ask: hostQuestion(host, `This ceremony goes on at another endpoint than before. ${why}`, services),
  });
}

/** Gives the URL that replaces AWS's own endpoint of a service; `undefined` when none does. */
const urlOf = (service: ServiceName, { endpoint, endpoints }: Endpoints) => endpoint ?? endpoints?.[service];

/** Says which endpoints a ceremony uses, as the end of a sentence: `at https://kms.example.com`. */
const endpointOrAws = (place: Endpoints) => endpointWords(place).trim() || "at AWS's own endpoints";

/** Says what an endpoint that is not AWS's own could do. */
function foreignWords(host: string): string {
  return `${host} is no endpoint of AWS. KMS does not sign what it sends, so whoever answers there can hand out a wrapping key of their own, and read your secret.`;
}

/** Says what a person can do about a host whose name is not typed yet. */
function nextSteps(step: StepId, host: string): readonly string[] {
  return [
    `If you know who runs ${host}, confirm it with an answer: ${step}.${trustQuestion}: ${host}`,
    'Or find out what names it: --endpoint-url, AWS_ENDPOINT_URL in the environment, endpoint_url of the profile.',
  ];
}

/** Asks the person to type the name of a host that is to be trusted in this run. */
function hostQuestion(host: string, help: string, { trusted }: Services): ProblemPhrase {
  return {
    kind: 'phrase',
    id: trustQuestion,
    ask: `Do you trust ${host}? Type its name to go on.`,
    label: 'Endpoint',
    form: `the host, ${host}`,
    phrase: host,
    decline: 'stop',
    help,
    confirm: () => trusted.add(host),
  };
}
