import type { Problem } from '../ceremony/problem.ts';

/** Gives the problem of a word on the command line that should be a place in S3, and that `readDestination` cannot read. */
export function unreadablePlaceProblem(place: string): Problem {
  return {
    kind: 'fixable',
    code: 'UsageError',
    what: `Can't read ${place} as a place in S3.`,
    state: 'Nothing was sent or changed.',
    next: ['Write it as s3://BUCKET or s3://BUCKET/PREFIX.'],
  };
}
