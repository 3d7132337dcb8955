import * as v from 'valibot';
import { matchesPattern } from './policy-pattern.ts';

/*
 * Reads the text of a policy that belongs to a key or a bucket, and says to which actions a statement applies. IAM user
 * guide, "IAM JSON policy element reference".
 */

const oneOrMore = v.union([v.string(), v.pipe(v.array(v.string()), v.readonly())]);
const principalSchema = v.union([v.string(), v.record(v.string(), oneOrMore)]);
const statementSchema = v.object({
  Sid: v.optional(v.string()),
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(principalSchema),
  NotPrincipal: v.optional(principalSchema),
  Action: v.optional(oneOrMore),
  NotAction: v.optional(oneOrMore),
  Resource: v.optional(oneOrMore),
  NotResource: v.optional(oneOrMore),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
});
const policySchema = v.object({ Statement: v.union([statementSchema, v.array(statementSchema)]) });

/** A statement of a policy, whoever wrote it. */
export type PolicyStatement = Readonly<v.InferOutput<typeof statementSchema>>;

/** Gives the statements of a policy. @returns `undefined` when the text is no policy. */
export function readPolicy(text: string): readonly PolicyStatement[] | undefined {
  try {
    const parsed = v.safeParse(policySchema, JSON.parse(text));
    return parsed.success ? [parsed.output.Statement].flat() : undefined;
  } catch {
    return undefined;
  }
}

/** True when a statement applies to an action, by its Action or NotAction. Letter case does not count. */
export function appliesTo(
  { Action, NotAction }: Pick<PolicyStatement, 'Action' | 'NotAction'>,
  action: string,
): boolean {
  const matches = (patterns: string | readonly string[]) =>
    [patterns].flat().some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
  if (Action !== undefined) return matches(Action);
  return NotAction !== undefined && !matches(NotAction);
}
