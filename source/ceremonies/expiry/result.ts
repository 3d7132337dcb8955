import { join } from 'node:path';
import { type Facts, need } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { recordNames } from './record.ts';

/** Gives the result of a finished change of an expiry, for `--json`. @param now the state that KMS told just now. */
export function expiryResult(facts: Facts, now: KeyNow, services: Services) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const { accountId, region } = need(facts, 'connection');
  const { materials } = need(facts, 'broughtBack');
  return {
    keyId,
    keyArn,
    alias,
    keyState: now.state ?? null,
    keyStateAsOf: now.asOf,
    accountId,
    region,
    nothingToDo: materials.length === 0,
    materials: materials.map(({ keyMaterialId, before, validTo, found, checkValue, file, importedAt }) => ({
      keyMaterialId,
      before: before ?? 'unknown',
      asked: validTo ?? 'never',
      after: found ?? 'unknown',
      checkValue,
      file,
      importedAt,
    })),
    proof: facts.proof ?? null,
    readable: facts.readable ?? null,
    workdir: services.folder.path,
    ...(materials.length === 0 ? {} : { record: join(services.folder.path, recordNames(services).markdown) }),
  };
}
