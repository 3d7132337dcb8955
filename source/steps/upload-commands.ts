import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Answers } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import { everyFile, type FilePatterns, makeFileTest, readPathPattern } from '../objects/file-pattern.ts';
import { type Destination, objectName, objectNameOf } from '../objects/object-name.ts';
import { awsCommand, keyArnVariable } from './aws-command-line.ts';
import { uploadChoiceOf } from './chosen-files.ts';
import type { Facts } from './facts.ts';
import type { Services } from './services.ts';

/** What the commands depend on. */
type Basis = { readonly facts: Facts; readonly answers: Answers; readonly services: Services };

/** The options of the aws command that put an object under the key. */
const underKey = { sse: 'aws:kms', 'sse-kms-key-id': keyArnVariable } as const;

/**
 * Gives the commands that upload what a person named: a file, a folder, a pattern for paths, or a list. Gives none for a file that
 * the flags leave out.
 */
export function uploadCommands(basis: Basis, destination: Destination, input: string): readonly EquivalentCommand[] {
  if (input.startsWith('@')) return [listCommand(basis, destination, input.slice(1))];
  const stats = statSync(input, { throwIfNoEntry: false });
  const pattern = stats === undefined ? readPathPattern(input) : undefined;
  if (pattern !== undefined) {
    const patternInFolder = input.slice(pattern.folder.length + 1);
    const only = [
      "--exclude '*'",
      `--include ${quote(patternInFolder)}`,
      ...excludeWords(basis),
      ...(pattern.depth === undefined ? [] : [`--exclude ${quote(deeperThan(pattern.depth))}`]),
    ];
    // With options of aws, a file cannot be asked to match both this pattern and one of --include.
    const note = patternsOf(basis).include.length === 0 ? '' : sendsMoreNote;
    return [folderCommand(basis, destination, { folder: pattern.folder, only, note })];
  }
  if (stats?.isDirectory() === true)
    return [folderCommand(basis, destination, { folder: input, only: filterWords(basis) })];
  return makeFileTest(patternsOf(basis))(basename(input)) ? fileCommands(basis, destination, input) : [];
}

/** Gives the patterns of the flags, which choose among the files that the person named. */
const patternsOf = ({ answers, services }: Basis): FilePatterns => uploadChoiceOf(answers, services) ?? everyFile;

/** Gives the options with which aws chooses the files of a folder as Keyferry does. The last option that matches a file decides. */
function filterWords(basis: Basis): readonly string[] {
  const { include } = patternsOf(basis);
  const isEveryFile = include.length === 0;
  return [...(isEveryFile ? [] : ["--exclude '*'"]), ...optionWords('--include', include), ...excludeWords(basis)];
}

/** Gives the options that leave out what the flags leave out. */
const excludeWords = (basis: Basis) => optionWords('--exclude', patternsOf(basis).exclude);

const optionWords = (option: string, patterns: readonly string[]) =>
  patterns.flatMap(everyFolder).map((pattern) => `${option} ${quote(pattern)}`);

/**
 * Gives the patterns for aws that mean the same as one of Keyferry. A pattern without a slash is about the name of a file in any
 * folder, but aws compares the whole path.
 */
const everyFolder = (pattern: string) => (pattern.includes('/') ? [pattern] : [pattern, `*/${pattern}`]);

/**
 * Writes a pattern for aws that matches every path with more parts than `depth`. For aws, a star stands for slashes too; in a
 * pattern that a person names, it does not.
 */
const deeperThan = (depth: number) => `${'*/'.repeat(depth)}*`;

/** Says that the aws command replaces objects, when there may be some and Keyferry leaves them; else gives an empty text. */
const replaceNote = ({ answers, services }: Basis) =>
  answers.where === 'existing' && uploadChoiceOf(answers, services)?.replace !== true
    ? '; this replaces an object of that name, which Keyferry does not'
    : '';

/** What is added to the words of a command that cannot leave out all files that the flags leave out. */
const sendsMoreNote = '; this also sends files that --include and --exclude leave out, which Keyferry does not';

/** Gives the command that uploads what is in a folder. `only`: further words that choose among its files. */
function folderCommand(
  basis: Basis,
  { bucket, prefix }: Destination,
  { folder, only, note = '' }: { readonly folder: string; readonly only: readonly string[]; readonly note?: string },
): EquivalentCommand {
  const place = quote(`s3://${bucket}/${objectNameOf('', prefix)}`);
  const words = ['s3 cp', quote(folder), place, '--recursive', '--no-follow-symlinks', ...only].join(' ');
  return {
    says: `Upload the files of ${folder} under the key${replaceNote(basis)}${note}`,
    shell: awsCommand(basis.facts, basis.services, words, underKey),
  };
}

/** Gives the command that uploads the files of a list. */
function listCommand(basis: Basis, { bucket, prefix }: Destination, list: string): EquivalentCommand {
  const { facts, services } = basis;
  const place = `${quote(`s3://${bucket}/${objectNameOf('', prefix)}`)}"$(basename -- "$file")"`;
  const upload = awsCommand(facts, services, `s3 cp "$file" ${place}`, underKey);
  const { include, exclude } = patternsOf(basis);
  const note = include.length + exclude.length === 0 ? '' : sendsMoreNote;
  return {
    says: `Upload each file of ${list} under the key${replaceNote(basis)}${note}`,
    shell: `while IFS= read -r file; do ${upload}; done < ${quote(list)}`,
  };
}

/** Gives the commands that upload one file under the key, show which key S3 used, and compare the object with the file. */
function fileCommands(basis: Basis, { bucket, prefix }: Destination, path: string): readonly EquivalentCommand[] {
  const { facts, services } = basis;
  const key = objectName(basename(path), prefix);
  const object = quote(`s3://${bucket}/${key}`);
  const headCommand = awsCommand(facts, services, 's3api head-object', {
    bucket,
    key,
    query: '[ServerSideEncryption,SSEKMSKeyId]',
    output: 'text',
  });
  // `aws s3 cp` replaces an object. Only `aws s3api put-object` can refuse to, and it takes no file above 5 GB.
  return [
    {
      says: `Upload ${key} under the key${replaceNote(basis)}`,
      shell: awsCommand(facts, services, `s3 cp ${quote(path)} ${object}`, underKey),
    },
    { says: 'See under which key it is', shell: headCommand },
    {
      says: 'Read it back and compare; nothing is printed where it is the same',
      shell: `${awsCommand(facts, services, `s3 cp ${object} -`)} | cmp - ${quote(path)}`,
    },
  ];
}
