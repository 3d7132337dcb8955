import type { Step } from './step.ts';

/**
 * Gives a finished step as an interface shows it. When the step was done before in this run, its receipt begins with `Again`, or
 * with `Changed` when it is another one, because the earlier receipt stays on the screen.
 * @param receipts the receipts of this run by step id. The new one is added.
 */
export function withReceipt<Facts, Services>(
  step: Step<Facts, Services>,
  facts: Facts,
  receipts: Map<string, string>,
): Step<Facts, Services> {
  const receipt = step.receipt(facts);
  const before = receipts.get(step.id);
  receipts.set(step.id, receipt);
  if (before === undefined) return step;
  const sign = before === receipt ? 'Again' : 'Changed';
  return { ...step, receipt: (latest) => `${sign}: ${step.receipt(latest)}` };
}
