import { seeObject } from '../aws/object-look.ts';
import { byteWords } from '../ceremony/byte-count.ts';
import type { Answers, ChoiceQuestion, Question } from '../ceremony/question.ts';
import { sha256Of } from '../disk/sha256.ts';
import { destinationWords, findNameProblem, objectName } from '../objects/object-name.ts';
import { destinationOf, filesToEncrypt, prefixOf } from './chosen-files.ts';
import { uploadOutcome } from './encrypt-files.ts';
import { type Facts, need } from './facts.ts';
import { sampleFile } from './file-names.ts';
import { chosenWords, filesQuestions } from './files-question.ts';
import { sampleSize } from './sample.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

/**
 * Asks what should be encrypted: a sample that is made now, or the person's files. Refuses the sample when its name or its file
 * may not be uploaded, and when another object has its name.
 */
export function contentQuestion(facts: Facts, answers: Answers, services: Services): ChoiceQuestion {
  const notes = services.bucketNotes.about(String(answers.bucket));
  return {
    kind: 'choice',
    id: 'what',
    asked: 'always',
    ask: 'What should be encrypted?',
    label: 'Content',
    form: 'sample or files',
    options: [
      { value: 'sample', label: uploadWords(`a sample of ${byteWords(sampleSize(facts, services))}`, answers) },
      { value: 'files', label: 'Choose files of mine' },
    ],
    default: 'sample',
    ...(notes.length === 0 ? {} : { help: notes.join('\n') }),
    verify: async (answer) => {
      if (answer !== 'sample') return undefined;
      const { folder } = services;
      const nameProblem = findNameProblem(sampleFile, prefixOf(answers));
      if (nameProblem !== undefined) return nameProblem;
      // The file may be there already: from an earlier run, or put there by somebody.
      const guardProblem = folder.has(sampleFile)
        ? await new UploadGuard(facts, services).problem(folder.file(sampleFile))
        : undefined;
      return guardProblem ?? sampleTakenProblem(facts, answers, services);
    },
  };
}

/** Asks which files to upload, and then whether to upload them. Asks nothing when the person chose the sample. */
export function ownFilesQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  if (answers.what !== 'files') return [];
  const questions = filesQuestions(facts, answers, services);
  return answers.files === undefined ? questions : [...questions, uploadQuestion(answers, services)];
}

/** Names the act: what is uploaded to where, and that the bucket is made first. */
function uploadWords(what: string, answers: Answers): string {
  const place = destinationWords(destinationOf(answers));
  return answers.where === 'new' ? `Make the bucket, and upload ${what} to ${place}` : `Upload ${what} to ${place}`;
}

/** Asks whether to upload the chosen files now. Says how many they are, how large, and where they go. */
function uploadQuestion(answers: Answers, services: Services): ChoiceQuestion {
  return {
    kind: 'choice',
    id: 'upload',
    asked: 'always',
    ask: 'Upload them now?',
    label: 'Upload',
    form: 'upload',
    options: [
      {
        value: 'upload',
        label: uploadWords(`${chosenWords(answers, services)},`, answers),
      },
      {
        value: 'others',
        label: 'Choose other files',
        leads: { action: 'ask-again', label: 'Choose other files', question: 'files' },
      },
    ],
    default: 'upload',
  };
}

/**
 * Says that the name of the sample's object is taken in the bucket; `undefined` when it is not. An object that a ceremony in this
 * folder uploaded from the same bytes does not count. Gives `undefined` also when S3 does not show the object, for example
 * because a permission is missing or the bucket is in another Region: then S3 itself refuses the upload.
 */
async function sampleTakenProblem(facts: Facts, answers: Answers, services: Services): Promise<string | undefined> {
  const files = filesToEncrypt({ ...answers, what: 'sample' }, services);
  const outcome = uploadOutcome(facts, services, files);
  // A new bucket is empty. When this ceremony has begun the upload, an object of that name is, or may be, its own.
  if (answers.where === 'new' || outcome === 'done' || outcome === 'unknown') return undefined;
  const { bucket, prefix } = files.destination;
  const key = objectName(sampleFile, prefix);
  const { s3 } = services.session.clients;
  const { accountId: owner } = need(facts, 'connection');
  const seen = await seeObject(s3, { bucket, key, owner }).catch(() => 'not shown' as const);
  // A string says that no object was seen.
  if (typeof seen === 'string') return undefined;
  const before = services.earlier?.objects.findLast((object) => object.bucket === bucket && object.key === key);
  const { folder } = services;
  const isOwn =
    before !== undefined &&
    folder.has(sampleFile) &&
    seen.size === before.size &&
    sha256Of(folder.read(sampleFile)) === before.sha256;
  if (isOwn) return undefined;
  return `s3://${bucket}/${key} exists already, and no object is replaced. Move it, or choose another bucket or other files.`;
}
