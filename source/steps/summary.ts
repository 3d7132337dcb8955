import { join } from 'node:path';
import { type Facts, need } from './facts.ts';

/** What `keyferry run --json` prints: the result of a finished ceremony, for programs. */
export function summaryOf(facts: Facts, folder: string) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const { accountId, region } = need(facts, 'connection');
  const { algorithm, keySpec, publicKeySha256 } = need(facts, 'wrapping');
  const { keyState, keyMaterialId, expirationModel, validTo } = need(facts, 'imported');
  return {
    keyId,
    keyArn,
    alias,
    keyState,
    keyMaterialId,
    accountId,
    region,
    wrapping: { algorithm, keySpec, publicKeySha256 },
    expiration: { model: expirationModel, validTo },
    objects: need(facts, 'objects').objects,
    workdir: folder,
    record: join(folder, need(facts, 'finish').record),
  };
}
