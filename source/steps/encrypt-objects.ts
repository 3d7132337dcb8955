import { basename } from 'node:path';
import type { Answers } from '../ceremony/question.ts';
import { quote } from '../record/shell.ts';
import { awsCommand } from './aws-command-line.ts';
import { type EncryptedObject, type Facts, need } from './facts.ts';
import { sampleFile } from './file-names.ts';
import { objectQuestions, suggestedBucket } from './object-questions.ts';
import { encryptObject, makeBucket } from './object-upload.ts';
import type { KeyferryStep, Services } from './services.ts';

export const encryptObjects: KeyferryStep = {
  id: 'encrypt-objects',
  asks: ['where', 'bucket', 'what', 'files'],
  title: 'Objects',
  done: 'Objects encrypted',
  place: 'S3',
  lasting: true,
  why: 'S3 encrypts each object under your key if the upload names it. Each one is then read back and compared.',
  goesWrong: [
    '--sse aws:kms without a key id uses aws/s3, and not your key. Nothing says so.',
    'A small file goes up, and a large one is AccessDenied: uploads in parts need kms:Decrypt too.',
    'The ETag is not the MD5 of the object any more. Tools that compare the two report damage.',
  ],
  lesson: {
    article: 'Encrypt with Custom SSE-C in S3',
    video: 'Its end: an object is uploaded and the key chosen. The article gives no times.',
    showed: 'Upload an object to a bucket in the same Region and pick the key under Encryption.',
    shows:
      'This is called SSE-KMS today; SSE-C is another thing, and blocked in new buckets. Keyferry names the full key ARN and checks it.',
  },

  questions({ facts, answers, services }) {
    return objectQuestions(facts, answers, services);
  },

  commands({ facts, answers, services }) {
    if (answers.where === 'later') return [];
    const { keyArn } = need(facts, 'key');
    const bucket = String(answers.bucket ?? suggestedBucket(facts));
    const make = { says: 'Make the bucket', shell: awsCommand(facts, services, `s3 mb ${quote(`s3://${bucket}`)}`) };
    const uploads = pathsOf(answers, services).map((path) => ({
      says: `Upload ${basename(path)} under the key`,
      shell: awsCommand(facts, services, `s3 cp ${quote(path)} ${quote(`s3://${bucket}/${basename(path)}`)}`, {
        sse: 'aws:kms',
        'sse-kms-key-id': keyArn,
      }),
    }));
    return answers.where === 'new' ? [make, ...uploads] : uploads;
  },

  async act(context) {
    const { answers, services, facts } = context;
    if (answers.where === 'later') return { objects: { bucket: '', objects: [] } };
    const bucket = String(answers.bucket);
    if (answers.where === 'new') await makeBucket(context, bucket);
    if (answers.what === 'sample') writeSample(facts, services);
    const objects: EncryptedObject[] = [];
    for (const path of pathsOf(answers, services)) objects.push(await encryptObject(context, bucket, path));
    return { objects: { bucket, objects } };
  },

  receipt(facts) {
    const { bucket, objects } = need(facts, 'objects');
    if (objects.length === 0) return 'No objects encrypted yet';
    return `${objects.length === 1 ? '1 object' : `${objects.length} objects`} encrypted in s3://${bucket}, key checked, read back`;
  },
};

function pathsOf(answers: Answers, { folder }: Services): readonly string[] {
  return answers.what === 'files' ? ((answers.files ?? []) as readonly string[]) : [folder.file(sampleFile)];
}

function writeSample(facts: Facts, { folder, clock }: Services): void {
  if (folder.has(sampleFile)) return;
  const { alias, keyArn } = need(facts, 'key');
  folder.write(sampleFile, `Made by Keyferry on ${clock().toISOString()} to try the key.\n\n${alias}\n${keyArn}\n`);
}
