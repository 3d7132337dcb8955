import { isAccessDenied } from '../aws/access-denied.ts';
import { isPreconditionFailed, isWriteConflict, retryWhileSpreading } from '../aws/eventual-consistency.ts';
import { seeObject } from '../aws/object-look.ts';
import type { WriteCondition } from '../aws/object-write.ts';
import { isWithoutAnswer, wasSentAgain } from '../aws/retrying.ts';
import { type Problem, problemIn } from '../ceremony/problem.ts';
import { backOff } from '../ceremony/waiting.ts';
import type { OpenFile } from '../disk/open-file.ts';
import { diskReason } from '../disk/reason.ts';
import { type FileVersion, isSameVersion, versionOf } from './file-bytes.ts';
import { giveUpCutOffUpload, giveUpUpload } from './give-up.ts';
import { type Look, lookAtObject } from './look.ts';
import type { PlannedObject } from './manifest.ts';
import { partSizeOf } from './part-size.ts';
import {
  changedAfterLook,
  changedProblem,
  existsProblem,
  unknownObjectProblem,
  unreadableFileProblem,
  unreadableObjectProblem,
  wrongBytesProblem,
  wrongKeyProblem,
} from './refusals.ts';
import { ChangedFileError, EndedUploadError } from './send-part.ts';
import { sendParts, type Written } from './send-parts.ts';
import { sendWhole } from './send-whole.ts';
import { placeOf, type Sending, type TransferContext, targetOf } from './transfer-context.ts';

// Pages: S3 user guide, "Amazon S3 multipart upload limits".

/** After this many tries of one object, an error that may pass is thrown too. */
const mostTries = 5;
/** The pause after the first try, in milliseconds. It doubles with each further try. */
const firstPauseMs = 500;

/**
 * Brings one file into S3, even when answers are lost, and notes it in the manifest. First looks at what an earlier try has left.
 * @returns the problem of this file, when it cannot be sent or its object is wrong; `undefined` when its object is in S3.
 * @throws EnoughError when the person had enough; the reason of the signal; any other error, which would stop the next files too.
 */
export async function sendObject(context: TransferContext, object: PlannedObject): Promise<Problem | undefined> {
  const file = await openFile(context, object);
  if ('problem' in file) return refuse(context, object, file.problem);
  try {
    const problem = await sendOpened(context, { object, file: file.opened });
    return problem === undefined ? undefined : refuse(context, object, problem);
  } finally {
    file.opened.close();
  }
}

type Opened = { readonly opened: OpenFile } | { readonly problem: Problem };

/** Opens the file of an object, or says why it cannot be sent. */
async function openFile({ guard }: TransferContext, object: PlannedObject): Promise<Opened> {
  try {
    return { opened: await guard.open(object.path) };
  } catch (error) {
    return { problem: problemIn(error) ?? unreadableFileProblem(object, diskReason(error)) };
  }
}

/** Notes in the manifest that the file was not sent. Gives its problem. */
function refuse({ manifest }: TransferContext, { n }: PlannedObject, problem: Problem): Problem {
  manifest.note({ is: 'refused', n, why: `${problem.what} ${problem.why ?? ''}`.trimEnd() });
  return problem;
}

/** Sends an opened file, in up to {@link mostTries} tries while another may help. Gives and throws as {@link sendObject}. */
async function sendOpened(context: TransferContext, sending: Sending): Promise<Problem | undefined> {
  const { pause, isSpreading, signal } = context;
  const label = 'S3 does not see what is new yet';
  for (let tries = 1; ; tries += 1) {
    try {
      return await retryWhileSpreading(() => trySending(context, sending), { isSpreading, label, pause });
    } catch (error) {
      signal.throwIfAborted();
      const problem = problemIn(error);
      if (problem !== undefined) return problem;
      if (error instanceof ChangedFileError) {
        await giveUpUpload(context, sending.object);
        return changedProblem(targetOf(context, sending.object));
      }
      if (!isPassing(error) || tries === mostTries) {
        // A caller who may not send this part may not send the next one either. Nobody should pay for parts of no object.
        if (isAccessDenied(error)) await giveUpUpload(context, sending.object);
        throw error;
      }
      context.flow.slowDown();
      await pause({ label: 'No clear answer', next: tries + 1, milliseconds: backOff(tries, firstPauseMs) });
    }
  }
}

/** Tells whether another try may help: also when another object had the name, because it may be removed by then. */
const isPassing = (error: unknown) =>
  error instanceof EndedUploadError || isWithoutAnswer(error) || isWriteConflict(error) || isPreconditionFailed(error);

/**
 * Sends the file once. First gives up an upload in parts that cannot go on; continues any other without a look. Before a new
 * upload, looks at the object of that name when `looksFirst` says so or an earlier try may have made the object: the same object is
 * noted, and nothing is sent; another object is a problem, unless it may be replaced. By the condition of the upload, S3 refuses
 * to write over what may not be replaced. After that refusal, or when the upload in parts has ended, looks again.
 * @returns the problem of this file; `undefined` when its object is in S3.
 * @throws the error of the request or of the file. {@link isPassing} tells whether another try may help.
 */
async function trySending(context: TransferContext, sending: Sending): Promise<Problem | undefined> {
  const { manifest, looksFirst, limits } = context;
  const { object, file } = sending;
  const version = versionOf(file);
  if (manifest.states.of(object.n).is === 'beginning') await giveUpCutOffUpload(context, object);
  await giveUpOfOtherVersion(context, object, version);
  // The state after the acts above, which change it.
  const state = manifest.states.of(object.n).is;
  const partSize = partSizeOf(version.size, limits);
  if (partSize === undefined)
    return unreadableFileProblem(object, `It has ${version.size} bytes, and S3 takes no object over 48.8 TiB.`);
  const isInParts = version.size > partSize;
  const mustLook = looksFirst === 'all' || (looksFirst === 'in parts' && isInParts) || state !== 'new';
  let condition: WriteCondition | undefined = 'absent';
  if (state === 'begun') condition = conditionOfBegun(context, object);
  else if (mustLook) {
    const look = await lookAtObject(context, sending);
    if (look.found === 'same') return noteFound(context, sending, look, version);
    if (look.found === 'not shown') context.onNotShown(object);
    condition = conditionAfterLook(context, object, look);
    if (condition === undefined)
      return existsProblem(targetOf(context, object), look.found === 'other' ? look.why : undefined);
  }
  try {
    const options = { version, condition, partSize };
    const written = await (isInParts ? sendParts(context, sending, options) : sendWhole(context, sending, options));
    return await noteWritten(context, object, { version, written });
  } catch (error) {
    if (!isPreconditionFailed(error) && !(error instanceof EndedUploadError)) throw error;
    return await lookAfterRefusal(context, sending, { error, version, wasSent: state === 'sending' });
  }
}

/** Gives the condition under which the object may be written, after a look at it; `undefined` when another object must stay. */
function conditionAfterLook(context: TransferContext, { n }: PlannedObject, look: Look): WriteCondition | undefined {
  // An object that is `unread` or `not shown` may be there. Unless it may be replaced, S3 must refuse to write over it.
  if (look.found !== 'other') return context.replace && look.found !== 'absent' ? 'any' : 'absent';
  const isOwnWrong = context.manifest.states.wrongEtag(n) === look.etag;
  return context.replace || isOwnWrong ? { replaces: look.etag } : undefined;
}

/** Gives the condition for an upload in parts that an earlier try has begun. */
function conditionOfBegun({ manifest, replace }: TransferContext, { n }: PlannedObject): WriteCondition {
  const etag = manifest.states.wrongEtag(n);
  if (replace) return 'any';
  return etag === undefined ? 'absent' : { replaces: etag };
}

/**
 * Gives up an upload in parts that was begun with another version of the file: none of its parts can be used. When S3 does not end
 * the upload, forgets it all the same, and tells the person, who can have it ended later.
 */
async function giveUpOfOtherVersion(context: TransferContext, object: PlannedObject, version: FileVersion) {
  const { manifest, onUploadLeft } = context;
  const state = manifest.states.of(object.n);
  if (state.is !== 'begun' || isSameVersion(state.upload, version)) return;
  await giveUpUpload(context, object);
  if (manifest.states.of(object.n).is !== 'begun') return;
  onUploadLeft(object, state.upload.uploadId);
  manifest.note({ is: 'given up', n: object.n });
}

/** A write that S3 refused. `wasSent`: an earlier try has sent the file, and its answer was lost. */
type RefusedWrite = { readonly error: unknown; readonly version: FileVersion; readonly wasSent: boolean };

/**
 * Looks which object has the name, after S3 refused to write the file's object or its upload in parts has ended. When an earlier
 * try has made the object and its answer was lost, notes the object.
 * @returns the problem when another object has the name or nobody can tell; `undefined` when the object is that of the file.
 * @throws `error` when no object has the name, or when the next try may replace the object that has it.
 */
async function lookAfterRefusal(
  context: TransferContext,
  sending: Sending,
  { error, version, wasSent }: RefusedWrite,
): Promise<Problem | undefined> {
  const { object } = sending;
  const look = await lookAtObject(context, sending);
  if (look.found === 'same') return noteFound(context, sending, look, version);
  const target = targetOf(context, object);
  const isEnded = error instanceof EndedUploadError;
  // An upload that has ended says nothing about the object, so the next try may still replace it.
  const mayReplaceNext = isEnded && context.replace;
  if (look.found === 'other' && !mayReplaceNext) {
    await giveUpUpload(context, object);
    return existsProblem(target, context.replace ? changedAfterLook : look.why);
  }
  if (look.found === 'absent' || look.found === 'other') {
    if (isEnded) context.manifest.note({ is: 'given up', n: object.n });
    throw error;
  }
  if (isEnded || wasSent || wasSentAgain(error)) return unknownObjectProblem(target, context.keyArn);
  await giveUpUpload(context, object);
  return unreadableObjectProblem(target);
}

/** Notes an object that is in S3 already, with the bytes of the file and under the key. */
function noteFound(
  { manifest, onTaken }: TransferContext,
  { object }: Sending,
  { seen, checksums }: Extract<Look, { found: 'same' }>,
  { size, changedMs }: FileVersion,
): undefined {
  const { n, path, key } = object;
  const { etag, sseAlgorithm, kmsKeyArn, bucketKey } = seen;
  const { crc32, sha256 } = checksums;
  const there = { path, key, size, etag, sseAlgorithm, kmsKeyArn, bucketKey, crc32, sha256, changedMs };
  manifest.note({ is: 'uploaded', n, ...there, checksum: true, found: true });
  onTaken(size);
}

/**
 * Notes an object that S3 has written, or that it is wrong. When S3's answer lacks the key or the checksum, looks at the object.
 * @returns the problem of an object under another key, or with other bytes; else `undefined`.
 */
async function noteWritten(
  context: TransferContext,
  object: PlannedObject,
  { version, written }: { readonly version: FileVersion; readonly written: Written },
): Promise<Problem | undefined> {
  const { s3, manifest, keyArn } = context;
  const { n, path, key } = object;
  const { answer, crc32, sha256 } = written;
  const isComplete = answer.kmsKeyArn !== 'none' && answer.checksum !== undefined;
  const seen = isComplete ? undefined : await seeObject(s3, placeOf(context, object));
  const isSameObject = typeof seen === 'object' && seen.etag === answer.etag;
  const { etag, sseAlgorithm, kmsKeyArn, bucketKey, checksum } = isSameObject ? seen : answer;
  const { requestId } = answer;
  const { size, changedMs } = version;
  const target = targetOf(context, object);
  const wrong = (problem: Problem) => {
    manifest.note({ is: 'wrong', n, etag, size, why: problem.why ?? problem.what });
    return problem;
  };
  if (kmsKeyArn !== keyArn) return wrong(wrongKeyProblem(target, kmsKeyArn));
  // The file was sent with its CRC32, so a checksum by another algorithm cannot be compared.
  const isComparable = checksum?.algorithm === 'CRC32';
  if (isComparable && checksum.value !== crc32) return wrong(wrongBytesProblem(target, 'Its CRC32 differs'));
  const there = { path, key, size, etag, sseAlgorithm, kmsKeyArn, bucketKey, crc32, sha256, changedMs };
  const request = requestId === undefined ? {} : { requestId };
  manifest.note({ is: 'uploaded', n, ...there, checksum: isComparable, ...request });
  return undefined;
}
