import { createHash } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { type Exchange, header } from './exchange.ts';
import { identityOf, type PracticeIdentity } from './identities.ts';
import { momentOf, type Signature, signatureHolds } from './sigv4.ts';

/** The services that practice AWS serves, by their names in the credential scope. */
export type Service = 'kms' | 's3' | 'sts' | 'iam';

type Refusal = 'missing' | 'malformed' | 'unknownKey' | 'skewed' | 'mismatch' | 'expired';

const shortMismatch = 'The request signature we calculated does not match the signature you provided.';
const longMismatch = `${shortMismatch} Check your AWS Secret Access Key and signing method. Consult the service documentation for details.`;
const unknownToken = 'The security token included in the request is invalid.';
const query = {
  missing: ['MissingAuthenticationToken', 'Request is missing Authentication Token', 403],
  malformed: ['IncompleteSignature', 'Authorization header is not a valid AWS4-HMAC-SHA256 signature.', 400],
  unknownKey: ['InvalidClientTokenId', unknownToken, 403],
  skewed: ['SignatureDoesNotMatch', 'Signature expired: the request was signed more than 15 minutes ago.', 403],
  mismatch: ['SignatureDoesNotMatch', longMismatch, 403],
  expired: ['SignatureDoesNotMatch', 'Signature expired.', 403],
} as const;

/** How each service says no: code, text, HTTP status. Source: "Common error types" of each API reference. */
const refusals: Record<Service, Record<Refusal, readonly [code: string, text: string, status: number]>> = {
  kms: {
    missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token', 400],
    malformed: ['IncompleteSignatureException', 'Authorization header is not a valid AWS4-HMAC-SHA256 signature.', 400],
    unknownKey: ['UnrecognizedClientException', unknownToken, 400],
    skewed: ['InvalidSignatureException', 'Signature expired: the request was signed more than 15 minutes ago.', 400],
    mismatch: ['InvalidSignatureException', longMismatch, 400],
    expired: ['InvalidSignatureException', 'Signature expired.', 400],
  },
  s3: {
    missing: ['AccessDenied', 'Access Denied', 403],
    malformed: ['AuthorizationHeaderMalformed', 'The authorization header that you provided is not valid.', 400],
    unknownKey: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403],
    skewed: ['RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', 403],
    mismatch: ['SignatureDoesNotMatch', `${shortMismatch} Check your key and signing method.`, 403],
    expired: ['AccessDenied', 'Request has expired', 403],
  },
  sts: query,
  iam: query,
};

const tolerance = 15 * 60_000;

/** Who signed the request. Throws the service's own refusal when nobody known did, or not with the right secret. */
export function authenticate(
  exchange: Exchange,
  service: Service,
  signature: Signature | 'malformed' | undefined,
  body: Buffer,
): PracticeIdentity {
  const refuse = (why: Refusal): never => {
    const [code, text, status] = refusals[service][why];
    throw new AwsError(code, text, { status });
  };
  if (signature === undefined) {
    return refuse('missing');
  }
  if (signature === 'malformed') {
    return refuse('malformed');
  }
  const identity = identityOf(signature.accessKeyId) ?? refuse('unknownKey');
  // The wall clock, not the clock of practice AWS: clients sign with theirs, also while a test lets a year go by.
  const age = Date.now() - momentOf(signature.moment);
  if (signature.expiresIn === undefined ? Math.abs(age) > tolerance : age > signature.expiresIn * 1000) {
    return refuse(signature.expiresIn === undefined ? 'skewed' : 'expired');
  }
  const payloadHash =
    service === 's3'
      ? (header(exchange, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD')
      : createHash('sha256').update(body).digest('hex');
  return signatureHolds(exchange, signature, identity.credentials.secretAccessKey, payloadHash)
    ? identity
    : refuse('mismatch');
}
