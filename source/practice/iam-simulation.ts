import { roles, users } from './account.ts';
import { AwsError } from './aws-error.ts';
import { identityNamed } from './identities.ts';
import { identityAllows } from './identity-policy.ts';
import { inPartition } from './partition.ts';
import { queryOperation } from './query-operation.ts';

/**
 * SimulatePrincipalPolicy, for the identity policies that practice AWS has: what is not denied is allowed. Resources,
 * conditions, boundaries and organizations have no part in it; unverified: simulation. The names are those of the IAM API
 * reference.
 */
export const simulatePrincipalPolicy = queryOperation({ on: 'entity', arn: sourceOf }, (call, input) => {
  const source = sourceOf(input);
  if (!/^arn:[\w-]+:iam::\d{12}:(user|role|group)\//.test(source)) {
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${source} does not clearly define entity type and name.`);
  }
  const principal = [...users, ...roles].find(({ arn }) => inPartition(call.partition, arn) === source);
  if (!principal) {
    throw new AwsError('NoSuchEntity', `The entity ${source} cannot be found.`, { status: 404 });
  }
  const identity = identityNamed(principal.name);
  const resources = listed(input, 'ResourceArns');
  const member = listed(input, 'ActionNames').map((action) => ({
    EvalActionName: action,
    EvalResourceName: resources[0] ?? '*',
    EvalDecision: identityAllows({ ...call, identity }, action) ? 'allowed' : 'implicitDeny',
    MatchedStatements: '',
    MissingContextValues: '',
  }));
  return { EvaluationResults: { member }, IsTruncated: false };
});

function sourceOf(input: URLSearchParams): string {
  return input.get('PolicySourceArn') ?? '';
}

/** A list of awsQuery: `Name.member.1`, `Name.member.2` and so on. */
function listed(input: URLSearchParams, name: string): readonly string[] {
  return [...input].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value);
}
