import type { Progress } from '../ceremony/step.ts';
import type { EncryptedObject, Objects } from './facts.ts';

/** With more objects than this, none of them has a line of its own. */
const mostLines = 8;

/** Tells how each object was checked, when there are few objects. */
export function reportObjects({ objects }: Objects, report: (progress: Progress) => void): void {
  if (objects.length > mostLines) return;
  for (const object of objects) {
    const { key, size } = object;
    report({ id: key, label: key, note: `${size} bytes, ${checkWords(object)}`, state: 'done' });
  }
}

/** Says how the KMS key and the bytes of an object were checked. The caller may not read an object that was not verified. */
function checkWords({ verified, keyNamedBy, checkedBy }: EncryptedObject): string {
  if (checkedBy === 'checksum') return 'key named by S3, checksum confirmed';
  if (verified) return 'key checked, read back';
  return `key ${keyNamedBy === 'look' ? 'checked' : 'named by S3'}, not read back: you may not`;
}
