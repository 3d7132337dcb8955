/** The id of every check, in the order in which `--json` prints them. An id never changes from version to version. */
export const checkIds = [
  'node',
  'terminal',
  'folder',
  'ceremony-folders',
  'profile',
  'settings',
  'proxy',
  'authorities',
  'endpoint-kms',
  'endpoint-s3',
  'endpoint-iam',
  'endpoint-sts',
  'clock',
  'identity',
] as const;

export type CheckId = (typeof checkIds)[number];

/** The result of one check of something that Keyferry needs. Nothing in it is secret. */
export type Check = {
  readonly id: CheckId;
  /** `warning`: Keyferry works less well, or the check could not find out. `fails`: Keyferry will not work. */
  readonly state: 'fine' | 'warning' | 'fails';
  /** The result in one sentence. */
  readonly what: string;
  readonly why?: string;
  /** What to do, the most likely first. */
  readonly next?: readonly string[];
  /** Lines for people, shown below the sentence. */
  readonly details?: readonly string[];
  /** What `--json` prints beside the sentences. */
  readonly facts: Readonly<Record<string, unknown>>;
};

/** Makes the result of a check for which AWS was not asked: a warning with the sentence `what`. */
export function unknownCheck(id: CheckId, what: string): Check {
  return { id, state: 'warning', what, facts: {} };
}
