import * as v from 'valibot';

/** The kinds of faults. The text of each says what it does to a request. */
const faultKinds = {
  throttle: 'refuse it as AWS does past a quota; with perSecond only what is above that rate',
  fail: 'answer 500, without having acted',
  slow: 'act and answer after the milliseconds given',
  'drop-before': 'cut the connection before acting',
  'drop-after': 'act, then cut the connection instead of answering',
  silent: 'never answer',
  expire: 'answer that the session has ended',
} as const;

const faultSchema = v.strictObject({
  /** The operations, as in `kms:CreateKey`. `*` and `?` are wildcards. */
  operation: v.pipe(
    v.string(),
    v.regex(/^(kms|s3|sts|iam|account|\*)(:[\w*?]+)?$/, 'an operation is written kms:CreateKey'),
  ),
  do: v.picklist(Object.keys(faultKinds) as Array<keyof typeof faultKinds>),
  /** The fraction of matching requests that get the fault. Only the seed decides which requests these are. */
  chance: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** `after`: how many matching requests pass before the first fault. `times`: how many requests get the fault at most. */
  after: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  milliseconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))),
  perSecond: v.optional(v.pipe(v.number(), v.minValue(0.001))),
});

/** A policy document of IAM. */
const policySchema = v.looseObject({
  /** The last part of a service control policy's ARN. The error names this ARN when the policy denies a request. */
  Id: v.optional(v.string()),
  Statement: v.union([v.array(v.record(v.string(), v.unknown())), v.record(v.string(), v.unknown())]),
});

const settingsSchema = v.strictObject({
  seed: v.optional(v.number()),
  clockSpeed: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1e6))),
  /** True when requests over the quotas of AWS are throttled. */
  realLimits: v.optional(v.boolean()),
  /** How many requests for a new key are answered as if the key did not exist. */
  newKeyTries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** How many requests for a key see it without material right after an import. */
  newMaterialTries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** How many requests for a new bucket are answered as if it did not exist. */
  newBucketTries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Names of buckets that belong to other accounts. */
  foreignBuckets: v.optional(v.array(v.string())),
  /** Names of buckets with Requester Pays. */
  requesterPays: v.optional(v.array(v.string())),
  /** Names of buckets with Object Lock. */
  objectLock: v.optional(v.array(v.string())),
  /** ARNs of principals that KMS does not know yet. The first two key policies that name such a principal are refused. */
  newPrincipals: v.optional(v.array(v.string())),
  /** Action patterns that IAM denies, by the name of the user or role. */
  deny: v.optional(v.record(v.string(), v.array(v.string()))),
  /** The longest life of a session in seconds, counted from its start; for sessions without STS, from our start. */
  sessionSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** The policies and permissions boundaries of users and roles, by name. Users and roles without an entry keep theirs. */
  policies: v.optional(v.record(v.string(), v.array(policySchema))),
  boundaries: v.optional(v.record(v.string(), policySchema)),
  /** The service control policies of the account. When present, the account belongs to an organization. */
  organization: v.optional(v.array(policySchema)),
  /** Condition keys that every request has, such as `aws:SourceVpce`. */
  requestContext: v.optional(v.record(v.string(), v.string())),
  /**
   * Where a policy simulation for a resource lists the condition keys that it missed: beside the decision, in the results for
   * the resources, or at both places. AWS's reference names all three.
   */
  simulationMissingKeys: v.optional(v.picklist(['decision', 'resources', 'both'])),
  /** How many results of a policy simulation are on a page at most. */
  simulationPage: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  faults: v.optional(v.array(faultSchema)),
});

export type Fault = v.InferOutput<typeof faultSchema>;

/** The settings of practice AWS. Flags set them at the start, and the control file at any time. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/**
 * Reads the text of the control file.
 * @throws Error whose message says in one line what is wrong, and where.
 */
export function readSettings(text: string): Settings {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('it is not JSON');
  }
  if (Array.isArray(value)) throw new Error('it is a list and not an object');
  const result = v.safeParse(settingsSchema, value);
  if (!result.success) {
    const [issue] = result.issues;
    throw new Error(`${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  }
  return result.output;
}

/** The members of a fault that are numbers. */
const quantities = ['chance', 'after', 'times', 'milliseconds', 'perSecond'] as const;

/**
 * Reads a fault from the value of a flag, such as `kms:CreateKey=fail,chance=0.5`.
 * @throws Error whose message says in one line what is wrong.
 */
export function readFault(text: string): Fault {
  // The first `=` separates, and more may follow. A text without `=` counts as both parts: the schema refuses it.
  const [, operation = text, kindAndQuantities = text] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const [kind, ...texts] = kindAndQuantities.split(',');
  const pairs = texts.map((pair) => pair.split('=') as [string, string?]);
  const unknownPair = pairs.find(([name]) => !quantities.some((quantity) => quantity === name));
  const fault = { operation, do: kind, ...Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)])) };
  const result = v.safeParse(faultSchema, fault);
  if (unknownPair || !result.success) {
    const reason = unknownPair ? `${unknownPair[0]} is not known` : result.issues?.[0].message;
    throw new Error(`${text} is no fault (${reason}); write for example kms:CreateKey=fail,chance=0.5`);
  }
  return result.output;
}

/** Merges two sets of settings. The second takes precedence; the faults and denials of both apply. */
export function mergeSettings(first: Settings, second: Settings): Settings {
  const deny = { ...first.deny };
  for (const [name, patterns] of Object.entries(second.deny ?? {})) deny[name] = [...(deny[name] ?? []), ...patterns];
  return { ...first, ...second, deny, faults: [...(first.faults ?? []), ...(second.faults ?? [])] };
}
