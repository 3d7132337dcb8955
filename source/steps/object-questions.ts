import { readdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findBucketNameProblem, isWholeBucketName, suggestedBucketName } from '../aws/bucket-name.ts';
import { findBucket, findObject, findOwner, listBuckets } from '../aws/s3.ts';
import type { Answers, ChoiceQuestion, Option, Question } from '../ceremony/question.ts';
import { completePath } from '../disk/complete-path.ts';
import { lookAtBucket } from './bucket-look.ts';
import { type Facts, need } from './facts.ts';
import { sampleFile } from './file-names.ts';
import { findNameProblem, objectName } from './object-name.ts';
import { targetOf, uploadOutcome } from './object-upload.ts';
import { sha256OfPath, uploadedBefore } from './own-object.ts';
import { answersOf, outcomeOf } from './past.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

/** Builds the questions of the step that encrypts objects (which bucket, which files) from the answers so far. */
export function objectQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  const lookedAt = bucketLookedAt(services);
  const questions: Question[] = [lookedAt === undefined ? placeQuestion : { ...placeQuestion, default: 'existing' }];
  if (answers.where === 'existing')
    questions.push({
      ...existingBucketQuestion(facts, services),
      ...(lookedAt === undefined ? {} : { default: lookedAt }),
    });
  if (answers.where === 'new') questions.push(newBucketQuestion(facts, services));
  if (answers.where === 'new' || answers.where === 'existing')
    questions.push(contentQuestion(facts, answers, services));
  if (answers.what === 'files') questions.push(filesQuestion(facts, answers, services));
  return questions;
}

/** Gives the bucket that the person has looked at before the key was made, or was given its material. */
function bucketLookedAt(services: Services): string | undefined {
  const answers = [answersOf(services, 'policy'), answersOf(services, 'key-policy')];
  const looked = answers.find(({ proceed }) => proceed === 'look');
  return looked === undefined ? undefined : String(looked.bucket);
}

const placeQuestion: ChoiceQuestion = {
  kind: 'choice',
  id: 'where',
  ask: 'Where should the first object go?',
  label: 'Bucket',
  form: 'new, existing or later',
  options: [
    { value: 'new', label: 'Into a new bucket' },
    { value: 'existing', label: 'Into a bucket that I have' },
    { value: 'later', label: 'Not now' },
  ],
  default: 'new',
  help: 'A bucket of S3 holds objects, as a folder holds files. It must be in the Region of the key.',
};

/** Asks what should be encrypted: a sample that is made now, or the person's files. */
export function contentQuestion(facts: Facts, answers: Answers, services: Services): ChoiceQuestion {
  const notes = services.bucketNotes.about(String(answers.bucket));
  return {
    kind: 'choice',
    id: 'what',
    ask: 'What should be encrypted?',
    label: 'Content',
    form: 'sample or files',
    options: [
      { value: 'sample', label: 'A small sample file', hint: 'made now, to see that it works' },
      { value: 'files', label: 'Files of mine' },
    ],
    default: 'sample',
    ...(notes.length === 0 ? {} : { help: notes.join('\n') }),
    verify: async (answer) => {
      if (answer !== 'sample') return undefined;
      const { folder } = services;
      const nameProblem = findNameProblem(sampleFile, prefixOf(answers));
      if (nameProblem !== undefined) return nameProblem;
      const guardProblem = folder.has(sampleFile)
        ? await new UploadGuard(facts, services).problem(folder.file(sampleFile))
        : undefined;
      return guardProblem ?? takenProblem(folder.file(sampleFile), answers, services);
    },
  };
}

/** Gives the prefix from the answers; an empty text when nobody was asked. */
const prefixOf = ({ prefix = '' }: Answers) => String(prefix);

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
  return {
    kind: 'text',
    id: 'bucket',
    ask: 'What should the new bucket be called?',
    label: 'Bucket',
    form: '3 to 63 small letters, digits and hyphens',
    default: suggestedBucket(facts),
    longest: 63,
    check: findBucketNameProblem,
    // There is nothing to tell of a name that is taken.
    notice: (text) => (isWholeBucketName(text) ? '' : undefined),
    suggest: suggestedBucketName,
    verify: async (answer) => {
      const bucket = String(answer);
      if (outcomeOf({ journal }, 'encrypt-objects', `create bucket ${bucket}`) !== undefined) return undefined;
      const { s3 } = session.clients;
      const existing = await findBucket(s3, bucket);
      if (existing === 'absent') return undefined;
      const owner = existing === 'denied' ? await findOwner(s3, bucket) : 'own';
      if (owner === 'foreign') return `${bucket} belongs to another account. Choose another name.`;
      // Without s3:ListBucket, S3 may answer so for a name that is free. CreateBucket tells.
      return owner === 'unknown' ? undefined : `${bucket} exists already. Choose another name, or go back and use it.`;
    },
    help: 'All of AWS shares these names. The bucket is private, as every new one.',
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

/** Asks which files to upload. Looks into each file for the secret, and in the bucket for an object of its name. */
export function filesQuestion(facts: Facts, answers: Answers, services: Services): Question {
  const guard = new UploadGuard(facts, services);
  return {
    kind: 'many',
    id: 'files',
    ask: 'Which files?',
    label: 'Files',
    form: 'paths of files',
    least: 1,
    typed: 'path of a file',
    complete: (text) => completePath(text, [process.cwd()]),
    options: filesHere(guard),
    looksIn: `the folder ${process.cwd()}`,
    check: (path) => guard.placeProblem(path),
    verify: async (answer) => {
      const paths = answer as readonly string[];
      const prefix = prefixOf(answers);
      const names = paths.map((path) => basename(path));
      const repeatedName = names.find((name, index) => names.indexOf(name) !== index);
      if (repeatedName !== undefined)
        return `Two of the files are called ${repeatedName}; they would overwrite each other in the bucket.`;
      for (const path of paths) {
        const problem = findNameProblem(path, prefix) ?? (await guard.problem(path));
        if (problem !== undefined) return problem;
      }
      for (const path of paths) {
        const problem = await takenProblem(resolve(path), answers, services);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
    help:
      prefixOf(answers) === ''
        ? 'Each is uploaded under its own name.'
        : `Each is uploaded under its own name, after the prefix: ${objectName('NAME', prefixOf(answers))}`,
  };
}

/** Gives the files of the current folder as options. Files that may not be uploaded stay visible, with the reason. */
function filesHere(guard: UploadGuard): readonly Option[] {
  const here = realpathSync(process.cwd());
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => {
      const meaning = guard.kept.find(({ realPath }) => realPath === join(here, name))?.is;
      return { value: name, label: name, ...(meaning === undefined ? {} : { disabled: meaning }) };
    });
}

/**
 * Says that the name of this file's object is taken in the bucket; `undefined` when it is not. An object does not count that
 * a ceremony in this folder uploaded from the same bytes. Gives `undefined` also when S3 cannot be asked, because a permission
 * is missing or the bucket is in another Region: then S3 itself refuses the upload.
 */
async function takenProblem(path: string, answers: Answers, services: Services): Promise<string | undefined> {
  const { session, journal } = services;
  const target = targetOf({ bucket: String(answers.bucket), prefix: prefixOf(answers) }, path);
  const outcome = uploadOutcome(journal, target);
  // A new bucket is empty. With the outcome `none`, the object may be from an upload whose answer was lost.
  if (answers.where === 'new' || outcome === 'done' || outcome === 'none') return undefined;
  const objectInS3 = await findObject(session.clients.s3, target.bucket, target.key).catch(() => 'not shown' as const);
  if (objectInS3 === 'absent' || objectInS3 === 'not shown') return undefined;
  const earlierObject = uploadedBefore(services, target);
  const isUnchanged =
    earlierObject !== undefined &&
    objectInS3.size === earlierObject.size &&
    (await sha256OfPath(path)) === earlierObject.sha256;
  if (isUnchanged) return undefined;
  if (earlierObject !== undefined)
    return `s3://${target.bucket}/${target.key} was uploaded from here before, and ${path} has other bytes now. No object is replaced: choose a prefix, or give the file another name.`;
  return `s3://${target.bucket}/${target.key} exists already, and no object is replaced. Move it, or choose another bucket or other files.`;
}
