import { join } from 'node:path';
import { type Facts, need, secretInKms } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import { findCopies, noCopyKnownWords, withoutCopyWords } from '../../steps/known-copies.ts';
import { keyElsewhere } from '../../steps/secret-key-fact.ts';
import type { Services } from '../../steps/services.ts';

/**
 * Gives the result of a finished first import, which `--json` prints for programs.
 * @param now the state that KMS told just now.
 */
export function resultOf(facts: Facts, now: KeyNow, services: Services) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const { accountId, region } = need(facts, 'connection');
  const { algorithm, keySpec, publicKeySha256 } = need(facts, 'wrapping');
  const { keyMaterialId, expirationModel, validTo } = need(facts, 'imported');
  return {
    keyId,
    keyArn,
    alias,
    keyState: now.state ?? null,
    keyStateAsOf: now.asOf,
    keyMaterialId,
    secretInKms: secretInKms(facts),
    ...secretOf(facts),
    accountId,
    region,
    ...existingOf(facts),
    ...userProofOf(facts),
    wrapping: { algorithm, keySpec, publicKeySha256 },
    expiration: { model: expirationModel, validTo },
    objects: need(facts, 'objects').objects,
    workdir: services.folder.path,
    ...copiesOf(facts, services),
    record: join(services.folder.path, need(facts, 'finish').record),
  };
}

/**
 * Gives both check values of the secret. They are null when the bytes of the secret were never here, and when KMS is known to
 * hold other bytes. The second is null also when an older version of Keyferry began the ceremony. Adds what was stated of a key
 * that is kept elsewhere.
 */
function secretOf(facts: Facts) {
  const secret = need(facts, 'secret');
  if (secret.origin === 'elsewhere') {
    const { keeper, statedCheckValue = null } = secret;
    return { checkValue: null, zeroBlockCheckValue: null, keptElsewhere: { keeper, statedCheckValue, checked: false } };
  }
  if (secretInKms(facts) === 'other') return { checkValue: null, zeroBlockCheckValue: null };
  return { checkValue: secret.checkValue.value, zeroBlockCheckValue: secret.zeroBlockCheckValue ?? null };
}

/**
 * Gives the facts about a KMS key that somebody else made; an empty object when the ceremony made the key. `proven` is false
 * when nothing was decrypted with it, because the person was not allowed to use the key or left the proof to a user of it.
 */
function existingOf({ key, existing, proof }: Facts) {
  if (existing === undefined) return {};
  const { asOf, tags, policy } = existing;
  return {
    existing: { createdAt: key?.createdAt, asOf, tags, policyRead: policy !== null, proven: proof !== undefined },
  };
}

/** Gives what a user of the key states about the proof; null while there is no result; nothing when nothing was left to one. */
function userProofOf({ leftToUser }: Facts) {
  return leftToUser === undefined ? {} : { userProof: leftToUser.result ?? null };
}

/**
 * Lists the copies of the key that exist now. Adds `noCopies` when files that should hold the key do not hold it. Adds a warning as
 * `noCopyKnown` when there is no copy, and the key is not kept elsewhere.
 */
function copiesOf(facts: Facts, services: Services) {
  const { asOf, copies, filesWithoutKey } = findCopies(facts, services);
  const isNoCopyKnown = copies.length === 0 && keyElsewhere(facts.secret) === undefined;
  return {
    copies,
    copiesAsOf: asOf,
    ...(filesWithoutKey.length === 0 ? {} : { noCopies: filesWithoutKey }),
    ...(isNoCopyKnown ? { noCopyKnown: `${noCopyKnownWords} ${withoutCopyWords}` } : {}),
  };
}
