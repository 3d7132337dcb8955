import { type BigIntStats, constants, type Dir, fstatSync, opendirSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import { expandHome } from '../disk/home.ts';
import { OpenFile } from '../disk/open-file.ts';
import { diskReason } from '../disk/reason.ts';
import { sha256Of } from '../disk/sha256.ts';
import { findSecretIn } from '../material/secret-in-file.ts';
import { largestSmallFile, withSmallFile } from '../material/small-file.ts';
import { isPatternOrList } from '../objects/walk.ts';
import { madeBackup } from './backup-fact.ts';
import type { Facts } from './facts.ts';
import { sampleFile } from './file-names.ts';
import { type FileIdentity, findKeptFile, type KeptFile, listKeptFiles, theBackup } from './kept-files.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';
import { withKeyAtHand } from './with-key.ts';

/**
 * Decides whether a file may be uploaded to S3. Refuses the secret key in any file and form, the backup, every file that opens
 * the backup, every age identity, and the journals. Recognises a file by its path, also through links, and a file of at most
 * 64 KiB also by its content. Every refusal names the file and the reason.
 */
export class UploadGuard {
  /** The files that must not be uploaded, as they were when this guard was made. */
  readonly kept: readonly KeptFile[];
  readonly #facts: Pick<Facts, 'secret' | 'backup'>;
  readonly #services: Services;

  constructor(facts: Facts, services: Services) {
    const secret = facts.secret ?? services.recorded?.secret;
    const backup = facts.backup ?? services.recorded?.backup;
    this.#facts = { ...(secret === undefined ? {} : { secret }), ...(backup === undefined ? {} : { backup }) };
    this.#services = services;
    this.kept = listKeptFiles(this.#facts, services);
  }

  /** Says why a file may not be uploaded, without a look at its content; else `undefined`. Quick enough for every keystroke. */
  placeProblem(path: string): string | undefined {
    try {
      const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
      if (stats === undefined) return `${path} does not exist.`;
      return stats.isFile() ? this.#keptProblem(path, stats) : notAFileReason(path, stats);
    } catch (error) {
      return `${path} cannot be looked at. ${diskReason(error)}`;
    }
  }

  /**
   * Says why nothing is sent for what a person named: a file, a folder, a pattern or a list; else `undefined`. Does not look into a
   * file, a pattern or a list, so it is quick enough for every keystroke.
   */
  inputProblem(input: string): string | undefined {
    const path = resolve(expandHome(input));
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) return this.folderProblem(path);
    if (stats === undefined && isPatternOrList(input)) return undefined;
    return this.placeProblem(shownAs(input, path));
  }

  /**
   * Gives the {@link problem} of a file that a person named; for anything else, its {@link inputProblem}.
   * @throws the system's error when the file cannot be read.
   */
  async namedFileProblem(input: string): Promise<string | undefined> {
    const path = resolve(expandHome(input));
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() === true;
    return isFile ? this.problem(shownAs(input, path)) : this.inputProblem(input);
  }

  /** Says why a folder is never uploaded: it is that of a ceremony, or the state of practice AWS; else `undefined`. */
  folderProblem(folder: string): string | undefined {
    const meaning = this.ceremonyFolderWords(folder, Number.POSITIVE_INFINITY);
    return meaning === undefined ? undefined : `${folder} is ${meaning}. ${neverUploaded}`;
  }

  /**
   * Names a folder that is never uploaded: `the folder of this ceremony`; `undefined` for any other folder.
   * @param most how many of its files are looked at, to find a journal.
   */
  ceremonyFolderWords(folder: string, most = mostFilesOfCeremony): string | undefined {
    const { folder: own, practiceState } = this.#services;
    if (isSameFolder(folder, own.path)) return 'the folder of this ceremony';
    if (isSameFolder(folder, practiceState)) return 'the state of practice AWS';
    return holdsJournal(folder, most) ? 'the folder of a ceremony, with its keys and backups' : undefined;
  }

  /**
   * Says why a file may not be uploaded, judged by its path and, up to 64 KiB, by its content; else `undefined`.
   * @throws the system's error when the file cannot be read.
   */
  async problem(path: string): Promise<string | undefined> {
    let file: OpenFile | undefined;
    try {
      file = await this.open(path);
      return withSmallFile(file.fd, (bytes) => this.#contentProblem(path, bytes));
    } catch (error) {
      if (error instanceof RefusedFileError) return error.problem.why;
      throw error;
    } finally {
      file?.close();
    }
  }

  /**
   * Opens a file for the upload. Refuses the sample when its path is a link: Keyferry makes a plain file, so somebody else has put
   * the link there.
   * @throws ProblemError for such a link, for what is no file, and for a file that this ceremony never uploads; the system's error
   * when the file cannot be opened.
   */
  async open(path: string): Promise<OpenFile> {
    const isSample = resolve(path) === resolve(this.#services.folder.file(sampleFile));
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    // O_NONBLOCK: opening a pipe must not wait for a writer.
    const file = await OpenFile.open(path, O_RDONLY | O_NONBLOCK | (isSample ? O_NOFOLLOW : 0)).catch(
      (error: unknown) => {
        // With O_NOFOLLOW, ELOOP says that the path is a symbolic link (open(2)).
        if ((error as NodeJS.ErrnoException).code !== 'ELOOP' || !isSample) throw error;
        throw new RefusedFileError(path, `${path} is a symbolic link, and not the sample that Keyferry makes.`);
      },
    );
    const stats = fstatSync(file.fd, { bigint: true });
    const why = stats.isFile() ? this.#keptProblem(path, stats) : notAFileReason(path, stats);
    if (why === undefined) return file;
    file.close();
    throw new RefusedFileError(path, why);
  }

  /**
   * Checks the bytes of a file just before they are sent.
   * @throws ProblemError when they may not be uploaded.
   */
  judge(path: string, bytes: Buffer): void {
    const why = this.#contentProblem(path, bytes);
    if (why !== undefined) throw new RefusedFileError(path, why);
  }

  /**
   * Refuses a file that may not be uploaded.
   * @throws ProblemError when {@link problem} gives a reason against the file; the system's error when the file cannot be read.
   */
  async refuse(path: string): Promise<void> {
    const why = await this.problem(path);
    if (why !== undefined) throw new RefusedFileError(path, why);
  }

  /** Says why a file that this ceremony never uploads may not be uploaded; `undefined` for any other file. */
  #keptProblem(path: string, identity: FileIdentity): string | undefined {
    const kept = findKeptFile(path, identity, this.kept);
    return kept === undefined ? undefined : `${path} is ${kept.is}. ${neverUploaded}`;
  }

  /** Says why bytes may not be uploaded: they hold a secret or are the backup. Does not judge more than 64 KiB. */
  #contentProblem(path: string, bytes: Buffer): string | undefined {
    if (bytes.length > largestSmallFile) return undefined;
    const backup = madeBackup(this.#facts.backup);
    if (backup !== undefined && sha256Of(bytes) === backup.sha256) return `${path} is ${theBackup}. ${neverUploaded}`;
    // In the rehearsal of an answers file, a key that is still to be made has an empty check value.
    const checkValue = keyHere(this.#facts.secret)?.checkValue.value || undefined;
    const secretFound = withKeyAtHand(this.#facts, this.#services, (key) => findSecretIn(bytes, { checkValue, key }));
    return secretFound === undefined ? undefined : `${path} ${secretFound}. ${neverUploaded}`;
  }
}

/** Gives the path as the person typed it; the absolute path when `~` in it was replaced. */
const shownAs = (input: string, path: string) => (path === resolve(input) ? input : path);

/** Says that a path leads to a folder, or to something else that is not a file. */
function notAFileReason(path: string, stats: BigIntStats): string {
  return stats.isDirectory() ? `${path} is a folder.` : `${path} is not a file.`;
}

/** Tells whether two paths lead to the same folder, through links too. */
function isSameFolder(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    // What cannot be looked at is no folder that is walked through.
    return false;
  }
}

/** The names of journals. */
const journalName = /^journal(-.+)?\.jsonl$/;

/** The folder of a ceremony has fewer files. A list of folders looks no further, because other folders may have very many. */
const mostFilesOfCeremony = 200;

/** Tells whether a folder has a journal; false also when it cannot be read. @param most how many of its files are looked at. */
function holdsJournal(folder: string, most: number): boolean {
  let opened: Dir | undefined;
  try {
    opened = opendirSync(folder);
    for (let count = 0; count < most; count += 1) {
      const entry = opened.readSync();
      if (entry === null) return false;
      if (journalName.test(entry.name)) return true;
    }
    return false;
  } catch {
    return false;
  } finally {
    opened?.closeSync();
  }
}

const neverUploaded = 'It never goes to S3.';

class RefusedFileError extends ProblemError {
  constructor(path: string, why: string) {
    super({
      kind: 'fixable',
      what: `Can't upload ${path}.`,
      why,
      state: 'Nothing of it was sent. The key is ready, and files that were uploaded before stay.',
      next: ['Choose other files, or move this one away.'],
    });
  }
}
