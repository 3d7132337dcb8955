import type { Problem } from './problem.ts';
import type { Step } from './step.ts';

/* What a step says of itself is held against what it does: a difference is a defect of the ceremony, and no problem of the person. */

/**
 * Checks the facts that a step needs.
 * @throws Error when an earlier step has not established one of them.
 */
export function checkNeeds<Facts extends object, Services>({ id, needs }: Step<Facts, Services>, facts: Facts): void {
  const missing = needs.filter((name) => facts[name] === undefined);
  if (missing.length > 0) throw new Error(`The step "${id}" needs ${missing.join(', ')}, which no step has provided.`);
}

/**
 * Checks the steps to which a problem leads.
 * @throws Error when its own step does not name such a step, or the ceremony does not have it.
 */
export function checkLeads(
  { id, leadsTo = [] }: { readonly id: string; readonly leadsTo?: readonly string[] },
  problem: Problem,
  steps: readonly { readonly id: string }[],
): void {
  for (const lead of leadsOf(problem)) {
    if (!leadsTo.includes(lead)) throw new Error(`The step "${id}" leads to "${lead}", which it does not name.`);
    checkStep(lead, steps);
  }
}

/**
 * Checks that a ceremony has a step.
 * @throws Error when it does not.
 */
export function checkStep(id: string, steps: readonly { readonly id: string }[]): void {
  if (!steps.some((step) => step.id === id)) throw new Error(`This ceremony has no step "${id}".`);
}

/** The steps to which a problem leads back. */
function leadsOf({ remedies = [], renewal }: Problem): readonly string[] {
  const reopened = remedies.flatMap((remedy) => (remedy.action === 'reopen' ? [remedy.step] : []));
  return renewal === undefined ? reopened : [...reopened, renewal.step];
}
