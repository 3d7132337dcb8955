import { join } from 'node:path';
import type { Problem } from '../ceremony/problem.ts';
import { type Facts, need, secretInKms } from './facts.ts';
import { type KeyNow, problemOfKey } from './key-now.ts';
import type { Services } from './services.ts';

/** What `keyferry run --json` prints: the result of a finished ceremony, for programs. */
export function summaryOf(facts: Facts, now: KeyNow, services: Services) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const { accountId, region } = need(facts, 'connection');
  const { algorithm, keySpec, publicKeySha256 } = need(facts, 'wrapping');
  const { keyMaterialId, expirationModel, validTo } = need(facts, 'imported');
  const problem = problemOfKey(facts, now, services);
  return {
    keyId,
    keyArn,
    alias,
    keyState: now.state ?? null,
    keyStateAsOf: now.asOf,
    keyMaterialId,
    secretInKms: secretInKms(facts),
    accountId,
    region,
    wrapping: { algorithm, keySpec, publicKeySha256 },
    expiration: { model: expirationModel, validTo },
    objects: need(facts, 'objects').objects,
    workdir: services.folder.path,
    record: join(services.folder.path, need(facts, 'finish').record),
    ...(problem === undefined ? {} : { problem: problemForPrograms(problem) }),
  };
}

/** What `keyferry run --json` prints where a ceremony stopped or could not start: what is known of the key, and why. */
export function stoppedSummaryOf(problem: Problem, facts: Facts = {}, workdir?: string) {
  const { key } = facts;
  return {
    ...(key === undefined ? {} : { keyId: key.keyId, keyArn: key.keyArn, alias: key.alias }),
    ...(workdir === undefined ? {} : { workdir }),
    problem: problemForPrograms(problem),
  };
}

/** A problem as `--json` prints it: AWS's code or Keyferry's, and the same words that a person reads. */
function problemForPrograms({ code, what, why, state, next }: Problem) {
  return { code: code ?? null, what, why: why ?? null, state: state ?? null, next };
}
