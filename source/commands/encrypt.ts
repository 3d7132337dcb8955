import { type AwsSource, readAwsEnvironment } from '../aws/environment.ts';
import { encrypt as ceremony } from '../ceremonies/encrypt/encrypt.ts';
import { isBegunIn } from '../ceremonies/journal-names.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { type Problem, problemIn } from '../ceremony/problem.ts';
import { pathWord } from '../ceremony/shell-word.ts';
import { readDestination } from '../objects/object-name.ts';
import { printableLines } from '../terminal/printable.ts';
import { readTerminal } from '../terminal/terminal-facts.ts';
import { problemLines } from '../ui/problem-lines.ts';
import type { GivenAnswer, GivenAnswers } from '../ui/unattended/given-answers.ts';
import { conductOnScreen } from './conduct.ts';
import { encryptFolder } from './encrypt-folder.ts';
import { type InterfaceOptions, openRedaction } from './open-interface.ts';
import { placeWordsOf } from './option-words.ts';
import { printOutcome } from './outcome.ts';
import { planEncryption } from './plan-encryption.ts';
import { cannotStart, runGiven } from './run-given.ts';
import { unreadablePlaceProblem } from './unreadable-place.ts';

/** The flags of the command. */
export type EncryptOptions = InterfaceOptions & {
  /** The place for the objects: `s3://BUCKET` or `s3://BUCKET/PREFIX`. */
  readonly to?: string;
  /** The id, the ARN or an alias of the KMS key. */
  readonly key?: string;
  readonly json?: boolean;
  /** Patterns for the files of folders: see `FilePatterns`. */
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly replace?: boolean;
  readonly readBack?: boolean;
  /** The bucket whose objects may outlive the key. */
  readonly acceptObjectLock?: string;
  readonly dryRun?: boolean;
};

/**
 * Encrypts files into S3 under a key that is in use. On the screen or line by line, it asks for each answer that the command
 * line does not give. With `--json`, or with neither a terminal nor `--plain`, it runs unattended, and refuses to start when an
 * answer is missing. With `--dry-run` it only says what would be sent. It refuses `--redact` together with `--json`.
 * @returns the exit status.
 */
export async function encrypt(files: readonly string[], options: EncryptOptions, signal: AbortSignal): Promise<number> {
  const { env, stdin, stdout, stderr } = process;
  const redact = options.redact === true ? await openRedaction(options.workdir) : (line: string) => line;
  const say = (line: string) => void stderr.write(`${printableLines(redact(line))}\n`);
  const refuse = (problem: Problem) => {
    for (const line of problemLines(problem)) say(line);
    if (options.json === true) printOutcome(cannotStart(ceremony.id, problem), stdout);
    return 2;
  };
  if (options.redact === true && options.json === true) {
    say('keyferry: --json gives what --redact hides; use one of them.');
    return 2;
  }
  if (options.to !== undefined && readDestination(options.to) === undefined)
    return refuse(unreadablePlaceProblem(options.to));
  try {
    const { include = [], exclude = [], replace = false } = options;
    const upload = { include, exclude, replace };
    const folder = encryptFolder(options, options.key, { ...upload, files, to: options.to, key: options.key });
    if (options.dryRun === true) {
      if (files.length === 0) return refuse(noFileProblem());
      return await planEncryption(ceremony, { folder, files, options: { ...options, upload }, stdout, say, signal });
    }
    const given = answersFromFlags(files, options);
    const isAttended = options.json !== true && (options.plain === true || readTerminal({ env, stdin, stdout }).isTty);
    if (isAttended)
      return await conductOnScreen(ceremony, {
        folder,
        options: { ...options, upload },
        continueCommand: makeContinueCommand(files, options, folder),
        given,
      });
    const missing = missingWords(files, options, folder);
    if (missing.length > 0) return refuse(missingWordsProblem(missing));
    const place = { ...options, upload };
    // Nobody is asked for the account, so it is that of the aws command when neither a flag nor the folder names one.
    const isAccountKnown = options.practice === true || options.profile !== undefined || isBegunIn(folder);
    const { source } = await readAwsEnvironment(env);
    const planned = {
      ceremony,
      given: isAccountKnown ? given : { ...given, steps: new Map([...given.steps, connectAnswer(source)]) },
      folder,
    };
    return await runGiven(ceremony, () => planned, place, { options, stdout, say, redact, signal });
  } catch (error) {
    const problem = problemIn(error);
    if (problem === undefined) throw error;
    return refuse(problem);
  }
}

/** Gives the answer of the step `connect` with the credentials that the aws command would use. */
function connectAnswer(source: AwsSource): readonly [string, StepAnswers] {
  return ['connect', { line: 1, answers: new Map([['source', { answer: source, line: 1 }]]) }];
}

/** The answers for one step in an answers file. */
type StepAnswers = NonNullable<ReturnType<GivenAnswers['steps']['get']>>;

/**
 * Gives the answers of the command line in the form of an answers file, for the step `encrypt-objects`. An answers file has lines;
 * here all answers are on line 1. The caller has checked that `--to` names a destination.
 */
function answersFromFlags(files: readonly string[], { to, readBack }: EncryptOptions): GivenAnswers {
  const destination = to === undefined ? undefined : readDestination(to);
  const answersById: Record<string, string | boolean | readonly string[]> = {
    ...(destination === undefined ? {} : { where: 'existing', ...destination }),
    ...(files.length === 0 ? {} : { what: 'files', files }),
    ...(readBack === true ? { 'read-back': true } : {}),
  };
  const answers = new Map<string, GivenAnswer>(
    Object.entries(answersById).map(([id, answer]) => [id, { answer, line: 1 }] as const),
  );
  return {
    path: '',
    // A message about an answer calls it by its flag, or by the name of its argument.
    flags: {
      'encrypt-objects.bucket': '--to',
      'encrypt-objects.prefix': '--to',
      'encrypt-objects.files': 'FILE',
      'encrypt-objects.read-back': '--read-back',
    },
    steps: new Map([['encrypt-objects', { line: 1, answers }]]),
  };
}

/** Gives the words that the command line lacks for a run without a person. */
function missingWords(files: readonly string[], { to, key }: EncryptOptions, folder: string): readonly string[] {
  return [
    ...(files.length === 0 ? ['FILE'] : []),
    ...(to === undefined ? ['--to s3://BUCKET'] : []),
    ...(key === undefined && !isBegunIn(folder) ? ['--key KEY'] : []),
  ];
}

/** Gives the command line that continues this encryption after an interruption. */
function makeContinueCommand(files: readonly string[], options: EncryptOptions, folder: string): string {
  const { to, key, include = [], exclude = [] } = options;
  const flags = [
    ...include.flatMap((pattern) => ['--include', pattern]),
    ...exclude.flatMap((pattern) => ['--exclude', pattern]),
    ...(options.replace === true ? ['--replace'] : []),
    ...(options.readBack === true ? ['--read-back'] : []),
    ...(options.acceptObjectLock === undefined ? [] : ['--accept-object-lock', options.acceptObjectLock]),
    ...(to === undefined ? [] : ['--to', to]),
    ...(key === undefined ? [] : ['--key', key]),
    ...placeWordsOf(options, folder),
  ];
  return ownCommand('encrypt', ...files.map(pathWord), ...flags, ...workdirWords(folder));
}

/** Gives the problem of a dry run whose command line names no file. A dry run never asks, even at a terminal. */
function noFileProblem(): Problem {
  return {
    kind: 'fixable',
    code: 'AnswersMissing',
    what: '--dry-run asks nothing, and no file is named.',
    state: 'Nothing was begun.',
    next: [`Name the files: ${ownCommand('encrypt')} FILE... --dry-run`],
  };
}

/** Gives the problem of a run without a person whose command line lacks words. */
function missingWordsProblem(missing: readonly string[]): Problem {
  const example = ownCommand('run', '--example', ceremony.id);
  return {
    kind: 'fixable',
    code: 'AnswersMissing',
    what: `encrypt asks on a terminal, and there is none to ask for ${missing.join(', ')}.`,
    state: 'Nothing was begun.',
    next: [
      `Say it: ${ownCommand('encrypt')} FILE... --to s3://BUCKET --key KEY`,
      `Line by line, also with pipes: ${ownCommand('encrypt', '--plain')}`,
      `With a file of answers: ${example} > encrypt.yaml, then ${ownCommand('run', 'encrypt.yaml')}`,
    ],
  };
}
