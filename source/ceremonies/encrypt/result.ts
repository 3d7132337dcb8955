import { type Facts, need } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import { totalsOf } from '../../steps/object-totals.ts';
import type { Services } from '../../steps/services.ts';
import { keyResult, recordPath } from '../later-conclusion.ts';

/** Gives the result of a finished encryption, which `--json` prints for programs. @param now the state that KMS told just now. */
export function encryptResult(facts: Facts, now: KeyNow, services: Services) {
  const { bucket, prefix, objects } = need(facts, 'objects');
  const totals = totalsOf(need(facts, 'objects'));
  return {
    ...keyResult(facts, now),
    bucket,
    prefix: prefix ?? null,
    objects,
    ...(totals === undefined
      ? {}
      : { count: totals.count, bytes: totals.bytes, found: totals.found, manifest: totals.manifest }),
    workdir: services.folder.path,
    record: recordPath(services),
  };
}
