import type { KeyMetadata } from '@aws-sdk/client-kms';
import { describeKey } from '../aws/kms.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand } from './aws-command-line.ts';
import { utc } from './dates.ts';
import type { Facts } from './facts.ts';
import { missingOf, readMaterialsOf } from './materials.ts';
import type { Services } from './services.ts';

type Context = Pick<ActContext<Facts, Services>, 'facts' | 'services' | 'pause'>;

/** What a problem says when Keyferry has only asked KMS. */
export const nothingSent = 'Nothing was sent or changed.';

/** How many times Keyferry asks at most while KMS still lists material that it has just deleted. */
const mostLooks = 5;

/**
 * Asks KMS for the state of the key and for its materials. The list of materials may lag behind the state. When they
 * contradict each other, asks again after a pause.
 * @param wanted the key's id, ARN or alias.
 * @param purpose what the person wants to do with the key, for problems.
 * @returns the key's metadata from DescribeKey, and all its materials.
 * @throws ProblemError when no material can be imported into the key, or when the contradiction stays.
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
    if (KeyState !== 'PendingImport' || missingOf(all).length > 0) return { metadata, all };
    if (tries === mostLooks) throw new ProblemError(contradictionProblem);
    await pause({ label: 'KMS still lists all material as there', next: tries + 1, milliseconds: 1000 * 2 ** tries });
  }
}

/** What a person is told about a key that takes no material. It depends on what the material was for. */
export type Purpose = { readonly what: string; readonly otherOrigin: string; readonly afterDeletion: string };

/** The same of a key that must have had material. `neverHad`: what did not happen where it has not. */
export type LookPurpose = Purpose & { readonly neverHad: string };

/** Gives the problem of a key into which no material can be imported; `undefined` when it can. */
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
    const cancel = awsCommand(facts, services, 'kms cancel-key-deletion', { 'key-id': KeyId });
    return {
      ...problem,
      code: KeyState,
      why: `It will be deleted${date}. ${purpose.afterDeletion}`,
      next: [`To keep it: ${cancel.replaceAll(' \\\n  ', ' ')}`, 'Then start again.'],
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
