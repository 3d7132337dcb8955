import type { WrappingAlgorithm } from '../material/wrapping-algorithms.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/**
 * What is known here about an import that KMS refused. KMS itself gives no reason. That the files are still those that were
 * recorded has been looked at before they were sent.
 */
export type ImportEvidence = {
  readonly algorithm: WrappingAlgorithm;
  readonly wrappedBy: 'keyferry' | 'you';
  readonly wrappedFile: string;
  readonly tokenValidTo: Date;
  readonly now: Date;
};

/** Collects what the ceremony knows about the wrapping, and the current time. */
export function gatherImportEvidence(facts: Facts, { clock }: Pick<Services, 'clock'>): ImportEvidence {
  const { algorithm, validTo } = need(facts, 'wrapping');
  const { by, file } = need(facts, 'wrapped');
  return { algorithm, wrappedBy: by, wrappedFile: file, tokenValidTo: new Date(validTo), now: clock() };
}
