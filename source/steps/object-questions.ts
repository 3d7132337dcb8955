import { findBucketNameProblem, isWholeBucketName, suggestedBucketName } from '../aws/bucket-name.ts';
import { findBucket, findOwner, listBuckets } from '../aws/s3.ts';
import type { Answers, ChoiceQuestion, Question } from '../ceremony/question.ts';
import { madeBackup } from './backup-fact.ts';
import { lookAtBucket } from './bucket-look.ts';
import { contentQuestion, ownFilesQuestions } from './content-questions.ts';
import { expiryClause } from './expiry.ts';
import { type Facts, need, secretInKms } from './facts.ts';
import { shortId } from './materials.ts';
import { answersOf, outcomeOf } from './past.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

// Pages: S3 user guide, "General purpose bucket naming rules", "Blocking public access to your Amazon S3 storage",
// "Using server-side encryption with AWS KMS keys (SSE-KMS)".

/** Builds the questions of the step that encrypts objects (which bucket, which files) from the answers so far. */
export function objectQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  const lookedAt = bucketLookedAt(services);
  const place = placeQuestion(facts, services);
  const questions: Question[] = [lookedAt === undefined ? place : { ...place, default: 'existing' }];
  if (answers.where === 'existing')
    questions.push({
      ...existingBucketQuestion(facts, services),
      ...(lookedAt === undefined ? {} : { default: lookedAt }),
    });
  if (answers.where === 'new') questions.push(newBucketQuestion(facts, services));
  if (answers.where === 'new' || answers.where === 'existing')
    questions.push(contentQuestion(facts, answers, services));
  return [...questions, ...ownFilesQuestions(facts, answers, services)];
}

/** Gives the bucket that the person has looked at before the key was made or got its material; `undefined` without such a look. */
function bucketLookedAt(services: Services): string | undefined {
  const answers = [answersOf(services, 'policy'), answersOf(services, 'key-policy')];
  const looked = answers.find(({ proceed }) => proceed === 'look');
  return looked === undefined ? undefined : String(looked.bucket);
}

/** Asks where the first object goes. This page, which stays until an answer, is the first to say that the KMS key works. */
function placeQuestion(facts: Facts, services: Services): ChoiceQuestion {
  const isProven = facts.proof !== undefined;
  return {
    kind: 'choice',
    id: 'where',
    asked: 'always',
    title: isProven ? 'Your key is Enabled, and it works' : 'Your key is Enabled',
    ask: 'Where should the first object go?',
    label: 'Bucket',
    form: 'new, existing or later',
    table: { head: [], rows: keyRows(facts, services) },
    options: [
      { value: 'new', label: 'Into a new bucket' },
      { value: 'existing', label: 'Into a bucket that I have' },
      { value: 'later', label: 'Finish for now' },
    ],
    default: 'new',
    help: `${isProven ? 'KMS made a data key with your key, and opened it again. ' : ''}A bucket of S3 holds objects, as a folder holds files. It must be in the Region of the key.`,
  };
}

/**
 * Gives the rows by which a person recognises the key that works now: check value, material and backup. Leaves out what does not
 * exist, and the check value when nothing shows that KMS holds the secret.
 */
function keyRows(facts: Facts, { folder }: Services): readonly (readonly string[])[] {
  const secret = keyHere(facts.secret);
  const { imported } = facts;
  const backup = madeBackup(facts.backup);
  return [
    ...(secret === undefined || secretInKms(facts) !== 'shown' ? [] : [['Check value', secret.checkValue.value]]),
    ...(imported === undefined ? [] : [['Material', `${shortId(imported)}, ${expiryClause(imported.validTo)}`]]),
    ...(backup === undefined ? [] : [['Backup', `${folder.shown}/${backup.file}`]]),
  ];
}

/** Suggests a bucket name. It is always the same for a key, so that a continued ceremony finds its own bucket. */
export function suggestedBucket(facts: Facts): string {
  const { alias, keyId } = need(facts, 'key');
  return bucketNameFor(alias, keyId);
}

/**
 * Gives the bucket name that Keyferry suggests for a key: from its alias, or from its id when it has no alias.
 * @param keyId the last eight characters go into the name.
 */
export function bucketNameFor(alias: string, keyId: string): string {
  // A bucket name has small letters, digits and hyphens, and no hyphen at either end. 63 characters are the most.
  const name = (alias === keyId ? 'key' : alias)
    .replace(/^alias\//, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
  return `keyferry-${name.slice(0, 40).replace(/-+$/, '') || 'key'}-${keyId.slice(-8)}`;
}

/** Asks for the name of the bucket that the step will make. */
export function newBucketQuestion(facts: Facts, { session, journal }: Services): Question {
  const { accountId: owner } = need(facts, 'connection');
  return {
    kind: 'text',
    id: 'bucket',
    ask: 'What should the new bucket be called?',
    label: 'Bucket',
    form: '3 to 63 small letters, digits and hyphens',
    default: suggestedBucket(facts),
    longest: 63,
    check: findBucketNameProblem,
    // An empty line: there is nothing to say about a whole name before S3 is asked.
    notice: (text) => (isWholeBucketName(text) ? '' : undefined),
    suggest: suggestedBucketName,
    verify: async (answer) => {
      const bucket = String(answer);
      // When this ceremony has tried to make the bucket, a bucket of this name may be its own.
      if (outcomeOf({ journal }, 'encrypt-objects', `create bucket ${bucket}`) !== undefined) return undefined;
      const { s3 } = session.clients;
      const place = { bucket, owner };
      const existing = await findBucket(s3, place);
      if (existing === 'absent') return undefined;
      const existsWords = `${bucket} exists already. Choose another name, or go back and use it.`;
      if (typeof existing === 'object') return existsWords;
      const whose = existing === 'denied' ? await findOwner(s3, place) : existing;
      if (whose === 'foreign') return `${bucket} belongs to another account. Choose another name.`;
      // Without s3:ListBucket, S3 denies the look also at a name that is free. CreateBucket shows later whether it is.
      return whose === 'unknown' ? undefined : existsWords;
    },
    help: 'All accounts of a partition of AWS share these names. The bucket is private, as every new one.',
  };
}

/** Asks for a bucket in the key's Region. Lists the buckets of the caller. */
export function existingBucketQuestion(facts: Facts, services: Services): ChoiceQuestion {
  const { region } = need(facts, 'connection');
  const { session, bucketNotes } = services;
  return {
    kind: 'choice',
    id: 'bucket',
    ask: 'Which bucket?',
    label: 'Bucket',
    form: `the name of a bucket in ${region}`,
    options: async function* () {
      for await (const page of listBuckets(session.clients.s3)) {
        yield page.map((bucket) => ({
          value: bucket.name,
          label: bucket.name,
          ...(bucket.region === undefined || bucket.region === region
            ? {}
            : { disabled: `in ${bucket.region}; the key is in ${region}` }),
        }));
      }
    },
    check: findBucketNameProblem,
    verify: async (answer) => (await lookAtBucket(facts, services, String(answer))).refusal,
    remarks: (answer) => bucketNotes.about(String(answer)),
  };
}
