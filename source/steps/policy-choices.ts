import type { PolicyChoices } from '../aws/key-policy.ts';
import { type Facts, need, type People } from './facts.ts';

/** Gives what the key policy is built from: the connection, the people, and what was chosen for the key. */
export function policyChoicesOf(facts: Facts, people: People = need(facts, 'people')): PolicyChoices {
  const { multiRegion = false } = need(facts, 'description');
  const { partition, accountId, region } = need(facts, 'connection');
  return { partition, accountId, region, multiRegion, ...people };
}
