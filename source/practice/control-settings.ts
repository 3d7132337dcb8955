import * as v from 'valibot';

/** What a fault does to a request that it hits. */
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
  /** Such as `kms:CreateKey`; `*` and `?` are wildcards. */
  operation: v.pipe(
    v.string(),
    v.regex(/^(kms|s3|sts|iam|account|\*)(:[\w*?]+)?$/, 'an operation is written kms:CreateKey'),
  ),
  do: v.picklist(Object.keys(faultKinds) as Array<keyof typeof faultKinds>),
  /** Of the requests that match, the share that is hit; which ones depends on the seed alone. */
  chance: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  /** How many matching requests pass first, and how many are hit at most. */
  after: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  times: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  milliseconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(600_000))),
  perSecond: v.optional(v.pipe(v.number(), v.minValue(0.001))),
});

/** A policy as IAM writes it. */
const policySchema = v.looseObject({
  /** The last part of a service control policy's ARN, which AWS names where it denies something. */
  Id: v.optional(v.string()),
  Statement: v.union([v.array(v.record(v.string(), v.unknown())), v.record(v.string(), v.unknown())]),
});

const settingsSchema = v.strictObject({
  seed: v.optional(v.number()),
  clockSpeed: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1e6))),
  /** Whether the request quotas of AWS hold. */
  realLimits: v.optional(v.boolean()),
  /** How many requests about a key that was just made answer that it does not exist. */
  newKeyTries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** How many looks at a key whose material was just imported still find it without. */
  newMaterialTries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Bucket names that other accounts have. */
  foreignBuckets: v.optional(v.array(v.string())),
  /** Buckets whose requesters pay. */
  requesterPays: v.optional(v.array(v.string())),
  /** Buckets whose objects are under Object Lock. */
  objectLock: v.optional(v.array(v.string())),
  /** Principals, by ARN, that the first two key policies naming them find unknown. */
  newPrincipals: v.optional(v.array(v.string())),
  /** Actions that IAM denies, by the name of the user or role. */
  deny: v.optional(v.record(v.string(), v.array(v.string()))),
  /** How long sessions last at most, in seconds: those that STS gives, and the others from the start of practice AWS. */
  sessionSeconds: v.optional(v.pipe(v.number(), v.minValue(0))),
  /** The policies of users and roles, and their permissions boundaries, by name; what is not named stays as it was. */
  policies: v.optional(v.record(v.string(), v.array(policySchema))),
  boundaries: v.optional(v.record(v.string(), policySchema)),
  /** The service control policies of the account: with them it belongs to an organization. */
  organization: v.optional(v.array(policySchema)),
  /** Condition keys that every request has, such as `aws:SourceVpce`. */
  requestContext: v.optional(v.record(v.string(), v.string())),
  /** How many results of a policy simulation are on a page at most. */
  simulationPage: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  faults: v.optional(v.array(faultSchema)),
});

export type Fault = v.InferOutput<typeof faultSchema>;
/** What can be switched on: by flags at the start, and by the control file at any time. */
export type Settings = v.InferOutput<typeof settingsSchema>;

/**
 * Reads the control file's text.
 * @throws Error with one line that says what is wrong with it and where.
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

const quantities = ['chance', 'after', 'times', 'milliseconds', 'perSecond'] as const;

/**
 * Reads a fault as a flag gives it: `kms:CreateKey=fail,chance=0.5`.
 * @throws Error with one line that says what is wrong.
 */
export function readFault(text: string): Fault {
  const [operation = '', rest = ''] = text.split('=', 1).concat(text.slice(text.indexOf('=') + 1));
  const [kind, ...pairs] = rest.split(',');
  const given = pairs.map((pair) => pair.split('=') as [string, string?]);
  const stranger = given.find(([name]) => !quantities.some((one) => one === name));
  const fault = { operation, do: kind, ...Object.fromEntries(given.map(([name, value]) => [name, Number(value)])) };
  const result = v.safeParse(faultSchema, fault);
  if (stranger || !result.success) {
    const reason = stranger ? `${stranger[0]} is not known` : result.issues?.[0].message;
    throw new Error(`${text} is no fault (${reason}); write for example kms:CreateKey=fail,chance=0.5`);
  }
  return result.output;
}

/** Merges two sets of settings. The second takes precedence; the faults and denials of both apply. */
export function mergedSettings(first: Settings, second: Settings): Settings {
  const deny = { ...first.deny };
  for (const [name, patterns] of Object.entries(second.deny ?? {})) deny[name] = [...(deny[name] ?? []), ...patterns];
  return { ...first, ...second, deny, faults: [...(first.faults ?? []), ...(second.faults ?? [])] };
}
