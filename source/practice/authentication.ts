import { createHash } from 'node:crypto';
import { AwsError } from './aws-error.ts';
import { type Exchange, header, type World } from './exchange.ts';
import { localIdentity, type PracticeIdentity } from './identities.ts';
import { findPartition } from './partition.ts';
import { findDeclined, notImplemented } from './s3/declined.ts';
import { loadObject } from './s3/object-record.ts';
import { readAddress } from './s3/service.ts';
import { type Refusal, refusals, type Service } from './signature-refusals.ts';
import { isSignatureValid, type Signature, timeOf } from './sigv4.ts';
import type { Store } from './store.ts';

/** How many milliseconds the clock of a client may differ from the clock of this machine. */
const tolerance = 15 * 60_000;
const weekInSeconds = 604_800;

/**
 * Checks the signature of a request and gives the identity that signed it, with ARNs in the partition of its Region.
 * @param service the service to which the request goes.
 * @param body the whole body. It is empty for S3, where a header contains the hash of the body.
 * @throws the service's own error when the access key, the session or the signature is not valid; further errors of S3 for a form
 * of a web page, Signature Version 2, a wrong lifetime, and a missing hash of the body.
 */
export function authenticate(
  { credentials, control, started, store }: Pick<World, 'credentials' | 'control' | 'started' | 'store'>,
  exchange: Exchange,
  service: Service,
  signature: Signature | 'malformed' | undefined,
  body: Buffer,
): PracticeIdentity {
  const now = Date.now();
  const refuse = (reason: Refusal): never => {
    const [code, text, status] = refusals[service][reason];
    const isReadable = signature !== undefined && signature !== 'malformed';
    const values = isReadable ? valuesOf(signature, service, now) : {};
    throw new AwsError(
      code,
      text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all),
      { status },
    );
  };
  if (signature === undefined || signature === 'malformed') {
    refuseForm(exchange);
    refuseVersion2(store, exchange);
    return refuse(signature ?? 'missing');
  }
  const token = header(exchange, 'x-amz-security-token') ?? exchange.query.get('X-Amz-Security-Token');
  const identity = credentials.identityOf(signature.accessKeyId, token || undefined);
  if (identity === 'unknownKey' || identity === 'token') return refuse(identity);
  if (signature.service !== service) return refuse('service');
  // Only practice AWS must check this: at AWS, a Region that does not exist has no endpoint.
  const partition = findPartition(signature.region);
  if (!partition) return refuse('region');
  if (service === 's3') checkLifetime(signature);
  if (!signature.moment.startsWith(signature.date)) return refuse('date');
  const refusalOfAge = findRefusalOfAge(signature, now);
  if (refusalOfAge !== undefined) return refuse(refusalOfAge);
  if (identity.session) {
    // A session that STS did not give has no end of its own. The settings can limit its time, which begins when we start.
    const ends = identity.session.ends ?? started + (control.sessionSeconds() ?? Infinity) * 1000;
    if (ends <= now) return refuse('ended');
  }
  const payloadHash =
    service === 's3' ? contentHashOf(exchange, signature) : createHash('sha256').update(body).digest('hex');
  return isSignatureValid(exchange, signature, credentials.secretOf(signature.accessKeyId), payloadHash)
    ? localIdentity(partition, identity)
    : refuse('mismatch');
}

/** Finds out whether a request was signed in the future or too long ago. Gives `undefined` when its age is right. */
function findRefusalOfAge({ moment, expiresIn }: Signature, now: number): Refusal | undefined {
  // The age is by the system clock, because clients sign by their system clocks. The practice clock may be a year ahead.
  const age = now - timeOf(moment);
  if (age < -tolerance) return 'early';
  if (expiresIn !== undefined) return age > expiresIn * 1000 ? 'expired' : undefined;
  return age > tolerance ? 'skewed' : undefined;
}

/** Gives the values for the placeholders in the texts of {@link refusals}. */
function valuesOf(signature: Signature, service: Service, now: number): Record<string, string> {
  const { moment, date, region, service: signedService } = signature;
  // Without dashes, colons and milliseconds, as in `20261124T031500Z`.
  const momentOf = (time: number) => new Date(time).toISOString().replace(/[-:]|\.\d{3}/g, '');
  return {
    moment,
    date,
    region,
    signedService,
    service,
    day: moment.slice(0, 8),
    now: momentOf(now),
    earliest: momentOf(now - tolerance),
    latest: momentOf(now + tolerance),
  };
}

/**
 * Gives the value of the header `x-amz-content-sha256`, which an S3 request signs in place of its body. Gives
 * `UNSIGNED-PAYLOAD` when a presigned request leaves this header out.
 * @throws InvalidRequest when any other request leaves it out.
 */
function contentHashOf(exchange: Exchange, { expiresIn }: Signature): string {
  const given = header(exchange, 'x-amz-content-sha256');
  if (given === undefined && expiresIn === undefined)
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  return given ?? 'UNSIGNED-PAYLOAD';
}

/** @throws AuthorizationQueryParametersError when a presigned request has an X-Amz-Expires over a week, below 0, or no number. */
function checkLifetime({ expiresIn = 0 }: Signature): void {
  const rules: ReadonlyArray<readonly [isWrong: boolean, text: string]> = [
    [Number.isNaN(expiresIn), 'X-Amz-Expires should be a number'],
    [expiresIn < 0, 'X-Amz-Expires must be non-negative'],
    [
      expiresIn > weekInSeconds,
      `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${weekInSeconds} seconds`,
    ],
  ];
  const mistake = rules.find(([isWrong]) => isWrong);
  if (mistake) throw new AwsError('AuthorizationQueryParametersError', mistake[1]);
}

/**
 * Refuses the form with which a web page uploads. Its signature is inside of the form, so that the request looks unsigned here.
 * @throws NotImplemented (501) for such a request.
 */
function refuseForm(exchange: Exchange): void {
  if (!header(exchange, 'content-type')?.startsWith('multipart/form-data')) return;
  // Such a form is a POST to a bucket, which is the declined operation PostObject.
  const declined = findDeclined(exchange, 'bucket');
  if (declined !== undefined) throw notImplemented(declined);
}

/**
 * Refuses a request with Signature Version 2. Buckets that were created after June 2020 do not accept this version, and
 * objects under KMS never did.
 * @throws InvalidArgument when such a request asks for SSE-KMS or names an object under KMS; else InvalidRequest.
 */
function refuseVersion2(store: Store, exchange: Exchange): void {
  if (header(exchange, 'authorization')?.startsWith('AWS ') || exchange.query.has('AWSAccessKeyId')) {
    throw header(exchange, 'x-amz-server-side-encryption')?.startsWith('aws:kms') || isUnderKms(store, exchange)
      ? new AwsError(
          'InvalidArgument',
          'Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.',
        )
      : new AwsError(
          'InvalidRequest',
          'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
        );
  }
}

/** True when a request names an object that is encrypted under KMS. */
function isUnderKms(store: Store, exchange: Exchange): boolean {
  const { bucket, key } = readAddress(exchange);
  return loadObject(store, bucket, key)?.encryption.algorithm.startsWith('aws:kms') ?? false;
}
