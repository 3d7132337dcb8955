import type { Problem } from './problem.ts';
import type { Step } from './step.ts';

/* What a step says of itself is held against what it does: a difference is a defect of the ceremony, and no problem of the person. */

/** @throws Error where a fact is missing that a step before should have established. */
export function checkNeeds<Facts extends object, Services>({ id, needs }: Step<Facts, Services>, facts: Facts): void {
  const missing = needs.filter((name) => facts[name] === undefined);
  if (missing.length > 0) throw new Error(`The step "${id}" needs ${missing.join(', ')}, which no step has provided.`);
}

/** @throws Error where a problem leads to a step that its own step does not name, or that the ceremony does not have. */
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

/** @throws Error where a ceremony has no such step. */
export function checkStep(id: string, steps: readonly { readonly id: string }[]): void {
  if (!steps.some((step) => step.id === id)) throw new Error(`This ceremony has no step "${id}".`);
}

/** The steps to which a problem leads back. */
function leadsOf({ remedies = [], renewal }: Problem): readonly string[] {
  const reopened = remedies.flatMap((remedy) => (remedy.action === 'reopen' ? [remedy.step] : []));
  return renewal === undefined ? reopened : [...reopened, renewal.step];
}
