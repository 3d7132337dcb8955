import { describeKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import type { Problem } from '../ceremony/problem.ts';
import { awsCommand, onOneLine } from './aws-command-line.ts';
import { madeBackup } from './backup-fact.ts';
import { checkBackupCommand } from './check-backup-command.ts';
import { utc } from './dates.ts';
import { expiryClause } from './expiry.ts';
import { type Facts, need, secretInKms } from './facts.ts';
import { keyElsewhere, keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** A problem with a code for programs: AWS's error code, the key state, or a name that Keyferry made in the same style. */
export type CodedProblem = Problem & { readonly code: string };

/** The state of a KMS key as KMS reported it at one moment, or the problem when KMS did not report it. */
export type KeyNow = {
  /** When KMS was asked, ISO 8601. */
  readonly asOf: string;
} & (
  | {
      readonly state: string;
      /** When the current material expires, ISO 8601, or null when it does not expire or is not there. */
      readonly validTo: string | null;
      /** When the key is deleted, if that is scheduled. */
      readonly deletionDate?: string;
    }
  | { readonly state: undefined; readonly problem: CodedProblem }
);

/** Asks KMS for the state of the key. Never throws: an error of KMS, or of a session without a connection, is in `problem`. */
export async function readKeyNow(facts: Facts, { session, clock }: Services): Promise<KeyNow> {
  const { keyId, alias } = need(facts, 'key');
  const asOf = () => clock().toISOString();
  try {
    const { KeyState = '', ValidTo, DeletionDate } = await describeKey(session.clients.kms, keyId);
    return {
      asOf: asOf(),
      state: KeyState,
      validTo: ValidTo?.toISOString() ?? null,
      ...(DeletionDate === undefined ? {} : { deletionDate: DeletionDate.toISOString() }),
    };
  } catch (error) {
    const what = `Can't see how ${alias} is now.`;
    const problem = explainAwsError(error, { what, state: 'Nothing was changed. The ceremony is finished.' });
    return { asOf: asOf(), state: undefined, problem: { ...problem, code: problem.code ?? 'KeyStateUnknown' } };
  }
}

/**
 * Says in which state the key is, and when KMS was asked: "alias/payments is Enabled in us-east-1, as of 2026-11-25 20:10
 * UTC."
 */
export function keyStateWords(facts: Facts, now: KeyNow): string {
  const { alias } = need(facts, 'key');
  const state = now.state === undefined ? 'in a state that KMS did not tell' : now.state;
  return `${alias} is ${state} in ${need(facts, 'connection').region}, as of ${utc(new Date(now.asOf))}.`;
}

/**
 * Gives the problem that prevents using the key of a finished ceremony or trusting its backup; `undefined` when the key is
 * Enabled, is not known to hold another secret, and has the expiry that was asked for.
 */
export function problemOfKey(facts: Facts, now: KeyNow, services: Services): CodedProblem | undefined {
  if (now.state !== 'Enabled') return problemOfState(facts, now, services);
  if (secretInKms(facts) === 'other') return otherSecretProblem(facts, services);
  return expiryNotAsAskedProblem(facts, now.validTo, services);
}

/** Gives the problem of a key that is not Enabled, or whose state KMS did not tell; `undefined` when the key is Enabled. */
export function problemOfState(facts: Facts, now: KeyNow, services: Services): CodedProblem | undefined {
  if (now.state === undefined) return now.problem;
  return now.state === 'Enabled' ? undefined : notEnabledProblem(facts, now, services);
}

/** Gives the keyferry command, as a person can run it in the current directory, that brings the material of this key back. */
export function reimportCommand({ folder, ownCommand, recorded }: Services, secret = recorded?.secret): string {
  // A key that is kept elsewhere has no copy here: it must be wrapped there again.
  const name = keyElsewhere(secret) === undefined ? 'reimport' : 'reimport-wrapped';
  return ownCommand(name, ...folder.workdirWords);
}

/**
 * Gives the keyferry command, as a person can run it in the current directory, that changes when the material expires. For a key
 * that is kept elsewhere, that is a reimport, because its keeper must wrap it again.
 */
export function expiryCommand(services: Services, secret = services.recorded?.secret): string {
  if (keyElsewhere(secret) !== undefined) return reimportCommand(services, secret);
  return services.ownCommand('expiry', ...services.folder.workdirWords);
}

/** Makes the problem of a key that is not Enabled. It says what to do about the state of the key. */
export function notEnabledProblem(
  facts: Facts,
  now: Extract<KeyNow, { state: string }>,
  services: Services,
): CodedProblem {
  const { alias, keyId } = need(facts, 'key');
  const { state } = now;
  const problem = {
    kind: 'fixable',
    what: `${alias} cannot be used: it is ${state}, as of ${utc(new Date(now.asOf))}.`,
    code: state,
    state: 'What was encrypted under it is still there, but cannot be read until the key can be used again.',
  } as const;
  const commandFor = (operation: string) =>
    onOneLine(awsCommand(facts, services, `kms ${operation}`, { 'key-id': keyId }));
  switch (state) {
    case 'PendingImport': {
      const validTo = facts.imported?.validTo;
      const hasExpired = typeof validTo === 'string' && validTo <= now.asOf;
      return {
        ...problem,
        why: hasExpired
          ? `Its material expired at ${utc(new Date(validTo))}.`
          : 'KMS does not hold its material any more: it was deleted, or it has expired.',
        next: [
          `Bring the same 32 bytes back into this same KMS key: ${reimportCommand(services, facts.secret ?? services.recorded?.secret)}`,
          'Do not delete the key: no other one can read what it has encrypted.',
        ],
      };
    }
    case 'Disabled':
      return { ...problem, why: 'Somebody has disabled it.', next: [`To enable it: ${commandFor('enable-key')}`] };
    case 'PendingDeletion': {
      const date = now.deletionDate === undefined ? '' : ` for ${utc(new Date(now.deletionDate))}`;
      return {
        ...problem,
        why: `Its deletion is scheduled${date}. After that nobody can ever read what it has encrypted.`,
        next: [`To keep it: ${commandFor('cancel-key-deletion')}`, `Then enable it: ${commandFor('enable-key')}`],
      };
    }
    default:
      return { ...problem, why: 'This is what KMS says; it gives no reason.', next: ['Look again in a few minutes.'] };
  }
}

/**
 * Gives the problem of material that was imported with another expiry than was asked for; `undefined` when it got the right one, or
 * when the expiry was changed since.
 * @param validTo the expiry that KMS told just now, ISO 8601, or null for never.
 */
function expiryNotAsAskedProblem(facts: Facts, validTo: string | null, services: Services): CodedProblem | undefined {
  const { otherExpiry, validTo: toldThen } = need(facts, 'imported');
  if (otherExpiry === undefined || validTo !== toldThen) return undefined;
  const { asked, told } = otherExpiry;
  return {
    kind: 'fixable',
    what: 'KMS tells another expiry of the material than you asked for.',
    code: 'OtherExpiry',
    why: `You asked that it ${expiryClause(asked)}. KMS ${told === 'not told' ? 'tells no expiry' : `says that it ${expiryClause(told)}`}.`,
    state: 'The key works, with the bytes that you imported.',
    next: [
      `To import the same bytes again with the expiry that you want: ${expiryCommand(services)}`,
      'If KMS tells another one again, find out what answers in its place: env | grep -iE "proxy|AWS_ENDPOINT"',
    ],
  };
}

/** Makes the problem of a key whose bytes in KMS are not the secret of the ceremony. */
function otherSecretProblem(facts: Facts, services: Services): CodedProblem {
  // Keyferry can let KMS compare only a secret whose bytes were here, so this one has a check value.
  const checkValue = keyHere(need(facts, 'secret'))?.checkValue.value;
  const backup = madeBackup(need(facts, 'backup'));
  const copies = backup === undefined ? 'No backup of them was made' : `${backup.file} is NOT their backup`;
  return {
    kind: 'fixable',
    what: 'The secret of this ceremony is not the key in KMS.',
    code: 'OtherKeyMaterial',
    why: `You wrapped other bytes than the secret of this ceremony, whose check value is ${checkValue}: KMS has compared them. The check value of the bytes in KMS is not known here.`,
    state: `The key works, with the bytes that you wrapped. ${copies}.`,
    next: [
      'Find the bytes that you wrapped, and keep a copy safe.',
      `To prove a copy: encrypt it with age, then ${checkBackupCommand(services, 'FILE')}`,
      'If they are lost, make another key before these expire or are deleted.',
    ],
  };
}
