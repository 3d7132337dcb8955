import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Problem } from '../ceremony/problem.ts';
import type { Facts } from './facts.ts';
import { nothingSent, unfitProblem } from './look-at-key.ts';
import type { Services } from './services.ts';

/** The answer of DescribeKey, and whether KMS lists materials of the key: `undefined` when nobody asked or it is not allowed. */
type KeyLook = { readonly metadata: KeyMetadata; readonly listsMaterials?: boolean | undefined };

/**
 * Says why a key takes no first material: it has another origin or kind, will be deleted, is a replica, has or had material, or is
 * in a state that soon passes. A key that had material takes only the same bytes back. After an expiry or a deletion of the
 * material, KMS keeps the id of it in CurrentKeyMaterialId. KMS developer guide, "Reimport key material".
 * @returns the problem and what to do about it, or `undefined` when the key waits for its first material.
 */
export function unfitForFirst(
  { metadata, listsMaterials }: KeyLook,
  services: Services,
  facts: Facts,
): Problem | undefined {
  const { KeyId = '', KeyState = '', CurrentKeyMaterialId, MultiRegionConfiguration } = metadata;
  const unfit = unfitProblem(metadata, services, facts, toImport);
  if (unfit !== undefined) return unfit;
  const problem = { kind: 'fixable', what: `${toImport.what} ${KeyId}.`, state: nothingSent } as const;
  const reimport = services.ownCommand('reimport');
  const forOtherBytes = 'For other bytes, make another key.';
  if (MultiRegionConfiguration?.MultiRegionKeyType === 'REPLICA')
    return {
      ...problem,
      why: `It is a replica of ${MultiRegionConfiguration.PrimaryKey?.Arn}, and takes only the bytes that its primary has.`,
      next: [`Bring these from a copy: ${reimport}`, forOtherBytes],
    };
  const hasMaterialNow = KeyState === 'Enabled' || KeyState === 'Disabled';
  if (hasMaterialNow)
    return {
      ...problem,
      code: KeyState,
      why: `It is ${KeyState}: it has its material already.`,
      next: [`To change when that expires: ${services.ownCommand('expiry', '--key', KeyId)}`, forOtherBytes],
    };
  if (CurrentKeyMaterialId !== undefined || listsMaterials === true)
    return {
      ...problem,
      why: 'It had material before, and takes only the same bytes back. KMS refuses any others: IncorrectKeyMaterialException.',
      next: [`Bring them back from a copy: ${reimport}`, forOtherBytes],
    };
  if (KeyState === 'PendingImport') return undefined;
  return {
    ...problem,
    kind: 'waiting',
    code: KeyState,
    why: `It is ${KeyState} now, and takes no material as long as that lasts.`,
    next: ['Wait a minute, then try again.'],
  };
}

/** The words of a first import for {@link unfitProblem}. */
const toImport = {
  what: "Can't import the first material into",
  otherOrigin: 'Name a key that was made with the origin EXTERNAL: the origin of a key never changes.',
  afterDeletion: 'After that nothing can be imported into it.',
};
