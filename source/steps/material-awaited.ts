import type { Facts } from './facts.ts';
import { missingOf } from './materials.ts';

/** Says what has not changed when nothing was imported: the key still waits for its material, or it has what it had. */
export function materialState({ materials }: Facts): string {
  return materials === undefined || missingOf(materials.all).length > 0
    ? 'The KMS key still waits for its material'
    : 'The KMS key has the material that it had';
}
