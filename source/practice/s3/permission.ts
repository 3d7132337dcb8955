import { accountId } from '../account.ts';
import { type Exchange, header } from '../exchange.ts';
import { contextOf, identityDenial, notAuthorized } from '../identity-policy.ts';
import { statementsIn, verdictOf } from '../policy-document.ts';
import { accessDenied, loadBucket, s3Arn } from './bucket-record.ts';
import { encryptionHeaders } from './encryption.ts';
import type { S3Request } from './s3-exchange.ts';
import { findUpload } from './upload-record.ts';

/**
 * Checks that the caller may do an action such as `s3:GetObject` with the bucket or object of a request, and notes that the action
 * was checked. An explicit Deny wins, but one of the bucket policy does not keep the root user from bucket policies. Else IAM must
 * allow the action, or the bucket policy must name the caller and the organization must allow the action. Source: "How Amazon S3
 * authorizes a request", S3 user guide.
 * @throws AccessDenied (403) when the caller may not.
 */
export function needS3Permission({ call, exchange, bucket, key }: S3Request, action: string): void {
  call.checkedActions.add(action);
  const resource = s3Arn(call.partition, bucket, key);
  const conditions = { ...contextOf(call), ...conditionsIn({ call, exchange, bucket, key }) };
  const question = { action, resource, conditions };
  const policy = loadBucket(call.store, bucket)?.policy;
  // No bucket policy can keep the root user from reading, writing and deleting bucket policies.
  const isRescue = call.identity.principal.kind === 'root' && action.endsWith('BucketPolicy');
  const verdict = isRescue ? 'silent' : verdictOf(statementsIn(policy ?? '') ?? [], call.identity, question);
  const denial = identityDenial(call, question);
  if (verdict === 'denies')
    throw notAuthorized(call, action, resource, 'with an explicit deny in a resource-based policy');
  // An Allow of the bucket policy replaces a missing Allow in IAM, but not in the policies of the organization.
  const isAllowedByBucket =
    verdict === 'names' && denial?.decision === 'implicitDeny' && denial.kind !== 'organization';
  if (denial && !isAllowedByBucket) throw notAuthorized(call, action, resource, denial.why);
}

/** The query parameters that are condition keys, each under its own name after `s3:`. */
const conditionParameters = ['prefix', 'delimiter', 'max-keys'];
/** Matches the headers that are condition keys, each under its own name after `s3:`. */
const conditionHeaders = /^(x-amz-.+|if-match|if-none-match)$/;

/**
 * Gives the condition keys of S3 for a request. Those of a request about an upload in parts contain the encryption of the upload.
 * Source: "Actions, resources, and condition keys for Amazon S3", service authorization reference; unverified: policy-in-parts.
 */
function conditionsIn({ call, exchange, bucket, key }: S3Request): Record<string, string> {
  const { query } = exchange;
  const upload = query.has('uploadId') ? findUpload({ call, exchange, bucket, key }) : undefined;
  const namesAndValues = [
    ...conditionParameters.map((name) => [name, query.get(name)] as const),
    ...Object.keys(exchange.headers)
      .filter((name) => conditionHeaders.test(name))
      .map((name) => [name, header(exchange, name)] as const),
    ...Object.entries(upload ? encryptionHeaders(upload.encryption) : {}),
  ];
  return {
    's3:ResourceAccount': accountId,
    'aws:ResourceAccount': accountId,
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    's3:authType': query.has('X-Amz-Signature') ? 'REST-QUERY-STRING' : 'REST-HEADER',
    's3:TlsVersion': '1.3',
    ...Object.fromEntries(namesAndValues.flatMap(([name, value]) => (value == null ? [] : [[`s3:${name}`, value]]))),
  };
}

/** @throws AccessDenied (403) when a header names another owner than this account. @param name the name of the header. */
export function needOwner(exchange: Exchange, name: string): void {
  if ((header(exchange, name) ?? accountId) !== accountId) throw accessDenied();
}

/** @throws AccessDenied (403) when the request expects another owner, or does not accept the costs that the bucket demands. */
export function needRightBucket({ call, exchange, bucket }: S3Request): void {
  needOwner(exchange, 'x-amz-expected-bucket-owner');
  const payer = header(exchange, 'x-amz-request-payer') ?? exchange.query.get('x-amz-request-payer');
  if (call.control.hasRequesterPay(bucket) && payer !== 'requester') throw accessDenied();
}
