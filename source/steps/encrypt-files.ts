import { isAccessDenied } from '../aws/access-denied.ts';
import { isBucketUnknown, isUnusableForS3 } from '../aws/eventual-consistency.ts';
import { explainAwsError } from '../aws/problems.ts';
import type { AttemptOutcome } from '../ceremony/journal-state.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { Manifest, type PlanHead } from '../objects/manifest.ts';
import { type Destination, destinationWords } from '../objects/object-name.ts';
import { usualLimits } from '../objects/part-size.ts';
import { writePlan } from '../objects/plan.ts';
import { mayReplace, unreadableFileProblem } from '../objects/refusals.ts';
import { type TransferEnd, TransferError, transfer } from '../objects/transfer.ts';
import type { TransferSettings } from '../objects/transfer-context.ts';
import { type Facts, need, type Objects } from './facts.ts';
import { manifestNameOf } from './manifest-names.ts';
import { reportObjects } from './object-reports.ts';
import { summariseObjects } from './object-summary.ts';
import { outcomeOf } from './past.ts';
import { explainRefusedUpload } from './refused-upload.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

type Context = ActContext<Facts, Services>;

/** What goes into S3, where to, and how. */
export type FilesToEncrypt = {
  readonly destination: Destination;
  /** Absolute paths of files and folders, patterns for paths, and `@FILE` for lists. */
  readonly inputs: readonly string[];
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Whether an object with other bytes is replaced. */
  readonly replace?: boolean;
  /** Whether each object is read back and compared. */
  readonly readsBack?: boolean;
};

/** The remedy for every problem that keeps a file from being uploaded. */
export const chooseAgain = {
  action: 'ask-again',
  label: 'Choose another bucket or other files',
  question: 'where',
} as const;

/**
 * Brings files into S3 under the key, and checks each object. The manifest in the ceremony's folder lists the objects and how far
 * each one is, so that the same choice of files goes on where it stopped.
 * @throws ProblemError when a file was not sent, or AWS refuses. Files that were sent before stay in S3.
 */
export async function encryptFiles(context: Context, files: FilesToEncrypt): Promise<Objects> {
  const { attempt, services, facts, signal } = context;
  const head = planHeadOf(facts, files);
  const manifestName = manifestNameOf(services.journal.path, head);
  let failure: ProblemError | undefined;
  try {
    return await attempt({
      name: uploadNameOf(services, head),
      act: async () => {
        const manifest = new Manifest(services.folder.file(manifestName));
        services.callNotes?.startToCount();
        try {
          return await send(context, files, { head, manifest });
        } catch (error) {
          failure = await explainFailure(context, files, error);
          throw failure;
        } finally {
          manifest.close();
          services.callNotes?.settle();
        }
      },
      // The manifest knows what was done, object by object.
      probe: async () => ({ found: 'not done' }),
      // A person can mend such a problem, and the manifest knows what was sent before it.
      refused: (error) => error instanceof ProblemError && error.problem.kind === 'fixable',
    });
  } catch (error) {
    signal.throwIfAborted();
    // An error that came after the failure, when the manifest or the journal was written, does not hide the failure.
    throw failure ?? error;
  }
}

/**
 * Gives the outcome of the attempt that brings these files into S3: `unknown` when nobody knows the outcome, `undefined` when the
 * attempt was not begun or there is no key yet.
 */
export function uploadOutcome(facts: Facts, services: Services, files: FilesToEncrypt): AttemptOutcome | undefined {
  if (facts.key === undefined) return undefined;
  const name = uploadNameOf(services, planHeadOf(facts, files));
  return outcomeOf(services, 'encrypt-objects', name);
}

/**
 * Makes the plan if it is not made yet, and follows it. Reports the files that are left out, and the objects.
 * @throws ProblemError when some files did not get into S3.
 */
async function send(
  context: Context,
  files: FilesToEncrypt,
  { head, manifest }: { readonly head: PlanHead; readonly manifest: Manifest },
): Promise<Objects> {
  const { services, report, signal, enough } = context;
  const settings = settingsOf(context, files, manifest);
  if (manifest.planned === undefined) {
    const { guard } = settings;
    const onLeftOut = (why: string) => report({ id: `left out: ${why}`, label: `Left out: ${why}`, state: 'done' });
    await writePlan(manifest, head, services.clock(), { guard, signal, onLeftOut });
  }
  const readsBack = files.readsBack === true;
  const end = await transfer(settings, { readsBack, report, enough });
  refuseUnfinished(manifest, end);
  const objects = await summariseObjects(manifest, files.destination);
  reportObjects(objects, report);
  return objects;
}

/** Gives what the transfer works with: the place, the key, the manifest, and which errors pass by themselves. */
function settingsOf(
  { facts, services, answers, pause, signal }: Context,
  { destination, replace = false }: FilesToEncrypt,
  manifest: Manifest,
): TransferSettings {
  const connection = need(facts, 'connection');
  const importedAt = facts.imported?.importedAt;
  const ageMs = importedAt === undefined ? Number.POSITIVE_INFINITY : +services.clock() - Date.parse(importedAt);
  const isMaterialNew = ageMs < longestSpreadMs;
  return {
    s3: services.session.clients.s3,
    bucket: destination.bucket,
    owner: connection.accountId,
    callerArn: connection.callerArn,
    keyArn: need(facts, 'key').keyArn,
    guard: new UploadGuard(facts, services),
    manifest,
    replace,
    isBucketNew: answers.where === 'new',
    // A bucket that this ceremony makes, and material that it imported a moment ago, may not be known everywhere yet.
    isSpreading: (error) =>
      (answers.where === 'new' && isBucketUnknown(error)) || (isMaterialNew && isUnusableForS3(error)),
    limits: usualLimits,
    clock: services.clock,
    pause,
    signal,
  };
}

/** What this ceremony has made less than ten minutes ago may not be known everywhere in AWS. */
const longestSpreadMs = 600_000;

/** Gives what a manifest says about its choice of files. The same choice has the same manifest. */
function planHeadOf(
  facts: Facts,
  { destination, inputs, include = [], exclude = [], replace = false }: FilesToEncrypt,
): PlanHead {
  return {
    ...destination,
    keyArn: need(facts, 'key').keyArn,
    inputs: [...inputs],
    include: [...include],
    exclude: [...exclude],
    replace,
  };
}

/** Gives the name of the attempt that brings a choice of files into S3. */
const uploadNameOf = (services: Services, head: PlanHead) =>
  `upload to ${destinationWords(head)} by ${manifestNameOf(services.journal.path, head)}`;

/**
 * Makes sure that all files are in S3.
 * @throws ProblemError when some are not, also because the person stopped the upload. When the upload has only one file, its own
 * problem is thrown.
 */
function refuseUnfinished(manifest: Manifest, { problems, problemCount, isCut }: TransferEnd): void {
  const { count = 0 } = manifest.planned ?? {};
  const wrongFiles = manifest.wrong.map(({ path, why }) => unreadableFileProblem({ path }, why));
  const refusedCount = problemCount + wrongFiles.length;
  if (refusedCount === 0 && !isCut) return;
  const fileCount = count + wrongFiles.length;
  const fileProblems = [...wrongFiles, ...problems];
  const [first] = fileProblems;
  if (first !== undefined && fileCount === 1) throw new ProblemError({ ...first, remedies: [chooseAgain] });
  const { uploaded } = manifest.states;
  const reasons = fileProblems
    .slice(0, mostReasons)
    .map(({ what, why }) => (why === undefined ? what : `${what} ${why}`));
  const others = refusedCount - reasons.length;
  const otherWords = others > 0 ? [`And ${others} more: ${manifest.path} has all of them.`] : [];
  throw new ProblemError({
    kind: problems.some(({ kind }) => kind === 'lost') ? 'lost' : 'fixable',
    what: isCut
      ? stoppedWords(uploaded, count)
      : `${refusedCount} of ${fileCount} files ${refusedCount === 1 ? 'is' : 'are'} not in S3 as planned.`,
    why: [...reasons, ...otherWords].join('\n'),
    state: `${uploaded} of ${count} objects are in S3, under your key. ${manifest.path} says which.`,
    next: isCut
      ? ['Try again: it goes on where it stopped.']
      : [
          'Remove the cause, then try again: what is in S3 is not sent again.',
          ...(problems.some(({ next }) => next.includes(mayReplace)) ? [mayReplace] : []),
          'Or choose without these files.',
        ],
    // A person who stopped the upload may go on with it. Other files would be another upload.
    remedies: isCut ? [] : [chooseAgain],
  });
}

/** How many reasons a problem has; the others are counted. */
const mostReasons = 5;

const stoppedWords = (uploaded: number, count: number) =>
  `You stopped the upload: ${uploaded} of ${count} objects are in S3.`;

/** Explains why a transfer stopped: at an error that every other object would meet too. Gives a ProblemError unchanged. */
async function explainFailure(
  context: Context,
  { destination }: FilesToEncrypt,
  error: unknown,
): Promise<ProblemError> {
  if (error instanceof ProblemError) return error;
  const object = error instanceof TransferError ? error.object : undefined;
  const cause = error instanceof TransferError ? error.cause : error;
  const { bucket } = destination;
  const words = {
    what: `Can't encrypt ${object?.key ?? 'the files'} into s3://${bucket}.`,
    state: 'The key is ready. Files uploaded before this one stay.',
  };
  const problem: Problem =
    object !== undefined && cause instanceof Error && isAccessDenied(cause)
      ? await explainRefusedUpload(cause, context, { bucket, key: object.key, path: object.path }, words)
      : explainAwsError(cause, words);
  return new ProblemError({ ...problem, remedies: [chooseAgain] }, { cause });
}
