import { basename } from 'node:path';
import { findCallerPrincipal } from '../aws/caller-principal.ts';
import { type Caller, readCaller } from '../aws/identity.ts';
import { describeKey, readMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { awsCommand } from './aws-command-line.ts';
import type { BackupCheck } from './check-facts.ts';
import { utc } from './dates.ts';
import { endpointFacts, endpointWords } from './endpoints.ts';
import { type Connection, type Facts, need } from './facts.ts';
import { reimportCommand } from './key-now.ts';
import { lookAtBackup } from './look-at-backup.ts';
import { noteSession } from './note-session.ts';
import { principalFacts } from './own-principal.ts';
import { type KeyferryStep, recordedFacts, type Services } from './services.ts';
import { confirmHosts, trustQuestion } from './trusted-endpoint.ts';

/** Reads which key a finished first import made, asks AWS for its state, and looks at the backup without opening it. */
export const recordedKey: KeyferryStep = {
  id: 'recorded-key',
  asks: [],
  asksInProblems: [trustQuestion],
  needs: [],
  provides: ['connection', 'secret', 'description', 'backup', 'key', 'imported', 'check'],
  title: 'Key',
  done: 'Key found',
  place: 'you',
  lasting: true,
  why: 'The record says which key the backup belongs to. AWS says how that key is now.',
  goesWrong: [
    'The folder of the ceremony is gone. Its journal says which key and which material the backup belongs to.',
    'The credentials are those of another account.',
  ],

  questions: () => [],

  commands({ services }) {
    const recorded = recordedFacts(services);
    return [
      {
        says: 'See the state of the key',
        shell: awsCommand(recorded, services, 'kms describe-key', { 'key-id': need(recorded, 'key').keyId }),
      },
    ];
  },

  async act({ services, report }) {
    const recorded = recordedFacts(services);
    const look = lookAtBackup(services);
    report({ id: 'file', label: `${basename(look.file)} is an age file`, state: 'done' });
    const connection = await connectAgain(need(recorded, 'connection'), services);
    const { keyId } = need(recorded, 'key');
    report({ id: 'key', label: 'Asking KMS about the key', state: 'working' });
    const { kms } = services.session.clients;
    const [{ KeyState = '' }, material] = await Promise.all([
      describeKey(kms, keyId),
      readMaterial(kms, keyId, need(recorded, 'imported').keyMaterialId),
    ]).catch((error: unknown) => {
      throw new ProblemError(explainAwsError(error, { what: "Can't look at the key.", state: nothingSent }));
    });
    if (material?.isImported !== true) throw new ProblemError(noMaterialProblem(keyId, KeyState, services));
    report({ id: 'key', label: `The key is ${KeyState}`, state: 'done' });
    const check: BackupCheck = {
      ...look,
      keyState: KeyState,
      validTo: material.validTo?.toISOString() ?? null,
      materialDescription: material.description ?? null,
    };
    return { ...factsForCheck(recorded), connection, check };
  },

  foresee({ services }) {
    const recorded = recordedFacts(services);
    const foreseenState = { keyState: 'Enabled', validTo: null, materialDescription: null };
    return {
      ...factsForCheck(recorded),
      connection: need(recorded, 'connection'),
      check: { ...lookAtBackup(services), ...foreseenState },
    };
  },

  async restore({ facts, services }) {
    const before = need(facts, 'connection');
    const now = await connectAgain(before, services);
    return endpointWords(now) === endpointWords(before) ? undefined : { connection: now };
  },

  receipt(facts) {
    const { keyState, validTo } = need(facts, 'check');
    const until = validTo === null ? 'its material does not expire' : `its material until ${utc(new Date(validTo))}`;
    return `Key found: ${need(facts, 'key').alias} is ${keyState}, ${until}`;
  },
};

/** Gives the facts of the first import that the check of a backup needs. */
function factsForCheck(recorded: Facts) {
  return {
    secret: need(recorded, 'secret'),
    description: need(recorded, 'description'),
    backup: need(recorded, 'backup'),
    key: need(recorded, 'key'),
    imported: need(recorded, 'imported'),
  };
}

/** How long AWS may take to say who the caller is, in milliseconds. */
const callerTimeoutMs = 15_000;

const nothingSent = 'Nothing was changed; the backup was not opened.';

/**
 * Connects to the account and the Region of the first import, and notes the session in the journal. The person may use other
 * credentials now. Returns the new connection.
 * @throws ProblemError when AWS does not answer, the credentials are of another account, or a host is not confirmed yet.
 */
async function connectAgain(before: Connection, services: Services): Promise<Connection> {
  const { session, preset } = services;
  const source = preset.source ?? before.source;
  const askCaller = async () =>
    readCaller(await session.connect(source, before.region), AbortSignal.timeout(callerTimeoutMs));
  const caller = await askCaller().catch((error: unknown) => {
    throw new ProblemError(explainAwsError(error, { what: "Can't connect to AWS.", state: nothingSent }));
  });
  if (caller.accountId !== before.accountId)
    throw new ProblemError({
      kind: 'fixable',
      what: "Can't check the backup in this account.",
      why: `The key is in account ${before.accountId}; the credentials now are of account ${caller.accountId}.`,
      state: nothingSent,
      next: [`Connect to account ${before.accountId}, for example with --profile.`],
    });
  noteSession(caller, source, services);
  const trust = confirmHosts('recorded-key', source, services, before.trustedHosts);
  // Of the earlier connection, only the place stays. This run may have other endpoints.
  const { region, accountId, partition } = before;
  return {
    source,
    region,
    accountId,
    partition,
    callerArn: caller.arn,
    ...(await principalOf(caller, before, services)),
    ...endpointFacts(source, session.clients),
    ...trust,
  };
}

/** Gives the facts about the ARN of the caller: those from before when the caller is the same, else by asking IAM. */
async function principalOf(caller: Caller, before: Connection, { session }: Services) {
  const { principalArn, unconfirmed } = before;
  if (caller.arn === before.callerArn) return { principalArn, ...(unconfirmed === undefined ? {} : { unconfirmed }) };
  return principalFacts(await findCallerPrincipal(session.clients, caller), caller);
}

function noMaterialProblem(keyId: string, state: string, services: Services) {
  return {
    kind: 'fixable',
    what: "Can't check the backup: KMS does not hold the material now.",
    why: `Key ${keyId} is ${state}. Its material has expired, was deleted, or is not known by the recorded id.`,
    state: nothingSent,
    endsHere: true,
    next: [`To bring it back, which is more than a check: ${reimportCommand(services)}`],
  } as const;
}
