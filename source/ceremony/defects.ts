import type { Problem } from './problem.ts';
import type { Step } from './step.ts';

/* These functions compare what a step says about itself with what it does. A difference is a defect of the program: they throw. */

/**
 * Checks that all facts that a step needs are there.
 * @throws Error when no earlier step has established one of them.
 */
export function checkNeeds<Facts extends object, Services>({ id, needs }: Step<Facts, Services>, facts: Facts): void {
  const missing = needs.filter((name) => facts[name] === undefined);
  if (missing.length > 0) throw new Error(`The step "${id}" needs ${missing.join(', ')}, which no step has provided.`);
}

/**
 * Checks the steps to which a problem leads the person back.
 * @throws Error when one of them is not in `leadsTo` of the step that has the problem, or is no step of the ceremony.
 */
export function checkLeads(
  { id, leadsTo = [] }: { readonly id: string; readonly leadsTo?: readonly string[] },
  problem: Problem,
  steps: readonly { readonly id: string }[],
): void {
  for (const target of targetsOf(problem)) {
    if (!leadsTo.includes(target))
      throw new Error(`The step "${id}" leads to "${target}", but does not name it in leadsTo.`);
    checkStep(target, steps);
  }
}

/**
 * Checks that a ceremony has a step with this id.
 * @throws Error when it has none.
 */
export function checkStep(id: string, steps: readonly { readonly id: string }[]): void {
  if (!steps.some((step) => step.id === id)) throw new Error(`This ceremony has no step "${id}".`);
}

/** Gives the ids of the steps to which the remedies and the renewal of a problem lead back. */
function targetsOf({ remedies = [], renewal }: Problem): readonly string[] {
  const reopened = remedies.flatMap((remedy) => (remedy.action === 'reopen' ? [remedy.step] : []));
  return renewal === undefined ? reopened : [...reopened, renewal.step];
}
