import { resolve } from 'node:path';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { ActContext, EquivalentCommand } from '../ceremony/step.ts';
import { awsCommand, findNamedKeyCommand, keyArnVariable } from './aws-command-line.ts';
import { type EncryptedObject, type Facts, need, secretInKms } from './facts.ts';
import { sampleFile, userProofScript } from './file-names.ts';
import { makeBucket } from './object-bucket.ts';
import { type Destination, destinationWords, objectName } from './object-name.ts';
import { objectQuestions, suggestedBucket } from './object-questions.ts';
import { chooseAgain, encryptObject, targetOf, uploadOutcome } from './object-upload.ts';
import { includesCaller } from './own-principal.ts';
import { isStrict } from './policy-kind.ts';
import { sampleLine, writeSample } from './sample.ts';
import type { KeyferryStep, Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';
import { userUploadCommands } from './user-proof.ts';

// Pages: S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)"; S3 API reference, PutObject.

/** Uploads the first objects under the key, or a sample, and checks each of them in S3. */
export const encryptObjects: KeyferryStep = {
  id: 'encrypt-objects',
  asks: ['where', 'bucket', 'what', 'files', 'upload'],
  mayLeaveQuestionsUnasked: isLeftToUser,
  needs: ['connection', 'secret', 'description', 'backup', 'key', 'wrapped', 'imported'],
  mayRead: ['notOpened', 'leftToUser', 'people', 'proof'],
  provides: ['objects'],
  title: 'Objects',
  done: 'Objects encrypted',
  place: 'S3',
  lasting: true,
  why: 'S3 encrypts each object under your key if the upload names it. Each one is then read back and compared, if you may read it.',
  goesWrong: [
    "--sse aws:kms without a key id uses aws/s3, and not your key. Only S3's answer tells.",
    'A small file goes up, and a large one is AccessDenied: uploads in parts need kms:Decrypt too.',
    'The ETag is not the MD5 of the object any more. Tools that compare the two report damage.',
  ],

  questions({ facts, answers, services }) {
    if (isLeftToUser(facts)) return [];
    const questions = objectQuestions(facts, answers, services);
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

  async act(context) {
    const { answers, services, facts } = context;
    if (isLeftToUser(facts) || answers.where === 'later') return { objects: { bucket: '', objects: [] } };
    const destination = destinationOf(answers);
    const { bucket, prefix } = destination;
    if (answers.what === 'sample') writeSample(facts, services);
    const paths = pathsOf(answers).map((path) => (path === sampleFile ? services.folder.file(path) : path));
    await refuseSecrets(context, destination, paths);
    if (answers.where === 'new') await makeBucket(context, bucket);
    const objects: EncryptedObject[] = [];
    for (const path of paths) objects.push(await encryptObject(context, destination, path));
    return { objects: { bucket, ...(prefix === '' ? {} : { prefix }), objects } };
  },

  receipt(facts) {
    const { objects, bucket, prefix = '' } = need(facts, 'objects');
    if (isLeftToUser(facts)) return `Uploads left to a user of the key; the commands are in ${userProofScript}`;
    if (objects.length === 0) return 'No objects encrypted yet';
    const unread = objects.filter(({ verified }) => !verified).length;
    const checkWords =
      unread === 0
        ? 'key checked, read back'
        : `key named by S3; ${unread} not read back: you may not read objects there`;
    return `${objects.length === 1 ? '1 object' : `${objects.length} objects`} encrypted in ${destinationWords({ bucket, prefix })}, ${checkWords}`;
  },
};

/** Tells whether the uploads are left to a user of the key, as the proof is. */
function isLeftToUser({ leftToUser }: Facts): boolean {
  return leftToUser !== undefined;
}

/** Warns a person before anything is encrypted under bytes of which there is no copy here. */
export const otherBytesWarning =
  'WARNING: you wrapped other bytes than the secret of this ceremony, so no backup here is of this key. If its material expires or is deleted, only the bytes that you wrapped can open what you upload.';

/** Tells whether a strict policy keeps the caller from uploading: IAM cannot let in whom it does not name. */
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

/** Gives the bucket and the prefix from the answers. */
function destinationOf({ bucket, prefix = '' }: Answers): Destination {
  return { bucket: String(bucket), prefix: String(prefix) };
}

/**
 * Gives the paths of the files to upload. The sample's path is relative to the ceremony's folder, in which printed commands
 * run; the person's files get absolute paths.
 */
function pathsOf({ what, files }: Answers): readonly string[] {
  return what === 'files' ? ((files ?? []) as readonly string[]).map((path) => resolve(path)) : [sampleFile];
}

/** What the commands depend on. */
type Basis = { readonly facts: Facts; readonly answers: Answers; readonly services: Services };

/** Gives the commands that upload one file under the key, show which key S3 used, and compare the object with the file. */
function uploadCommands(
  { facts, answers, services }: Basis,
  { bucket, prefix }: Destination,
  path: string,
): readonly EquivalentCommand[] {
  const key = objectName(path, prefix);
  const object = quote(`s3://${bucket}/${key}`);
  const headCommand = awsCommand(facts, services, 's3api head-object', {
    bucket,
    key,
    query: '[ServerSideEncryption,SSEKMSKeyId]',
    output: 'text',
  });
  // `aws s3 cp` replaces an object. Only `aws s3api put-object` can refuse to, and it takes no file above 5 GB.
  const replaceNote =
    answers.where === 'existing' ? '; this replaces an object of that name, which Keyferry does not' : '';
  return [
    {
      says: `Upload ${key} under the key${replaceNote}`,
      shell: awsCommand(facts, services, `s3 cp ${quote(path)} ${object}`, {
        sse: 'aws:kms',
        'sse-kms-key-id': keyArnVariable,
      }),
    },
    { says: 'See under which key it is', shell: headCommand },
    {
      says: 'Read it back and compare; nothing is printed where it is the same',
      shell: `${awsCommand(facts, services, `s3 cp ${object} -`)} | cmp - ${quote(path)}`,
    },
  ];
}

/** Gives the options of `aws s3 mb` for the tags of a new bucket. */
function tagWords({ description }: Facts): string {
  return (description?.tags ?? []).map(({ key, value }) => ` --tags ${quote(key)} ${quote(value)}`).join('');
}

/**
 * Refuses files with secrets before anything is uploaded: looks into all files. Each upload looks into its file once more.
 * @throws ProblemError when a file holds one of this ceremony's secrets, or cannot be read.
 */
async function refuseSecrets(
  { facts, services }: ActContext<Facts, Services>,
  destination: Destination,
  paths: readonly string[],
): Promise<void> {
  const guard = new UploadGuard(facts, services);
  try {
    // A file that this ceremony has uploaded before is not sent again.
    for (const path of paths)
      if (uploadOutcome(services.journal, targetOf(destination, path)) !== 'done') await guard.refuse(path);
  } catch (error) {
    const state = 'The key is ready. Files uploaded before stay.';
    const problem = explainAwsError(error, { what: "Can't look into a file that is to be uploaded.", state });
    throw new ProblemError({ ...problem, remedies: [chooseAgain] });
  }
}
