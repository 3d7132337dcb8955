import type { Answers } from '../ceremony/question.ts';
import { readPlanHead } from '../objects/manifest.ts';
import type { Destination } from '../objects/object-name.ts';
import { absoluteInput } from '../objects/walk.ts';
import type { FilesToEncrypt } from './encrypt-files.ts';
import { sampleFile } from './file-names.ts';
import { manifestsOf } from './manifest-names.ts';
import type { Services, UploadChoice } from './services.ts';

/** Gives the bucket and the prefix from the answers. */
export function destinationOf(answers: Answers): Destination {
  return { bucket: String(answers.bucket), prefix: prefixOf(answers) };
}

/** Gives the prefix from the answers; an empty text when nobody was asked. */
export const prefixOf = ({ prefix = '' }: Answers) => String(prefix);

/** Gives the files, folders, patterns and lists that the person named, with absolute paths. */
export const inputsOf = ({ files = [] }: Answers): readonly string[] =>
  [files].flat().map((file) => absoluteInput(String(file)));

/** Gives what is sent by these answers. The sample is always read back: it is small, and is there to see that all works. */
export function filesToEncrypt(answers: Answers, services: Services): FilesToEncrypt {
  const isSample = answers.what !== 'files';
  return {
    destination: destinationOf(answers),
    inputs: isSample ? [services.folder.file(sampleFile)] : inputsOf(answers),
    readsBack: isSample || answers['read-back'] === true,
    ...(isSample ? {} : uploadChoiceOf(answers, services)),
  };
}

/**
 * Gives how the person's files are chosen and sent, as the flags say. A person who goes on with the assistant does not give the
 * flags again. So without flags, gives how an earlier run of this ceremony sent the same files to the same place; `undefined` when
 * none did.
 */
export function uploadChoiceOf(answers: Answers, { folder, journal, preset }: Services): UploadChoice | undefined {
  if (preset.upload !== undefined) return preset.upload;
  const { bucket, prefix } = destinationOf(answers);
  const inputs = JSON.stringify(inputsOf(answers));
  const heads = manifestsOf(journal.path).map((name) => readPlanHead(folder.file(name)));
  return heads.find(
    (head) => head?.bucket === bucket && head.prefix === prefix && JSON.stringify(head.inputs) === inputs,
  );
}
