import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { findObject } from '../aws/s3.ts';
import { byteWords } from '../ceremony/byte-count.ts';
import type { Answers, ChoiceQuestion, Option, Question } from '../ceremony/question.ts';
import { completePath } from '../disk/complete-path.ts';
import type { Facts } from './facts.ts';
import { sampleFile } from './file-names.ts';
import { destinationWords, findNameProblem, objectName } from './object-name.ts';
import { targetOf, uploadOutcome } from './object-upload.ts';
import { sha256OfPath, uploadedBefore } from './own-object.ts';
import { sampleSize } from './sample.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

/** Asks what should be encrypted: a sample that is made now, or the person's files. */
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
      const guardProblem = folder.has(sampleFile)
        ? await new UploadGuard(facts, services).problem(folder.file(sampleFile))
        : undefined;
      return guardProblem ?? takenProblem(folder.file(sampleFile), answers, services);
    },
  };
}

/** Gives the prefix from the answers; an empty text when nobody was asked. */
const prefixOf = ({ prefix = '' }: Answers) => String(prefix);

/** Asks which files to upload, and then for the act itself; nothing where the sample is uploaded. */
export function ownFilesQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  if (answers.what !== 'files') return [];
  const files = filesQuestion(facts, answers, services);
  return answers.files === undefined ? [files] : [files, uploadQuestion(answers)];
}

/** Names the act: what is uploaded to where, and that the bucket is made first. */
function uploadWords(what: string, answers: Answers): string {
  const place = destinationWords({ bucket: String(answers.bucket), prefix: prefixOf(answers) });
  return answers.where === 'new' ? `Make the bucket, and upload ${what} to ${place}` : `Upload ${what} to ${place}`;
}

/** Gives the size of a file in bytes; 0 where it cannot be looked at, because the upload tells that. */
function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** Asks for the upload of the chosen files, by its name: how many, how large, and where they go. */
function uploadQuestion(answers: Answers): ChoiceQuestion {
  const paths = [answers.files ?? []].flat().map(String);
  const sizes = paths.map(sizeOf);
  const size = byteWords(sizes.reduce((sum, each) => sum + each, 0));
  const count = paths.length === 1 ? '1 file' : `${paths.length} files`;
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
        label: uploadWords(`${count}, ${size},`, answers),
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

/** Asks which files to upload. Looks into each file for the secret, and in the bucket for an object of its name. */
function filesQuestion(facts: Facts, answers: Answers, services: Services): Question {
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
