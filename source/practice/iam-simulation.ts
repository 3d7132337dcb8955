import { roles, users } from './account.ts';
import { AwsError } from './aws-error.ts';
import { identityNamed, localIdentity } from './identities.ts';
import { denialIn, type Layer, layersOf, principalContext } from './identity-policy.ts';
import { inPartition } from './partition.ts';
import { findMissingKeys, type Keys } from './policy-conditions.ts';
import { applies, isAbout, type PolicyQuestion } from './policy-document.ts';
import { queryOperation } from './query-operation.ts';
import type { XmlValue } from './xml.ts';

/** Matches parameters that AWS has and practice AWS refuses. A list has names such as `PolicyInputList.member.1`. */
const refusedParameter =
  /^(CallerArn|PermissionsBoundaryPolicyInputList|PolicyExclusionList|PolicyInputList|ResourceHandlingOption|ResourceOwner|ResourcePolicy)(?=\.|$)/;

/** The template that IAM shows for a resource whose ARN has this form. Source: service authorization reference. */
const templates: ReadonlyArray<readonly [form: RegExp, template: string]> = [
  [/^arn:[^:]+:kms:[^:]+:[^:]*:key\//, `arn:\${Partition}:kms:\${Region}:\${Account}:key/\${KeyId}`],
  [/^arn:[^:]+:kms:[^:]+:[^:]*:alias\//, `arn:\${Partition}:kms:\${Region}:\${Account}:alias/\${Alias}`],
  [/^arn:[^:]+:s3:::[^/]+\//, `arn:\${Partition}:s3:::\${BucketName}/\${KeyName}`],
  [/^arn:[^:]+:s3:::[^/]+$/, `arn:\${Partition}:s3:::\${BucketName}`],
];

/** The possible results, from the least to the most restrictive. */
const decisions = ['allowed', 'implicitDeny', 'explicitDeny'] as const;

/**
 * SimulatePrincipalPolicy with the policies of practice AWS. Gives a result for each action: the most restrictive of the
 * results for all resources. When the request names resources, each result also contains a result for each resource. The
 * results also list the condition keys that the request lacks, at the places that the control file names. Keys in service
 * control policies are not listed. Source: EvaluationResult and SimulatePrincipalPolicy, IAM API reference;
 * unverified: simulation.
 */
export const simulatePrincipalPolicy = queryOperation({ on: 'entity', arn: sourceOf }, (call, input) => {
  const source = sourceOf(input);
  const refused = [...input.keys()].find((key) => refusedParameter.test(key))?.split('.')[0];
  if (refused !== undefined)
    throw new AwsError('InvalidInput', `Practice AWS does not simulate SimulatePrincipalPolicy with ${refused}.`);
  // Only an ARN of a user, role or group has policies that IAM can simulate.
  if (!/^arn:[\w-]+:iam::\d{12}:(user|role|group)\//.test(source))
    throw new AwsError('InvalidInput', `Invalid Entity Arn: ${source} does not clearly define entity type and name.`);
  const principal = [...users, ...roles].find(({ arn }) => inPartition(call.partition, arn) === source);
  if (!principal) throw new AwsError('NoSuchEntity', `The entity ${source} cannot be found.`, { status: 404 });
  const identity = localIdentity(call.partition, identityNamed(principal.name));
  const layers = layersOf({ ...call, identity });
  const conditions = { ...principalContext(identity), ...contextIn(input) };
  const resources = readList(input, 'ResourceArns');
  const { simulationMissingKeys = 'both', simulationPage = 100 } = call.control.policies();
  const results = readList(input, 'ActionNames').map((action) =>
    evaluateAction(layers, { action, conditions }, { resources, missingKeysAt: simulationMissingKeys }),
  );
  // A marker is the index of the first result of the next page.
  const start = Number(input.get('Marker') ?? 0);
  const pageSize = Math.min(Number(input.get('MaxItems') ?? 100), simulationPage);
  const isTruncated = results.length > start + pageSize;
  return {
    EvaluationResults: { member: results.slice(start, start + pageSize) },
    IsTruncated: isTruncated,
    Marker: isTruncated ? String(start + pageSize) : undefined,
  };
});

/** Gives the ARN of the user or role whose policies are simulated. */
function sourceOf(input: URLSearchParams): string {
  return input.get('PolicySourceArn') ?? '';
}

type ActionQuestion = Omit<PolicyQuestion, 'resource'>;

/** The resources of a simulation, and where its results list the missing condition keys when there are resources. */
type ResultForm = { readonly resources: readonly string[]; readonly missingKeysAt: 'decision' | 'resources' | 'both' };

/** Gives the result for one action on all resources. It names the template of the first resource, or `*` when there is none. */
function evaluateAction(
  layers: readonly Layer[],
  question: ActionQuestion,
  { resources, missingKeysAt }: ResultForm,
): XmlValue {
  const results = (resources.length > 0 ? resources : ['*']).map((resource) =>
    evaluateResource(layers, { ...question, resource }),
  );
  const worst = results.toSorted((a, b) => decisions.indexOf(b.decision) - decisions.indexOf(a.decision))[0];
  const listsMissingKeys = resources.length === 0 || missingKeysAt !== 'resources';
  const template = templates.find(([form]) => form.test(resources[0] ?? ''))?.[1];
  return {
    EvalActionName: question.action,
    EvalResourceName: template ?? '*',
    EvalDecision: worst?.decision,
    MatchedStatements: worst?.matched,
    MissingContextValues: { member: listsMissingKeys ? [...new Set(results.flatMap(({ missing }) => missing))] : [] },
    OrganizationsDecisionDetail: worst?.organization,
    PermissionsBoundaryDecisionDetail: worst?.boundary,
    ResourceSpecificResults:
      resources.length > 0
        ? { member: results.map((result) => describeResource(result, missingKeysAt !== 'decision')) }
        : undefined,
  };
}

/** Gives the XML of a result for one resource. @param listsMissingKeys true when the XML lists the missing condition keys. */
function describeResource(result: ReturnType<typeof evaluateResource>, listsMissingKeys: boolean): XmlValue {
  return {
    EvalResourceName: result.resource,
    EvalResourceDecision: result.decision,
    MatchedStatements: result.matched,
    MissingContextValues: { member: listsMissingKeys ? [...result.missing] : [] },
    PermissionsBoundaryDecisionDetail: result.boundary,
  };
}

/**
 * Decides about one action on one resource. Gives also the statements that led to the decision, the condition keys that the
 * request does not have, and whether the organization and the permissions boundary alone allow the action.
 */
function evaluateResource(layers: readonly Layer[], question: PolicyQuestion) {
  // Service control policies count for the decision, but a result lists neither their statements nor their keys.
  const listedLayers = layers.filter(({ kind }) => kind !== 'organization');
  const denial = denialIn(layers, question);
  const applyingStatements = listedLayers.flatMap(({ statements }) =>
    statements.filter((statement) => applies(statement, question)),
  );
  const effect = denial === undefined ? 'Allow' : 'Deny';
  const missing = listedLayers.flatMap(({ statements }) =>
    statements
      .filter((statement) => isAbout(statement, question))
      .flatMap(({ Condition }) => findMissingKeys(Condition, question.conditions)),
  );
  /** Gives the element that says whether the policies of this kind allow the action; `undefined` when there are none. */
  const detail = (kind: Layer['kind'], name: string): XmlValue => {
    const layersOfKind = layers.filter((layer) => layer.kind === kind);
    return layersOfKind.length === 0 ? undefined : { [name]: denialIn(layersOfKind, question) === undefined };
  };
  return {
    resource: question.resource,
    decision: denial?.decision ?? ('allowed' as const),
    matched: {
      member: applyingStatements
        .filter(({ Effect }) => Effect === effect)
        .map(({ policyId }) => ({ SourcePolicyId: policyId ?? 'practice', SourcePolicyType: 'IAM Policy' })),
    },
    missing: [...new Set(missing)],
    organization: detail('organization', 'AllowedByOrganizations'),
    boundary: detail('boundary', 'AllowedByPermissionsBoundary'),
  };
}

/** Gives the condition keys that the request wants to simulate. A key whose type is a list has several values. */
function contextIn(input: URLSearchParams): Keys {
  const names = [...input].filter(([key]) => /^ContextEntries\.member\.\d+\.ContextKeyName$/.test(key));
  return Object.fromEntries(
    names.map(([key, name]) => {
      const values = readList(input, key.replace('ContextKeyName', 'ContextKeyValues'));
      const type = input.get(key.replace('ContextKeyName', 'ContextKeyType')) ?? '';
      return [name, type.endsWith('List') ? values : (values[0] ?? '')];
    }),
  );
}

/** Reads a list of awsQuery, whose items have the names `Name.member.1`, `Name.member.2` and so on. */
function readList(input: URLSearchParams, name: string): readonly string[] {
  return [...input].filter(([key]) => key.startsWith(`${name}.member.`)).map(([, value]) => value);
}
