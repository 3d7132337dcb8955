import { join } from 'node:path';
import type { ClosingPage, Conclusion } from '../ceremony/conclusion.ts';
import type { Problem } from '../ceremony/problem.ts';
import { type Facts, need } from '../steps/facts.ts';
import type { KeyNow } from '../steps/key-now.ts';
import type { Services } from '../steps/services.ts';
import { emphasisOn } from './emphasis.ts';
import { laterRecordNames } from './later-record.ts';
import { openRecordAction } from './open-record.ts';

/** The lines of the last page of a later ceremony, and the problem that is left. Without a problem, nothing is left to do. */
export type Closing = Pick<ClosingPage, 'lines' | 'commands'> & { readonly problem?: Problem };

/**
 * Gives the conclusion of a later ceremony that keeps a record. The last page offers to open the record, when there is one. The
 * exit status is 3 when a problem is left, else 0.
 * @param title the title of the last page when no problem is left.
 * @param result for programs: `--json` prints it.
 */
export function concludeLaterCeremony(
  services: Services,
  { lines, commands = [], problem, title, result }: Closing & Pick<Conclusion, 'result'> & { readonly title: string },
): Conclusion {
  const { folder } = services;
  const { markdown } = laterRecordNames(services);
  const actions = folder.has(markdown) ? [openRecordAction(folder, markdown)] : [];
  return {
    status: problem === undefined ? 0 : 3,
    page: {
      title: problem === undefined ? title : 'Done, but look at this',
      lines,
      commands,
      actions,
      emphasis: emphasisOn({ isWell: problem === undefined }),
    },
    result,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Gives the fields with which the result of a reimport, an expiry or an encryption begins: the key, and its state now. */
export function keyResult(facts: Facts, now: KeyNow) {
  const { keyId, keyArn, alias } = need(facts, 'key');
  const { accountId, region } = need(facts, 'connection');
  return { keyId, keyArn, alias, keyState: now.state ?? null, keyStateAsOf: now.asOf, accountId, region };
}

/** Gives the absolute path of the record, for the result. */
export const recordPath = (services: Services) => join(services.folder.path, laterRecordNames(services).markdown);
