import type { KeyMetadata } from '@aws-sdk/client-kms';
import { describeKey } from '../aws/kms.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand, onOneLine } from './aws-command-line.ts';
import { utc } from './dates.ts';
import type { Facts } from './facts.ts';
import { missingOf, readMaterialsOf } from './materials.ts';
import type { Services } from './services.ts';

// Pages: KMS developer guide, "Create a KMS key with imported key material", "Key states of AWS KMS keys".

type Context = Pick<ActContext<Facts, Services>, 'facts' | 'services' | 'pause'>;

/** The state in a problem when Keyferry has only asked KMS. */
export const nothingSent = 'Nothing was sent or changed.';

/** How many times Keyferry asks KMS at most, while the list of KMS still has material that was just deleted. */
const mostLooks = 5;

/**
 * Asks KMS for the state of the key and for its materials. The list of materials may lag behind the state. While the two
 * contradict each other, waits and asks again.
 * @param wanted the key's id, ARN or alias.
 * @param purpose sentences for the problems. They depend on what the person wants to do with the key.
 * @returns the key's metadata from DescribeKey, and all its materials.
 * @throws ProblemError when no material can be imported into the key, when it never had any, or when the contradiction stays.
 */
export async function lookAtKey({ facts, services, pause }: Context, wanted: string, purpose: LookPurpose) {
  const { kms } = services.session.clients;
  for (let tries = 1; ; tries += 1) {
    const metadata = await describeKey(kms, wanted);
    const unfit = unfitProblem(metadata, services, facts, purpose);
    if (unfit !== undefined) throw new ProblemError(unfit);
    const { KeyId: keyId = '', Arn: keyArn = '', KeyState, MultiRegionConfiguration } = metadata;
    const listed = await readMaterialsOf(kms, keyId, services);
    if (listed.length === 0) throw new ProblemError(neverImportedProblem(keyArn, purpose, services));
    // A replica lists the description that its primary key has; an import into a replica must not send it again.
    const isReplica = MultiRegionConfiguration?.MultiRegionKeyType === 'REPLICA';
    const all = isReplica ? listed.map((material) => ({ ...material, description: null })) : listed;
    // In the state PendingImport, material must be missing.
    if (KeyState !== 'PendingImport' || missingOf(all).length > 0) return { metadata, all };
    if (tries === mostLooks) throw new ProblemError(contradictionProblem);
    // Pauses of 2, 4, 8 and 16 seconds.
    await pause({ label: 'KMS still lists all material as there', next: tries + 1, milliseconds: 1000 * 2 ** tries });
  }
}

/** What a problem says about a key into which Keyferry cannot import. It depends on what the person wants to do with the key. */
export type Purpose = {
  /** The beginning of a sentence that ends with the id of the key: "Can't import into". */
  readonly what: string;
  /** What to do when the origin of the key is not EXTERNAL. */
  readonly otherOrigin: string;
  /** What will be impossible when the key is deleted. */
  readonly afterDeletion: string;
};

/** The purpose of a look at a key that must have had material. `neverHad` says what did not happen when it had none. */
export type LookPurpose = Purpose & { readonly neverHad: string };

/**
 * Gives the problem of a key into which Keyferry cannot import: its origin, its kind or its deletion. `undefined` when Keyferry
 * can.
 */
export function unfitProblem(
  metadata: KeyMetadata,
  services: Services,
  facts: Facts,
  purpose: Purpose,
): Problem | undefined {
  const { KeyId = '', Origin, KeyState, DeletionDate, KeySpec } = metadata;
  const problem = { kind: 'fixable', what: `${purpose.what} ${KeyId}.`, state: nothingSent } as const;
  if (Origin !== 'EXTERNAL')
    return {
      ...problem,
      why: `Its origin is ${Origin}: material is imported only into keys with the origin EXTERNAL.`,
      next: [purpose.otherOrigin],
    };
  if (KeySpec !== 'SYMMETRIC_DEFAULT')
    return {
      ...problem,
      why: `It is a key of the kind ${KeySpec}; Keyferry imports SYMMETRIC_DEFAULT.`,
      next: ['Import its material with the aws command.'],
    };
  if (KeyState === 'PendingDeletion' || KeyState === 'PendingReplicaDeletion') {
    const date = DeletionDate === undefined ? '' : ` at ${utc(DeletionDate)}`;
    const cancelCommand = awsCommand(facts, services, 'kms cancel-key-deletion', { 'key-id': KeyId });
    return {
      ...problem,
      code: KeyState,
      why: `It will be deleted${date}. ${purpose.afterDeletion}`,
      next: [`To keep it: ${onOneLine(cancelCommand)}`, 'Then start again.'],
    };
  }
  return undefined;
}

function neverImportedProblem(keyArn: string, { neverHad }: LookPurpose, { ownCommand }: Services): Problem {
  return {
    kind: 'fixable',
    what: neverHad,
    why: `${keyArn} waits for its first import. No earlier material says which bytes belong to it.`,
    state: nothingSent,
    next: [
      'Where a ceremony of Keyferry made the key, finish that one.',
      `Where somebody else made it: ${ownCommand('import-existing', keyArn)}`,
    ],
  };
}

const contradictionProblem = {
  kind: 'waiting',
  what: "Can't see which material is missing.",
  why: 'KMS says that the key is PendingImport, and lists all of its materials as there. Its list lags behind.',
  state: nothingSent,
  next: ['Wait a minute, then try again.'],
} as const;
