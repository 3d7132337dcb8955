import assert from 'node:assert/strict';
import { WrappingPublicKey } from '../../source/material/wrap.ts';
import type { WrappingKeySpec } from '../../source/material/wrapping-algorithms.ts';

/** A wrapping public key that passes its check. */
export function checkedKey(der: Buffer, keySpec: WrappingKeySpec): WrappingPublicKey {
  const checked = WrappingPublicKey.check(der, keySpec);
  assert.ok(checked.fits);
  return checked.key;
}
