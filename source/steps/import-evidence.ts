import type { WrappingAlgorithm } from '../material/wrapping-algorithms.ts';
import { type Facts, need } from './facts.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/**
 * What Keyferry knows about an import that KMS refused without a reason. Before the import, Keyferry has checked that the files
 * are still the recorded ones.
 */
export type ImportEvidence = {
  readonly algorithm: WrappingAlgorithm;
  readonly wrappedBy: 'keyferry' | 'you';
  readonly wrappedFile: string;
  /** Whether the key is kept elsewhere, so that Keyferry cannot wrap it. */
  readonly isElsewhere: boolean;
  readonly tokenValidTo: Date;
  readonly now: Date;
};

/** Collects what the ceremony knows about the wrapping, and the current time. */
export function gatherImportEvidence(facts: Facts, { clock }: Pick<Services, 'clock'>): ImportEvidence {
  const { algorithm, validTo } = need(facts, 'wrapping');
  const { by, file } = need(facts, 'wrapped');
  const isElsewhere = keyElsewhere(facts.secret) !== undefined;
  return { algorithm, wrappedBy: by, wrappedFile: file, isElsewhere, tokenValidTo: new Date(validTo), now: clock() };
}
