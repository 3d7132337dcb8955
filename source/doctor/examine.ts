import { type AwsClients, openClients, type ServiceName } from '../aws/clients.ts';
import { askedUrls } from '../aws/connecting.ts';
import { credentialsOf } from '../aws/credentials.ts';
import { MfaCode } from '../aws/mfa-code.ts';
import type { Patience } from '../aws/patience.ts';
import { SettingsError } from '../aws/settings-error.ts';
import { readSharedConfig, type Settings } from '../aws/shared-config.ts';
import type { SecretQuestion } from '../ceremony/question.ts';
import type { Waiting } from '../ceremony/waiting.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import { checkAuthorities } from './authorities-check.ts';
import { type CeremonyFolders, checkCeremonyFolders } from './ceremony-folders-check.ts';
import { type Check, unknownCheck } from './check.ts';
import { checkClock } from './clock-check.ts';
import { checkEndpoint } from './endpoint-check.ts';
import { checkFolder } from './folder-check.ts';
import { checkIdentity } from './identity-check.ts';
import { checkNode } from './node-check.ts';
import type { Place } from './place.ts';
import { checkProfile } from './profile-check.ts';
import { checkProxy } from './proxy-check.ts';
import { checkSettings } from './settings-check.ts';
import { checkTerminal } from './terminal-check.ts';

/** What to look at beside AWS, and whom to tell. */
export type Looking = {
  readonly terminal: Terminal;
  readonly folder: { readonly path: string; readonly umask: number; readonly ceremonies: CeremonyFolders };
  readonly env: Settings;
  /** Gets each check as soon as it is known. */
  readonly tell: (check: Check) => void;
  /** Lets the person type the code of their MFA device; absent where nobody can. */
  readonly ask: ((question: SecretQuestion) => Promise<void>) | undefined;
  readonly waiting: Pick<Waiting, 'pause' | 'expect'>;
  readonly signal: AbortSignal;
  /** Other limits than the usual ones, for tests. */
  readonly limits?: { readonly probeMs: number; readonly patience: Patience };
};

/**
 * Looks at all that Keyferry needs, and changes nothing: first at this machine, then at AWS, at all endpoints at once.
 * @throws the reason of the signal once the person stops.
 */
export async function examine(place: Place, looking: Looking): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const tell = (check: Check) => {
    checks.push(check);
    looking.tell(check);
  };
  const { terminal, folder, env, signal } = looking;
  tell(checkNode(process.versions));
  tell(checkTerminal(terminal, env));
  tell(checkFolder(folder.path, folder.umask));
  tell(checkCeremonyFolders(folder.ceremonies));
  const config = await readSharedConfig();
  const profile = checkProfile(place, { config, env });
  tell(profile.check);
  const { check, settings } = checkSettings(place, { config, env });
  tell(check);
  const mfa = new MfaCode();
  const opened = check.state === 'fails' ? refusal : await clientsOf(place, looking, mfa);
  const clients = 'why' in opened ? undefined : opened;
  try {
    tell(checkProxy(env, clients === undefined ? askedUrls(settings, place.region) : urlsOf(clients)));
    tell(checkAuthorities(env, settings));
    if ('why' in opened) {
      for (const one of unasked(opened)) tell(one);
      return checks;
    }
    if (profile.way?.mfa !== undefined && looking.ask !== undefined)
      await looking.ask(mfa.questionFor(profile.way.mfa.profile, profile.way.mfa.serial));
    await Promise.all([askEndpoints(opened, looking, tell), checkIdentity(opened, signal).then(tell)]);
    return checks;
  } finally {
    mfa.forget();
    clients?.close();
  }
}

const services = ['kms', 's3', 'iam', 'sts'] as const satisfies readonly ServiceName[];

const urlsOf = ({ endpoints }: AwsClients) => services.map((service) => endpoints[service].url);

type Refusal = { readonly why: string };

const refusal: Refusal = { why: 'A setting above cannot be followed.' };

/** Opens the clients, or says which setting prevents it. */
async function clientsOf(
  { source, region, endpointUrl }: Place,
  { waiting, limits }: Looking,
  mfa: MfaCode,
): Promise<AwsClients | Refusal> {
  const isPractice = typeof source === 'object';
  try {
    return await openClients({
      credentials: isPractice ? { from: 'fixed', ...source.credentials } : credentialsOf(source),
      region,
      endpointUrl: isPractice ? source.endpoint : endpointUrl,
      onCall: () => {},
      pause: waiting.pause,
      expect: waiting.expect,
      mfa,
      ...(limits === undefined ? {} : { patience: limits.patience }),
    });
  } catch (error) {
    if (error instanceof SettingsError) return { why: error.failure.why };
    throw error;
  }
}

async function askEndpoints(
  clients: AwsClients,
  { waiting, signal, limits }: Looking,
  tell: (check: Check) => void,
): Promise<void> {
  const { expect } = waiting;
  const probes = await Promise.all(
    services.map(async (service) => {
      const limit = limits === undefined ? {} : { limitMs: limits.probeMs };
      const { check, probe } = await checkEndpoint(service, clients, { signal, expect, ...limit });
      tell(check);
      return [service, probe] as const;
    }),
  );
  const named = Object.fromEntries(probes);
  tell(
    checkClock([
      ['STS', named.sts],
      ['KMS', named.kms],
    ]),
  );
}

function unasked({ why }: Refusal): readonly Check[] {
  return [
    ...services.map((service) => unknownCheck(`endpoint-${service}`, `${service.toUpperCase()} was not asked.`)),
    unknownCheck('clock', 'The clock was not compared.'),
    { ...unknownCheck('identity', 'AWS was not asked who you are.'), state: 'fails', why },
  ];
}
