import { runbook } from '../../record/runbook.ts';
import { shellScript } from '../../record/shell-script.ts';
import type { Facts } from '../../steps/facts.ts';
import type { KeyferryStep, Services } from '../../steps/services.ts';
import { transcriptOf } from './transcript-of.ts';

const runbookFile = 'runbook.md';
const scriptFile = 'runbook.sh';

/**
 * Writes, beside the record, how to do the finished ceremony by hand: `runbook.md` to read and `runbook.sh` to run.
 * @returns a line for the person that names both files.
 */
export function saveRunbook(steps: readonly KeyferryStep[], facts: Facts, services: Services): string {
  const { folder } = services;
  const transcript = transcriptOf(steps, facts, services);
  folder.replace(runbookFile, runbook(transcript));
  folder.replace(scriptFile, shellScript(transcript));
  return `Saved: ${folder.shown}/${runbookFile} to read, ${folder.shown}/${scriptFile} to run with bash.`;
}
