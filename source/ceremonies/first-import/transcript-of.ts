import { installedCommand } from '../../ceremony/own-command.ts';
import type { Transcript } from '../../record/transcript.ts';
import { type Facts, need } from '../../steps/facts.ts';
import type { KeyferryStep, Services } from '../../steps/services.ts';

/** Describes how to do a finished ceremony by hand, for the runbook. The facts and answers of the ceremony give the commands. */
export function transcriptOf(steps: readonly KeyferryStep[], facts: Facts, services: Services): Transcript {
  const { journal, version, practiceState } = services;
  const { accountId, region, source } = need(facts, 'connection');
  // A person reads the runbook later and perhaps on another computer, so its commands begin with `keyferry`.
  const servicesForLater = { ...services, ownCommand: installedCommand };
  return {
    title: need(facts, 'key').alias,
    version,
    finishedAt: journal.lines.findLast(({ kind }) => kind === 'finished')?.at ?? services.clock().toISOString(),
    accountId,
    region,
    again:
      facts.existing === undefined
        ? 'It makes everything again: another key, with the same alias, policy and names.'
        : 'It imports into the same KMS key, and only while that still waits for its first material.',
    ...(source === 'practice' ? { practice: installedCommand('practice-aws', '--state', practiceState) } : {}),
    steps: steps.map((step) => ({
      title: step.title,
      why: step.why,
      receipt: step.receipt(facts),
      commands: step.commands({ facts, answers: journal.state.answers.get(step.id) ?? {}, services: servicesForLater }),
    })),
  };
}
