import { statSync } from 'node:fs';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { ActContext } from '../ceremony/step.ts';
import { destinationWords } from '../objects/object-name.ts';
import { awsCommand, findNamedKeyCommand } from './aws-command-line.ts';
import { destinationOf, filesToEncrypt, inputsOf } from './chosen-files.ts';
import { chooseAgain, encryptFiles, type FilesToEncrypt, uploadOutcome } from './encrypt-files.ts';
import { countOf, type Facts, need, type Objects, secretInKms } from './facts.ts';
import { sampleFile, userProofScript } from './file-names.ts';
import { confirmLock, findUnacceptedLock, lockQuestion } from './lock-consent.ts';
import { makeBucket } from './object-bucket.ts';
import { objectQuestions, suggestedBucket } from './object-questions.ts';
import { includesCaller } from './own-principal.ts';
import { isStrict } from './policy-kind.ts';
import { sampleLine, writeSample } from './sample.ts';
import type { KeyferryStep, Services } from './services.ts';
import { uploadCommands } from './upload-commands.ts';
import { UploadGuard } from './upload-guard.ts';
import { userUploadCommands } from './user-proof.ts';

// Pages: S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)"; S3 API reference, PutObject.

/** Uploads the first objects under the key, or a sample, and checks each of them in S3. */
export const encryptObjects: KeyferryStep = {
  id: 'encrypt-objects',
  asks: ['where', 'bucket', 'what', 'files', 'read-back', 'upload'],
  asksInProblems: [lockQuestion],
  mayLeaveQuestionsUnasked: isLeftToUser,
  mayEndEarly: true,
  needs: ['connection', 'secret', 'description', 'backup', 'key', 'wrapped', 'imported'],
  mayRead: ['notOpened', 'leftToUser', 'people', 'proof'],
  provides: ['objects'],
  title: 'Objects',
  done: 'Objects encrypted',
  place: 'S3',
  lasting: true,
  why: 'S3 encrypts each object under your key if the upload names it, and confirms the checksum of its bytes.',
  goesWrong: [
    "--sse aws:kms without a key id uses aws/s3, and not your key. Only S3's answer tells.",
    'A small file goes up, and a large one is AccessDenied: uploads in parts need kms:Decrypt too.',
    'The ETag is not the MD5 of the object any more. Tools that compare the two report damage.',
  ],

  questions({ facts, answers, services }) {
    if (isLeftToUser(facts)) return [];
    const questions = objectQuestions(facts, answers, services);
    // Only the most urgent warning is shown.
    if (secretInKms(facts) === 'other') return questions.map((question) => withWarning(question, otherBytesWarning));
    if (isLeftOut(facts)) return questions.map((question) => withWarning(question, leftOutWarning));
    return facts.notOpened === undefined
      ? questions
      : questions.map((question) => withWarning(question, notAUserWarning));
  },

  commands({ facts, answers, services }) {
    if (isLeftToUser(facts)) return userUploadCommands(facts, services);
    if (answers.where === 'later') return [];
    const { bucket, prefix } = destinationOf({ bucket: suggestedBucket(facts), ...answers });
    const makeBucketCommand = {
      says: 'Make the bucket',
      shell: awsCommand(facts, services, `s3 mb ${quote(`s3://${bucket}`)}${tagWords(facts)}`),
    };
    const makeSampleCommand = {
      says: 'Make the sample',
      shell: `printf '%s\\n' ${quote(sampleLine(facts))} > ${sampleFile}`,
    };
    return [
      findNamedKeyCommand(facts, services, need(facts, 'key').alias),
      ...(answers.where === 'new' ? [makeBucketCommand] : []),
      ...(answers.what === 'files' ? [] : [makeSampleCommand]),
      ...pathsOf(answers).flatMap((path) => uploadCommands({ facts, answers, services }, { bucket, prefix }, path)),
    ];
  },

  async findRefusal({ facts, answers, services }) {
    if (isLeftToUser(facts) || answers.where !== 'existing') return undefined;
    return findUnacceptedLock(facts, services, destinationOf(answers).bucket);
  },

  async act(context) {
    const { answers, services, facts } = context;
    if (isLeftToUser(facts) || answers.where === 'later') return { objects: { bucket: '', objects: [] } };
    if (answers.what === 'sample') writeSample(facts, services);
    const files = filesToEncrypt(answers, services);
    await refuseSecrets(context, files);
    const { bucket } = files.destination;
    if (answers.where === 'new') await makeBucket(context, bucket);
    // A new bucket has no Object Lock.
    const accepted = answers.where === 'new' ? {} : await acceptLock(context, bucket);
    return { objects: { ...(await encryptFiles(context, files)), ...accepted } };
  },

  receipt(facts) {
    const { bucket, prefix = '' } = need(facts, 'objects');
    if (isLeftToUser(facts)) return `Uploads left to a user of the key; the commands are in ${userProofScript}`;
    const count = countOf(need(facts, 'objects'));
    if (count === 0) return 'No objects encrypted yet';
    const objectsWords = count === 1 ? '1 object' : `${count} objects`;
    return `${objectsWords} encrypted in ${destinationWords({ bucket, prefix })}, ${checkWords(need(facts, 'objects'))}`;
  },
};

/** Says how the objects were checked. */
function checkWords(checked: Objects): string {
  const { objects, found = 0, unconfirmed = 0 } = checked;
  // The listed objects say how they were checked. When there are too many to list, only their totals are known.
  const unread = objects.length > 0 ? objects.filter(({ verified }) => !verified).length : unconfirmed;
  if (unread > 0) return `key named by S3; ${unread} not read back: you may not read objects there`;
  // Earlier versions noted no count. They read back each object that the caller may read: here, all of them.
  const readBack = checked.readBack ?? objects.length;
  const there = found === 0 ? '' : `; ${found} of them were there already`;
  if (readBack === countOf(checked)) return `key checked, read back${there}`;
  // `readBack` is more than 0 when S3 had no checksum of some objects, so that these were read back in place of that.
  const orReadBack = readBack === 0 ? '' : ', or read back';
  return `key named and checksum confirmed by S3${orReadBack}${there}`;
}

/** Tells whether the uploads are left to a user of the key, as the proof is. */
function isLeftToUser({ leftToUser }: Facts): boolean {
  return leftToUser !== undefined;
}

/** Warns a person before anything is encrypted under bytes of which there is no copy here. */
export const otherBytesWarning =
  'WARNING: you wrapped other bytes than the secret of this ceremony, so no backup here is of this key. If its material expires or is deleted, only the bytes that you wrapped can open what you upload.';

/** Tells whether a strict policy keeps the caller from uploading: IAM cannot let in whom the policy does not name. */
function isLeftOut(facts: Facts): boolean {
  const { people, connection } = facts;
  // Before a connection, the rehearsal of an answers file knows no caller.
  if (!isStrict(facts) || connection === undefined || connection.callerArn === '') return false;
  return !includesCaller(people?.users ?? [], connection);
}

const leftOutWarning =
  'You are not among the users of the key, and by its strict policy they alone upload under it. Let a user of the key upload.';

const notAUserWarning = 'KMS did not let you use the key, and an upload needs that. Let a user of the key upload.';

/** Adds a warning to the question `where`, and makes `later` its default. */
function withWarning(question: Question, warning: string): Question {
  if (question.id !== 'where' || question.kind !== 'choice') return question;
  return { ...question, default: 'later', help: `${warning}\n${question.help ?? ''}` };
}

/**
 * Gives what is uploaded, for commands. The sample's path is relative to the ceremony's folder, in which printed commands run;
 * the person's files have absolute paths.
 */
const pathsOf = (answers: Answers): readonly string[] => (answers.what === 'files' ? inputsOf(answers) : [sampleFile]);

/** Gives the options of `aws s3 mb` for the tags of a new bucket. */
function tagWords({ description }: Facts): string {
  return (description?.tags ?? []).map(({ key, value }) => ` --tags ${quote(key)} ${quote(value)}`).join('');
}

/**
 * Looks into each file that was named, before anything is uploaded. Files in folders are not looked into here: each upload looks
 * into its own file. Does nothing when the upload is done.
 * @throws ProblemError when a file holds one of this ceremony's secrets, or cannot be read.
 */
async function refuseSecrets({ facts, services }: ActContext<Facts, Services>, files: FilesToEncrypt): Promise<void> {
  // Files that this ceremony has uploaded before are not sent again.
  if (uploadOutcome(facts, services, files) === 'done') return;
  const guard = new UploadGuard(facts, services);
  try {
    for (const path of files.inputs) if (isFile(path)) await guard.refuse(path);
  } catch (error) {
    const state = 'The key is ready. Files uploaded before stay.';
    const problem = explainAwsError(error, { what: "Can't look into a file that is to be uploaded.", state });
    throw new ProblemError({ ...problem, remedies: [chooseAgain] });
  }
}

/**
 * Gives what the person accepted of the bucket's Object Lock: see {@link confirmLock}.
 * @throws ProblemError as {@link confirmLock}, also when S3 or KMS does not answer.
 */
async function acceptLock({ facts, services, signal }: ActContext<Facts, Services>, bucket: string) {
  try {
    return await confirmLock(facts, services, bucket);
  } catch (error) {
    signal.throwIfAborted();
    const what = `Can't look at the Object Lock of ${bucket}.`;
    throw new ProblemError(explainAwsError(error, { what, state: 'No object was sent.' }));
  }
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
