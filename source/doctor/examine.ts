import { type AwsClients, openClients } from '../aws/clients.ts';
import { askedUrls } from '../aws/connecting.ts';
import { credentialsOf } from '../aws/credentials.ts';
import { MfaCode } from '../aws/mfa-code.ts';
import type { Patience } from '../aws/patience.ts';
import type { ServiceName } from '../aws/service-clients.ts';
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

/** What an examination needs: what it checks beside AWS, and the functions with which it reports and asks. */
export type Examination = {
  readonly terminal: Terminal;
  /** The folder in which a ceremony would begin, the umask of this process, and the folders of ceremonies nearby. */
  readonly folder: { readonly path: string; readonly umask: number; readonly ceremonies: CeremonyFolders };
  readonly env: Settings;
  /** Gets the result of each check as soon as it is known. */
  readonly tell: (check: Check) => void;
  /** Lets the person type the code of their MFA device; `undefined` when no person can type. */
  readonly ask: ((question: SecretQuestion) => Promise<void>) | undefined;
  readonly waiting: Pick<Waiting, 'pause' | 'expect'>;
  readonly signal: AbortSignal;
  /** Other limits than the usual ones, for tests. */
  readonly limits?: { readonly probeMs: number; readonly patience: Patience };
};

/**
 * Checks everything that Keyferry needs, and changes nothing. Checks this machine first, then AWS, all endpoints at once. When a
 * setting cannot be followed, AWS is not asked, and the results of those checks say so.
 * @returns the results in the order in which they became known.
 * @throws the reason of the signal once the person stops.
 */
export async function examine(place: Place, examination: Examination): Promise<readonly Check[]> {
  const checks: Check[] = [];
  const { terminal, folder, env, signal, ask } = examination;
  const addCheck = (check: Check) => {
    checks.push(check);
    examination.tell(check);
  };
  addCheck(checkNode(process.versions));
  addCheck(checkTerminal(terminal, env));
  addCheck(checkFolder(folder.path, folder.umask));
  addCheck(checkCeremonyFolders(folder.ceremonies));
  const config = await readSharedConfig();
  const profile = checkProfile(place, { config, env });
  addCheck(profile.check);
  const { check: settingsCheck, settings } = checkSettings(place, { config, env });
  addCheck(settingsCheck);
  const mfa = new MfaCode();
  const isRefused = settingsCheck.state === 'fails';
  const clientsOrRefusal = isRefused ? settingRefusal : await tryToOpenClients(place, examination, mfa);
  const clients = 'why' in clientsOrRefusal ? undefined : clientsOrRefusal;
  try {
    addCheck(checkProxy(env, clients === undefined ? askedUrls(settings, place.region) : urlsOf(clients)));
    addCheck(checkAuthorities(env, settings));
    if ('why' in clientsOrRefusal) {
      for (const skipped of checksWithoutAws(clientsOrRefusal)) addCheck(skipped);
      return checks;
    }
    const device = profile.method?.mfa;
    // The person types the code first: the checks below run at the same time, and their lines would come in between.
    if (device !== undefined && ask !== undefined) await ask(mfa.questionFor(device.profile, device.serial));
    await Promise.all([
      checkEndpoints(clientsOrRefusal, examination, addCheck),
      checkIdentity(clientsOrRefusal, signal).then(addCheck),
    ]);
    return checks;
  } finally {
    mfa.forget();
    clients?.close();
  }
}

const services = ['kms', 's3', 'iam', 'sts'] as const satisfies readonly ServiceName[];

const urlsOf = ({ endpoints }: AwsClients) => services.map((service) => endpoints[service].url);

/** Why no clients can be opened, so that AWS is not asked. */
type Refusal = { readonly why: string };

const settingRefusal: Refusal = { why: 'A setting above cannot be followed.' };

/** Opens the AWS clients, or says which setting prevents that. The caller must close the clients. */
async function tryToOpenClients(
  { source, region, endpointUrl }: Place,
  { waiting, limits }: Examination,
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

/** Checks all endpoints at once, and then the clock by the answers of STS and KMS. Adds each result as soon as it is known. */
async function checkEndpoints(
  clients: AwsClients,
  { waiting, signal, limits }: Examination,
  addCheck: (check: Check) => void,
): Promise<void> {
  const { expect } = waiting;
  const probes = await Promise.all(
    services.map(async (service) => {
      const limitMs = limits === undefined ? {} : { limitMs: limits.probeMs };
      const { check, probe } = await checkEndpoint(service, clients, { signal, expect, ...limitMs });
      addCheck(check);
      return [service, probe] as const;
    }),
  );
  const probeOf = Object.fromEntries(probes);
  addCheck(
    checkClock([
      ['STS', probeOf.sts],
      ['KMS', probeOf.kms],
    ]),
  );
}

/**
 * Gives the results of all checks that would ask AWS, when AWS cannot be asked. The check of the identity fails, with the
 * reason; the others are unknown.
 */
function checksWithoutAws({ why }: Refusal): readonly Check[] {
  return [
    ...services.map((service) => unknownCheck(`endpoint-${service}`, `${service.toUpperCase()} was not asked.`)),
    unknownCheck('clock', 'The clock was not compared.'),
    { ...unknownCheck('identity', 'AWS was not asked who you are.'), state: 'fails', why },
  ];
}
