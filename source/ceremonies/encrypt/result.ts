import { join } from 'node:path';
import { type Facts, need } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { recordNames } from './record.ts';

/** Gives the result for programs, which `--json` prints. @param now the state that KMS told just now. */
export function encryptResult(facts: Facts, now: KeyNow, services: Services) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const { accountId, region } = need(facts, 'connection');
  const { bucket, prefix, objects } = need(facts, 'objects');
  return {
    keyId,
    keyArn,
    alias,
    keyState: now.state ?? null,
    keyStateAsOf: now.asOf,
    accountId,
    region,
    bucket,
    prefix: prefix ?? null,
    objects,
    workdir: services.folder.path,
    record: join(services.folder.path, recordNames(services).markdown),
  };
}
