import { readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import { completePath } from '../disk/complete-path.ts';
import { objectName } from '../objects/object-name.ts';
import { prefixOf } from './chosen-files.ts';
import { countFiles, sizeWords, totalsWords } from './counted-files.ts';
import type { Facts } from './facts.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

// Pages: S3 user guide, "Checking object integrity for data uploads in Amazon S3"; Amazon S3 pricing.

/** Asks which files to upload, and whether to read them back. */
export function filesQuestions(facts: Facts, answers: Answers, services: Services): readonly Question[] {
  return [filesQuestion(facts, answers, services), readBackQuestion(answers, services)];
}

/**
 * Asks which files to upload. Refuses what may not be uploaded, and looks into each named file for that. Keeps the totals of the
 * chosen files for later questions.
 */
function filesQuestion(facts: Facts, answers: Answers, services: Services): Question {
  const guard = new UploadGuard(facts, services);
  const prefix = prefixOf(answers);
  return {
    kind: 'many',
    id: 'files',
    ask: 'Which files?',
    label: 'Files',
    form: 'paths of files and folders, or patterns such as logs/*.gz',
    least: 1,
    typed: 'path of a file or folder, or a pattern',
    complete: (text) => completePath(text, [process.cwd()]),
    options: entriesHere(guard),
    looksIn: `the folder ${process.cwd()}`,
    check: (input) => guard.inputProblem(input),
    tally: async (files, signal) => {
      const totals = await countFiles(guard, { ...answers, files }, services, signal);
      return [totalsWords(totals), ...totals.wrong.slice(0, 1)].join(' ');
    },
    verify: async (answer) => {
      const files = answer as readonly string[];
      for (const file of files) {
        const problem = await guard.namedFileProblem(file);
        if (problem !== undefined) return problem;
      }
      const totals = await countFiles(guard, { ...answers, files }, services);
      const [wrong] = totals.wrong;
      if (wrong !== undefined) return wrong;
      if (totals.count === 0) return 'There is no file to send in what you named.';
      services.bucketNotes.keep(planNotesName(files), [totalsWords(totals)]);
      services.bucketNotes.keep(sizeNotesName(files), [sizeWords(totals)]);
      return undefined;
    },
    remarks: (answer) => services.bucketNotes.about(planNotesName(answer as readonly string[])),
    help:
      prefix === ''
        ? 'Each is uploaded under its own name; what is in a folder, with its path in it.'
        : `Each is uploaded as ${objectName('NAME', prefix)}; what is in a folder, with its path in it.`,
  };
}

/** Says how many files and bytes were chosen, as they were counted at the choice; `what was chosen` when nobody counted. */
export function chosenWords({ files = [] }: Answers, { bucketNotes }: Services): string {
  return bucketNotes.about(sizeNotesName([files].flat().map(String)))[0] ?? 'what was chosen';
}

/** The name under which the totals of a choice are kept, as {@link totalsWords} says them. */
const planNotesName = (files: readonly string[]) => `files ${files.join('\n')}`;

/** The name under which the number of files and bytes of a choice is kept. */
const sizeNotesName = (files: readonly string[]) => `size of files ${files.join('\n')}`;

/** Asks whether each object is read back. */
function readBackQuestion({ files = [] }: Answers, { bucketNotes }: Services): Question {
  return {
    kind: 'confirm',
    id: 'read-back',
    ask: 'Read each object back and compare its bytes?',
    label: 'Read back',
    form: 'true or false',
    default: false,
    help: [
      ...bucketNotes.about(planNotesName([files].flat().map(String))),
      'In any case, S3 compares the checksum of all bytes, and names the key.',
      'Reading back moves every byte once more. Out of AWS that costs about 0.09 USD a GB.',
    ].join('\n'),
  };
}

/**
 * Gives the folders and files of the current folder as options, each kind sorted by name. Leaves out links, and names that begin
 * with a dot. What may not be uploaded stays visible, with the reason; folders of ceremonies come last, because every ceremony
 * leaves one.
 */
function entriesHere(guard: UploadGuard): readonly Option[] {
  const here = realpathSync(process.cwd());
  const entries = readdirSync(here, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
  const optionOf = (name: string, whyDisabled: string | undefined): Option => ({
    value: name,
    label: name,
    ...(whyDisabled === undefined ? {} : { disabled: whyDisabled }),
  });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => optionOf(`${name}/`, guard.ceremonyFolderWords(join(here, name))));
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => optionOf(name, guard.kept.find(({ realPath }) => realPath === join(here, name))?.is));
  const mayBeSent = ({ disabled }: Option) => disabled === undefined;
  return [...folders.filter(mayBeSent), ...files, ...folders.filter((option) => !mayBeSent(option))];
}
