import { hasStatedCheckValue, keyCheckValue, zeroBlockCheckValue } from '../material/check-value.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';
import type { BackupValues } from './check-facts.ts';
import { type KeyElsewhere, keyElsewhere, type SecretKey } from './secret-key-fact.ts';

/** Computes the check values of the bytes in a backup. Compares them with the value that the keeper of the key stated. */
export function valuesOfBackup(bytes: SecretBytes, recorded: SecretKey): BackupValues {
  const stated = keyElsewhere(recorded)?.statedCheckValue;
  return {
    checkValue: keyCheckValue(bytes).value,
    zeroBlockCheckValue: zeroBlockCheckValue(bytes),
    ...(stated === undefined ? {} : { asStated: hasStatedCheckValue(bytes, stated) }),
  };
}

/** Says how the check value in a backup compares with the one that the keeper stated; an empty list when none was stated. */
export function statedWords({ keeper, statedCheckValue }: KeyElsewhere, values: BackupValues): readonly string[] {
  if (statedCheckValue === undefined) return [];
  const { method, value } = statedCheckValue;
  if (values.asStated === true) return [`It has the key check value that ${keeper} stated: ${value} (${method}).`];
  const own = method === 'AES-CMAC' ? values.checkValue : values.zeroBlockCheckValue;
  return [`Its key check value is ${own} (${method}); ${keeper} stated ${value}.`];
}
