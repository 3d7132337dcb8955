/** The services that practice AWS serves, by their names in the credential scope. */
export type Service = 'kms' | 's3' | 'sts' | 'iam' | 'account';

/**
 * What can be wrong with the signature of a request. `token`: the session token does not belong to the access key. `service`,
 * `region`, `date`: the scope names a wrong service, Region or date. `early`: the moment of signing is in the future.
 * `skewed`: that moment is too long ago. `mismatch`: the signature has another value. `expired`: a presigned request is too
 * old. `ended`: the session has ended.
 */
export type Refusal =
  | 'missing'
  | 'malformed'
  | 'unknownKey'
  | 'token'
  | 'service'
  | 'region'
  | 'date'
  | 'early'
  | 'skewed'
  | 'mismatch'
  | 'expired'
  | 'ended';
type Refusals = Record<Refusal, readonly [code: string, text: string, status: number]>;

const shortMismatch = 'The request signature we calculated does not match the signature you provided.';
const longMismatch = `${shortMismatch} Check your AWS Secret Access Key and signing method. Consult the service documentation for details.`;
const unknownToken = 'The security token included in the request is invalid.';
const endedToken = 'The security token included in the request is expired';
const badScope = {
  service: "Credential should be scoped to correct service: '{service}'.",
  region: 'Credential should be scoped to a valid region.',
  date: "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{date}' != '{day}', from '{moment}'.",
  skewed: 'Signature expired: {moment} is now earlier than {earliest} ({now} - 15 min.)',
  early: 'Signature not yet current: {moment} is still later than {latest} ({now} + 15 min.)',
};
const tooSkewed = 'The difference between the request time and the current time is too large.';
const malformedHeader = 'AuthorizationHeaderMalformed';

/** The errors that IAM and STS have in common. */
const queryRefusals: Refusals = {
  missing: ['MissingAuthenticationToken', 'Request is missing Authentication Token', 403],
  malformed: ['IncompleteSignature', 'Authorization header is not a valid AWS4-HMAC-SHA256 signature.', 400],
  unknownKey: ['InvalidClientTokenId', unknownToken, 403],
  token: ['InvalidClientTokenId', unknownToken, 403],
  service: ['SignatureDoesNotMatch', badScope.service, 403],
  region: ['SignatureDoesNotMatch', badScope.region, 403],
  date: ['SignatureDoesNotMatch', badScope.date, 403],
  early: ['SignatureDoesNotMatch', badScope.early, 403],
  skewed: ['SignatureDoesNotMatch', badScope.skewed, 403],
  mismatch: ['SignatureDoesNotMatch', longMismatch, 403],
  expired: ['SignatureDoesNotMatch', 'Signature expired.', 403],
  ended: ['ExpiredToken', endedToken, 403],
};

/** The errors of KMS. Those of Account Management have the same codes and texts. */
const jsonRefusals: Refusals = {
  missing: ['MissingAuthenticationTokenException', 'Missing Authentication Token', 400],
  malformed: ['IncompleteSignatureException', 'Authorization header is not a valid AWS4-HMAC-SHA256 signature.', 400],
  unknownKey: ['UnrecognizedClientException', unknownToken, 400],
  token: ['UnrecognizedClientException', unknownToken, 400],
  service: ['InvalidSignatureException', badScope.service, 400],
  region: ['InvalidSignatureException', badScope.region, 400],
  date: ['InvalidSignatureException', badScope.date, 400],
  early: ['InvalidSignatureException', badScope.early, 400],
  skewed: ['InvalidSignatureException', badScope.skewed, 400],
  mismatch: ['InvalidSignatureException', longMismatch, 400],
  expired: ['InvalidSignatureException', 'Signature expired.', 400],
  ended: ['ExpiredTokenException', endedToken, 400],
};

/** The errors of Account Management, which answers all of them with HTTP status 403. */
const jsonRefusalsWith403: Record<keyof Refusals, Refusals[keyof Refusals]> = { ...jsonRefusals };
for (const [reason, [code, text]] of Object.entries(jsonRefusals))
  jsonRefusalsWith403[reason as keyof Refusals] = [code, text, 403];

/**
 * The error of each service for each reason: code, text, HTTP status. `{name}` in a text is a placeholder. Source of the
 * codes: "Common error types" of each API reference; unverified: signature-texts.
 */
export const refusals: Record<Service, Refusals> = {
  kms: jsonRefusals,
  s3: {
    missing: ['AccessDenied', 'Access Denied', 403],
    malformed: [malformedHeader, 'The authorization header that you provided is not valid.', 400],
    unknownKey: ['InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', 403],
    token: ['InvalidToken', 'The provided token is malformed or otherwise invalid.', 400],
    service: [
      malformedHeader,
      'The authorization header is malformed; incorrect service "{signedService}". This endpoint belongs to "s3".',
      400,
    ],
    region: [
      malformedHeader,
      "The authorization header is malformed; the region '{region}' is wrong; expecting 'us-east-1'",
      400,
    ],
    date: [
      malformedHeader,
      'The authorization header is malformed; Invalid credential date "{date}". This date is not the same as X-Amz-Date: "{day}".',
      400,
    ],
    early: ['RequestTimeTooSkewed', tooSkewed, 403],
    skewed: ['RequestTimeTooSkewed', tooSkewed, 403],
    mismatch: ['SignatureDoesNotMatch', `${shortMismatch} Check your key and signing method.`, 403],
    expired: ['AccessDenied', 'Request has expired', 403],
    ended: ['ExpiredToken', 'The provided token has expired.', 400],
  },
  sts: queryRefusals,
  iam: queryRefusals,
  account: jsonRefusalsWith403,
};
