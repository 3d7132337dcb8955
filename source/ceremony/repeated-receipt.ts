import type { Step } from './step.ts';

/**
 * Changes the receipt of a step that was done before in this run. It then says `Again` or `Changed`, because the earlier
 * receipt stays on the screen.
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
