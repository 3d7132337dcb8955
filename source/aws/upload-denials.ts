import { allOf, anyOf, type PolicyAnswer } from './policy-answer.ts';
import { fixedStart, matchesPattern } from './policy-pattern.ts';
import { appliesTo, type PolicyStatement, readPolicy } from './policy-statements.ts';
import { encryptionName, judgeCondition, type KnownKeys, kmsKeyName, listConditions } from './upload-conditions.ts';

/*
 * Reads the policy of a bucket, and finds the statements that deny an upload under a KMS key. IAM user guide, "Policy
 * evaluation logic"; S3 user guide, "Bucket policy examples using condition keys".
 */

/** The upload that is judged. */
export type PlannedUpload = {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** The ARN of the caller. */
  readonly callerArn: string;
  /** The ARN of the user or role behind the caller; `undefined` when it is not known. */
  readonly principalArn: string | undefined;
  readonly bucket: string;
  /** The name of the object; absent when it is not known yet. */
  readonly key?: string;
  /** The ARN of the KMS key. `new`: the key is not made yet. `unknown`: the key exists, and its ARN is not known. */
  readonly keyArn: string | 'new' | 'unknown';
  /** Whether the requests go over TLS; `undefined` when that is not known. */
  readonly isTls: boolean | undefined;
};

/** A statement of a bucket policy that denies an upload, or may deny it. */
export type UploadDenial = {
  /** The Sid of the statement, which many statements do not have. */
  readonly sid: string | undefined;
  /** True when nothing in the statement depends on what is not known here. */
  readonly isSure: boolean;
  /** The KMS keys under which the statement does not deny an upload; empty when it is not about keys. */
  readonly wantedKeys: readonly string[];
  /** The kinds of encryption with which the statement does not deny an upload, such as `AES256`. */
  readonly wantedEncryption: readonly string[];
};

/**
 * Finds the statements of a bucket policy that deny the upload. A statement that perhaps denies it counts only when it is about
 * encryption. Gives `undefined` when the text is no policy.
 */
export function findUploadDenials(policy: string, upload: PlannedUpload): readonly UploadDenial[] | undefined {
  return readPolicy(policy)
    ?.filter(({ Effect }) => Effect === 'Deny')
    .flatMap((statement) => {
      const judgement = judgeStatement(statement, upload);
      const conditions = listConditions(statement.Condition);
      /** Gives the values of a condition key with which the statement does not deny an upload. */
      const allowedValues = (name: string) =>
        conditions
          .filter((each) => each.name === name && each.operator.includes('Not'))
          .flatMap(({ wanted }) => wanted);
      const isAboutEncryption = conditions.some(({ name }) => name === kmsKeyName || name === encryptionName);
      if (judgement === 'no' || (judgement === 'maybe' && !isAboutEncryption)) return [];
      return [
        {
          sid: statement.Sid,
          isSure: judgement === 'yes',
          wantedKeys: allowedValues(kmsKeyName),
          wantedEncryption: allowedValues(encryptionName),
        },
      ];
    });
}

/** Judges whether a statement applies to the upload. */
function judgeStatement(statement: PolicyStatement, upload: PlannedUpload): PolicyAnswer {
  // For a key that is not made yet, the condition is judged for two made-up keys. When the judgements differ, nobody knows.
  const judgements = new Set(knownConditionKeys(upload).map((known) => judgeCondition(statement.Condition, known)));
  const [condition = 'maybe'] = judgements;
  return allOf([
    appliesTo(statement, 's3:PutObject') ? 'yes' : 'no',
    judgeResource(statement, upload),
    judgePrincipal(statement, upload),
    judgements.size > 1 ? 'maybe' : condition,
  ]);
}

/** Judges whether a statement is for the object: its Resource names the object, or its NotResource does not. */
function judgeResource({ Resource, NotResource }: PolicyStatement, upload: PlannedUpload): PolicyAnswer {
  const judgements = [Resource ?? NotResource ?? []].flat().map((pattern) => judgePattern(pattern, upload));
  const isNamed = anyOf(judgements);
  if (Resource !== undefined || isNamed === 'maybe') return isNamed;
  return isNamed === 'yes' ? 'no' : 'yes';
}

/** Judges whether a pattern for ARNs matches the object. */
function judgePattern(pattern: string, { partition, bucket, key }: PlannedUpload): PolicyAnswer {
  /** The beginning of the ARN of every object in the bucket. */
  const objects = `arn:${partition}:s3:::${bucket}/`;
  if (!mayMatchAfter(objects, pattern)) return 'no';
  const hasVariable = pattern.includes('${');
  if (key !== undefined && !hasVariable) return matchesPattern(pattern, objects + key) ? 'yes' : 'no';
  // A pattern that ends with a star, and needs nothing after the slash, matches every object.
  return pattern.endsWith('*') && matchesPattern(pattern, objects) ? 'yes' : 'maybe';
}

/** Tells whether a pattern may match a text with this beginning, by the part of the pattern before its first wildcard. */
function mayMatchAfter(beginning: string, pattern: string): boolean {
  const start = fixedStart(pattern);
  const isWithoutWildcard = start === pattern;
  return start.startsWith(beginning) || (!isWithoutWildcard && beginning.startsWith(start));
}

/**
 * Judges whether a statement is for the caller. Its Principal must name the account, the user or role, or the session: a denial to
 * an account is for everybody in it. A NotPrincipal leaves the caller out only when it names all three.
 */
function judgePrincipal(
  { Principal, NotPrincipal }: PolicyStatement,
  { partition, accountId, principalArn, callerArn }: PlannedUpload,
): PolicyAnswer {
  const named = awsPrincipals(Principal ?? NotPrincipal);
  if (named === undefined) return 'maybe';
  const isNamed = (name: string) => named.includes(name);
  const isPrincipalNamed = isNamed(principalArn ?? callerArn);
  const isSessionNamed = isNamed(callerArn);
  // A role of the account may be that of the caller, when the ARN of the caller's role is not known.
  const isPerhapsNamed =
    principalArn === undefined && named.some((name) => name.startsWith(`arn:${partition}:iam::${accountId}:role/`));
  const isAccountNamed = isNamed(accountId) || isNamed(`arn:${partition}:iam::${accountId}:root`);
  const isCallerNamed = isNamed('*') || isAccountNamed || isPrincipalNamed || isSessionNamed;
  if (!isCallerNamed && isPerhapsNamed) return 'maybe';
  if (Principal !== undefined) return isCallerNamed ? 'yes' : 'no';
  // NotPrincipal must name the session, the role and the account, so that the statement leaves the caller out.
  const isLeftOut = isNamed('*') || (isAccountNamed && isPrincipalNamed && isSessionNamed);
  if (isLeftOut) return 'no';
  return isCallerNamed ? 'maybe' : 'yes';
}

/** Lists the AWS principals of a Principal element. Gives `undefined` when it names somebody in a way that is not known here. */
function awsPrincipals(principal: PolicyStatement['Principal']): readonly string[] | undefined {
  if (principal === undefined || typeof principal === 'string') return [principal ?? []].flat();
  // The id of a canonical user means an account, but does not show which one.
  if (principal.CanonicalUser !== undefined) return undefined;
  return [principal.AWS ?? []].flat();
}

/** The ids of two keys that nobody has. What is true for both is true for any key that is not made yet. */
const madeUpIds = ['00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff'];

/**
 * Gives the condition keys of the upload whose values are known. For a KMS key that is not made yet, gives them twice, with the
 * ARNs of two made-up KMS keys.
 */
function knownConditionKeys(upload: PlannedUpload): readonly KnownKeys[] {
  const { partition, region, accountId, principalArn, keyArn, isTls } = upload;
  const known: ReadonlyArray<readonly [string, string | undefined]> = [
    [encryptionName, 'aws:kms'],
    ['s3:x-amz-server-side-encryption-customer-algorithm', undefined],
    // The upload names no access control list.
    ['s3:x-amz-acl', undefined],
    ...(principalArn === undefined ? [] : [['aws:principalarn', principalArn] as const]),
    ['aws:principalaccount', accountId],
    ['aws:requestedregion', region],
    ...(isTls === undefined ? [] : [['aws:securetransport', String(isTls)] as const]),
  ];
  if (keyArn === 'unknown') return [new Map(known)];
  const keyArns =
    keyArn === 'new' ? madeUpIds.map((id) => `arn:${partition}:kms:${region}:${accountId}:key/${id}`) : [keyArn];
  return keyArns.map((arn) => new Map([...known, [kmsKeyName, arn]]));
}
