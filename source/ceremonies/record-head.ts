import type { RecordHead } from '../record/head.ts';
import type { JournalSoFar } from '../record/trail.ts';
import { type Facts, isPractice, need } from '../steps/facts.ts';

/** Builds the beginning of a record, which is the same for every ceremony. */
export function recordHeadOf(facts: Facts, { lines }: JournalSoFar, version: string): RecordHead {
  const begun = lines.find((line) => line.kind === 'begun');
  const connection = need(facts, 'connection');
  const { accountId, region, callerArn, endpoint, endpoints } = connection;
  return {
    keyferry: version,
    ceremony: {
      id: begun?.id ?? '',
      begunAt: begun?.at ?? '',
      finishedAt: lines.findLast(({ kind }) => kind === 'finished')?.at ?? '',
    },
    account: {
      accountId,
      region,
      callerArn,
      practice: isPractice(connection),
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(endpoints === undefined ? {} : { endpoints }),
    },
  };
}
