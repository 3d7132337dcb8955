import { type LockRule, readObjectLock } from '../aws/bucket-settings.ts';
import { describeKey } from '../aws/kms.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ProblemPhrase } from '../ceremony/question.ts';
import { chooseAgain } from './encrypt-files.ts';
import { expiryClause } from './expiry.ts';
import { type Connection, type Facts, need, type Objects } from './facts.ts';
import type { Services } from './services.ts';

// Pages: S3 user guide, "Locking objects with Object Lock"; KMS developer guide, "Special considerations for imported key
// material".

/** The name of the answer that accepts an Object Lock. */
export const lockQuestion = 'accept-object-lock';

/**
 * When nobody can remove the objects of a bucket and the material of the key expires, the objects may outlive the key that opens
 * them. Makes sure that the person has accepted that by typing the name of the bucket. Calls GetObjectLockConfiguration and
 * DescribeKey.
 * @returns what was accepted; an empty object when there is nothing to accept, or when S3 does not show the Object Lock.
 * @throws ProblemError with the question, when the person has not accepted it in this run. No object was sent then.
 */
export async function confirmLock(
  facts: Facts,
  services: Services,
  bucket: string,
): Promise<Pick<Objects, 'acceptedLock'>> {
  const { keyId, alias } = need(facts, 'key');
  const rule = await findComplianceRule(need(facts, 'connection'), services, bucket);
  if (rule === undefined) return {};
  const { ValidTo } = await describeKey(services.session.clients.kms, keyId);
  if (ValidTo === undefined) return {};
  const validTo = ValidTo.toISOString();
  if (services.acceptedLocks.has(bucket)) return { acceptedLock: { period: rule.period, validTo } };
  const why = outlivingWords({ bucket, alias, validTo, rule });
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't upload to ${bucket} before you accept that its objects may outlive the key.`,
    why,
    state: 'No object was sent.',
    next: [
      `If you want that, confirm it with an answer: encrypt-objects.${lockQuestion}: ${bucket}`,
      `For keyferry encrypt it is a flag: --${lockQuestion} ${bucket}`,
      `Or import the material again so that it does not expire (${services.ownCommand('expiry')}), or choose another bucket.`,
    ],
    remedies: [chooseAgain],
    ask: acceptQuestion(bucket, why, services),
  });
}

/**
 * Says what has to be accepted before objects go into a bucket, when nobody can remove them and the material will expire. Gives
 * `undefined` when nothing has to be accepted, when the person has accepted it in this run, and before there is a connection. In
 * the rehearsal of an answers file, `imported` is what the import would give. Calls GetObjectLockConfiguration.
 */
export async function findUnacceptedLock(
  { connection, description, imported }: Facts,
  services: Services,
  bucket: string,
): Promise<string | undefined> {
  const validTo = imported?.validTo;
  if (connection === undefined || typeof validTo !== 'string' || services.acceptedLocks.has(bucket)) return undefined;
  const rule = await findComplianceRule(connection, services, bucket);
  if (rule === undefined) return undefined;
  const alias = description?.alias ?? 'the key';
  return `${outlivingWords({ bucket, alias, validTo, rule })} If you want that, add this answer: encrypt-objects.${lockQuestion}: ${bucket}`;
}

/**
 * Gives the rule of a bucket whose objects nobody can remove: Object Lock in mode COMPLIANCE. `undefined` for any other bucket,
 * and when S3 does not show the rule.
 */
async function findComplianceRule(
  { accountId: owner }: Connection,
  { session }: Services,
  bucket: string,
): Promise<LockRule | undefined> {
  const lock = await readObjectLock(session.clients.s3, { bucket, owner });
  return typeof lock === 'object' && lock.is.mode === 'COMPLIANCE' ? lock.is : undefined;
}

type Outliving = {
  readonly bucket: string;
  readonly alias: string;
  readonly validTo: string;
  readonly rule: LockRule;
};

/** Says what may come of objects that stay longer than their key. */
function outlivingWords({ bucket, alias, validTo, rule }: Outliving): string {
  return `${bucket} has Object Lock in mode COMPLIANCE: nobody can remove an object for ${rule.period}, and each is billed that long. The material of ${alias} ${expiryClause(validTo)}. After that nobody can read these objects, unless the same material is imported again; where it is lost, they stay and cannot be read.`;
}

/** Asks the person to accept the Object Lock of a bucket by typing its name. */
function acceptQuestion(bucket: string, help: string, { acceptedLocks }: Services): ProblemPhrase {
  return {
    kind: 'phrase',
    id: lockQuestion,
    ask: `May these objects outlive their key? Type ${bucket} to accept it.`,
    label: 'Object Lock',
    form: `the name of the bucket, ${bucket}`,
    phrase: bucket,
    decline: 'stop',
    help,
    confirm: () => acceptedLocks.add(bucket),
  };
}
