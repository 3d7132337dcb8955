import { isAccessDenied } from '../aws/access-denied.ts';
import {
  isBucketUnknown,
  isPreconditionFailed,
  isRefusal,
  isUnusableForS3,
  isUploadEnded,
  isWriteConflict,
  retryWhileSpreading,
} from '../aws/eventual-consistency.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer, wasSentAgain } from '../aws/retrying.ts';
import { abortUploads, findObject } from '../aws/s3.ts';
import { type Uploaded, uploadObject } from '../aws/upload.ts';
import type { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type EncryptedObject, type Facts, need } from './facts.ts';
import { checkObject, WrongObjectError } from './object-check.ts';
import { type Destination, objectName } from './object-name.ts';
import {
  findOwnObject,
  type Target,
  UnknownObjectError,
  unknownObjectProblem,
  unreadableObjectProblem,
  uploadedBefore,
} from './own-object.ts';
import { outcomeOf } from './past.ts';
import { explainRefusedUpload } from './refused-upload.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

type Context = ActContext<Facts, Services>;

/** The remedy for every problem that keeps a file from being uploaded. */
export const chooseAgain = {
  action: 'ask-again',
  label: 'Choose another bucket or other files',
  question: 'where',
} as const;

/**
 * Gives the outcome of this ceremony's first upload of a file: `none` when it is unknown, `undefined` when it was not begun.
 */
export function uploadOutcome({ state }: Journal, target: Target): 'none' | 'done' | 'refused' | undefined {
  return state.attempts.get(`encrypt-objects/${uploadName(target, 1)}`)?.outcome;
}

/** Gives the object to which a file is uploaded. The object has the name of the file, without its folder, after the prefix. */
export function targetOf({ bucket, prefix }: Destination, path: string): Target {
  return { bucket, key: objectName(path, prefix), path };
}

/**
 * Gives the name of the attempt that uploads a file. It contains the path, so that another file of the same name is another
 * attempt. @param number 1 for the first upload; higher when a check found the object wrong.
 */
export const uploadName = ({ bucket, key, path }: Target, number: number) =>
  `upload ${path} to s3://${bucket}/${key}${number === 1 ? '' : `, time ${number}`}`;

/** Gives the name of the attempt that checks the object after the upload with this number. */
const checkName = ({ bucket, key, path }: Target, number: number) =>
  `check s3://${bucket}/${key} against ${path}${number === 1 ? '' : `, time ${number}`}`;

/**
 * Uploads one file and checks the object with {@link checkObject}. The journal keeps the ETag of each upload. When a check
 * has found the object wrong, the next run uploads the file again and replaces only the object with that ETag.
 * @throws ProblemError when the upload or the check fails.
 */
export async function encryptObject(
  context: Context,
  destination: Destination,
  path: string,
): Promise<EncryptedObject> {
  const { attempt, services, signal } = context;
  const target = targetOf(destination, path);
  try {
    let wrongUpload: Uploaded | undefined;
    for (let number = 1; ; number += 1) {
      // An upload that the journal has as done is not sent again: `upload` gives its recorded result.
      const uploaded = await upload(context, target, { number, replaces: wrongUpload?.etag });
      const name = checkName(target, number);
      if (outcomeOf(services, 'encrypt-objects', name) !== 'refused')
        return await attempt({
          name,
          act: () => checkObject(context, target, uploaded),
          // A check changes nothing, so it can be done again.
          probe: async () => ({ found: 'not done' }),
          refused: (error) => error instanceof WrongObjectError,
          passing: isWithoutAnswer,
        });
      // An earlier run has checked this upload and found the object wrong.
      wrongUpload = uploaded;
    }
  } catch (error) {
    signal.throwIfAborted();
    const problem = explainAwsError(error, failureWords(target));
    throw new ProblemError({ ...problem, remedies: [chooseAgain] });
  }
}

/** Says that an upload or its check failed, and what is true then. */
const failureWords = ({ bucket, key }: Target) => ({
  what: `Can't encrypt ${key} into s3://${bucket}.`,
  state: 'The key is ready. Files uploaded before this one stay.',
});

/** The number of an upload of the file, from 1, and the ETag of the wrong object that the upload may replace. */
type UploadTry = { readonly number: number; readonly replaces: string | undefined };

/** Uploads the file once, even when answers of S3 are lost. Gives the size, the SHA-256 and the ETag. */
function upload(context: Context, target: Target, { number, replaces }: UploadTry): Promise<Uploaded> {
  const { services } = context;
  const { journal, session } = services;
  let wasCutOff = false;
  return context.attempt({
    name: uploadName(target, number),
    act: async () => {
      const { bucket, key } = target;
      // An upload in parts that was cut off leaves its parts in the bucket.
      if (wasCutOff) await abortUploads(session.clients.s3, bucket, key, new Date(journal.state.begunAt ?? 0));
      return retryWhileSpreading(() => send(context, target, { wrong: replaces, wasCutOff }), {
        isSpreading: isSpreadingIn(context),
        label: 'S3 does not see what is new yet',
        pause: context.pause,
      });
    },
    probe: async () => {
      wasCutOff = true;
      const file = await new UploadGuard(context.facts, services).open(target.path);
      try {
        const result = await findOwnObject(context, target, { file, replaces });
        // When nobody here may look, sending again does no harm: S3 replaces nothing, and says so when an object is there.
        return typeof result === 'object' ? { found: 'done', result } : { found: 'not done' };
      } finally {
        await file.close();
      }
    },
    refused: (error) =>
      !(error instanceof UnknownObjectError) &&
      (error instanceof ProblemError || (isRefusal(error) && !isWriteConflict(error))),
    passing: (error) => isWithoutAnswer(error) || isWriteConflict(error),
  });
}

/** What this ceremony has made less than ten minutes ago may not be known everywhere in AWS. */
const longestSpreadMs = 600_000;

/**
 * Gives the test for the errors of an upload after which another try makes sense: those about a bucket that this ceremony makes,
 * and about material that it imported a moment ago. For older ones, the same errors are final.
 */
function isSpreadingIn({ facts, answers, services }: Context): (error: unknown) => boolean {
  const importedAt = facts.imported?.importedAt;
  const age = importedAt === undefined ? Number.POSITIVE_INFINITY : +services.clock() - Date.parse(importedAt);
  const isMaterialNew = age < longestSpreadMs;
  return (error) => (answers.where === 'new' && isBucketUnknown(error)) || (isMaterialNew && isUnusableForS3(error));
}

/**
 * How a file is sent. `wrong`: the ETag of the object that the upload may replace; without it, no object is replaced.
 * `wasCutOff`: an upload of this file was sent before, and its answer was lost.
 */
type Sending = { readonly wrong: string | undefined; readonly wasCutOff: boolean };

/** Sends the file to S3. */
async function send(context: Context, target: Target, { wrong, wasCutOff }: Sending): Promise<Uploaded> {
  const { facts, services, report, signal } = context;
  const { bucket, key, path } = target;
  const { s3 } = services.session.clients;
  const guard = new UploadGuard(facts, services);
  // The wrong object may have been removed since; then there is nothing to replace.
  const replaces = wrong === undefined || (await findObject(s3, bucket, key)) === 'absent' ? undefined : wrong;
  const file = await guard.open(path);
  try {
    // A file that an earlier ceremony has uploaded is not sent again.
    const earlierObject = uploadedBefore(services, target);
    const ownObject =
      earlierObject === undefined ? undefined : await findOwnObject(context, target, { file, replaces });
    if (typeof ownObject === 'object') return ownObject;
    const total = (await file.stat()).size;
    const onBytes = (done: number) =>
      report({ id: key, label: key, note: 'uploading', bytes: { done, total }, state: 'working' });
    // Shows the file before the first byte is sent.
    onBytes(0);
    const { keyArn } = need(facts, 'key');
    const judge = (bytes: Buffer) => guard.judge(path, bytes);
    return await uploadObject(s3, file, { bucket, key, keyArn, replaces }, { judge, onBytes, signal });
  } catch (error) {
    if (error instanceof Error && isAccessDenied(error))
      throw new ProblemError(await explainRefusedUpload(error, context, target, failureWords(target)));
    // S3 refuses the upload also when an earlier try has made the object, but its answer was lost.
    if (!isPreconditionFailed(error) && !isUploadEnded(error)) throw error;
    const ownObject = await findOwnObject(context, target, { file, replaces });
    if (typeof ownObject === 'object') return ownObject;
    if (ownObject === undefined) throw error;
    if (wasCutOff || wasSentAgain(error))
      throw new UnknownObjectError(unknownObjectProblem(target, need(facts, 'key').keyArn));
    throw isPreconditionFailed(error) ? new ProblemError(unreadableObjectProblem(target)) : error;
  } finally {
    await file.close();
  }
}
