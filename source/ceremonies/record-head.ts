import type { RecordHead } from '../record/head.ts';
import type { JournalSoFar } from '../record/trail.ts';
import { type Facts, isPractice, need } from '../steps/facts.ts';

/**
 * Builds the beginning of a record: the fields that the records of all ceremonies have.
 * @param version the version of this program.
 */
export function recordHeadOf(facts: Facts, { lines }: JournalSoFar, version: string): RecordHead {
  const begunLine = lines.find((line) => line.kind === 'begun');
  const finishedLine = lines.findLast(({ kind }) => kind === 'finished');
  const connection = need(facts, 'connection');
  const { accountId, region, callerArn, endpoint, endpoints } = connection;
  return {
    keyferry: version,
    ceremony: {
      id: begunLine?.id ?? '',
      begunAt: begunLine?.at ?? '',
      finishedAt: finishedLine?.at ?? '',
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
