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
 * Brings one file into S3, even when answers are lost, and notes it in the manifest. What an earlier try has left is looked at
 * first.
 * @returns the problem of a file that was not sent, so that the others go on; `undefined` when its object is in S3.
 * @throws the error of AWS that would meet the next files too.
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

async function openFile({ guard }: TransferContext, object: PlannedObject): Promise<Opened> {
  try {
    return { opened: await guard.open(object.path) };
  } catch (error) {
    return { problem: problemIn(error) ?? unreadableFileProblem(object, diskReason(error)) };
  }
}

function refuse({ manifest }: TransferContext, { n }: PlannedObject, problem: Problem): Problem {
  manifest.note({ is: 'refused', n, why: `${problem.what} ${problem.why ?? ''}`.trimEnd() });
  return problem;
}

/** Sends an opened file. Tries again while another try may help. */
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

/** Tells whether another try may help. It may also help when another object had the name and was removed since. */
const isPassing = (error: unknown) =>
  error instanceof EndedUploadError || isWithoutAnswer(error) || isWriteConflict(error) || isPreconditionFailed(error);

/** Looks first whether an object has the name already, when that is possible. Then sends the file. */
async function trySending(context: TransferContext, sending: Sending): Promise<Problem | undefined> {
  const { manifest, looksFirst, limits } = context;
  const { object, file } = sending;
  const version = versionOf(file);
  if (manifest.states.of(object.n).is === 'beginning') await giveUpCutOffUpload(context, object);
  await giveUpOfOtherVersion(context, object, version);
  const state = manifest.states.of(object.n).is;
  const partSize = partSizeOf(version.size, limits);
  if (partSize === undefined)
    return unreadableFileProblem(object, `It has ${version.size} bytes, and S3 takes no object over 48.8 TiB.`);
  const isInParts = version.size > partSize;
  const looks = looksFirst === 'all' || (looksFirst === 'in parts' && isInParts);
  let condition: WriteCondition = 'absent';
  if (state !== 'begun' && (looks || state !== 'new')) {
    const look = await lookAtObject(context, sending);
    if (look.found === 'same') return noteFound(context, sending, look, version);
    if (look.found === 'not shown') context.onNotShown(object);
    const mayReplace = conditionAt(context, object, look);
    if (mayReplace === undefined)
      return existsProblem(targetOf(context, object), look.found === 'other' ? look.why : undefined);
    condition = mayReplace;
  } else if (state === 'begun') condition = conditionOfBegun(context, object);
  try {
    const way = { version, condition, partSize };
    const written = await (isInParts ? sendParts(context, sending, way) : sendWhole(context, sending, way));
    return await noteWritten(context, object, { version, written });
  } catch (error) {
    if (!isPreconditionFailed(error) && !(error instanceof EndedUploadError)) throw error;
    return await explainTaken(context, sending, { error, version, wasSent: state === 'sending' });
  }
}

/** Gives the condition under which the object may be written, after a look at it; `undefined` when another object must stay. */
function conditionAt(context: TransferContext, { n }: PlannedObject, look: Look): WriteCondition | undefined {
  if (look.found !== 'other') return context.replace && look.found !== 'absent' ? 'any' : 'absent';
  const isOwnWrong = context.manifest.states.wrongEtag(n) === look.etag;
  return context.replace || isOwnWrong ? { replaces: look.etag } : undefined;
}

/** The condition for an upload in parts that an earlier run has begun. */
function conditionOfBegun({ manifest, replace }: TransferContext, { n }: PlannedObject): WriteCondition {
  const etag = manifest.states.wrongEtag(n);
  if (replace) return 'any';
  return etag === undefined ? 'absent' : { replaces: etag };
}

/** Gives up an upload in parts that was begun with another version of the file. */
async function giveUpOfOtherVersion(context: TransferContext, object: PlannedObject, version: FileVersion) {
  const state = context.manifest.states.of(object.n);
  if (state.is === 'begun' && !isSameVersion(state.upload, version)) await giveUpUpload(context, object);
}

type Taken = { readonly error: unknown; readonly version: FileVersion; readonly wasSent: boolean };

/**
 * Explains why S3 did not write the object: another object has the name, or an earlier try has made this one and its answer was
 * lost.
 * @throws `error` when another try may help.
 */
async function explainTaken(
  context: TransferContext,
  sending: Sending,
  { error, version, wasSent }: Taken,
): Promise<Problem | undefined> {
  const { object } = sending;
  const look = await lookAtObject(context, sending);
  if (look.found === 'same') return noteFound(context, sending, look, version);
  const target = targetOf(context, object);
  const isEnded = error instanceof EndedUploadError;
  if (look.found === 'other' && !(isEnded && context.replace)) {
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

/** Notes an object that was there already with the bytes of the file, under the key. */
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

type Noted = { readonly version: FileVersion; readonly written: Written };

/**
 * Notes an object that S3 has written. S3's answer names the key and confirms the checksum; when it does not, a look at the
 * object does. @returns the problem of an object under another key, or with other bytes.
 */
async function noteWritten(
  context: TransferContext,
  object: PlannedObject,
  { version, written }: Noted,
): Promise<Problem | undefined> {
  const { s3, manifest, keyArn } = context;
  const { n, path, key } = object;
  const isTold = written.answer.kmsKeyArn !== 'none' && written.answer.checksum !== undefined;
  const seen = isTold ? 'not shown' : await seeObject(s3, placeOf(context, object));
  const told = typeof seen === 'object' && seen.etag === written.answer.etag ? seen : written.answer;
  const { etag, sseAlgorithm, kmsKeyArn, bucketKey, requestId, checksum } = {
    ...told,
    requestId: written.answer.requestId,
  };
  const { crc32, sha256 } = written;
  const { size, changedMs } = version;
  const target = targetOf(context, object);
  const wrong = (problem: Problem) => {
    manifest.note({ is: 'wrong', n, etag, size, why: problem.why ?? problem.what });
    return problem;
  };
  if (kmsKeyArn !== keyArn) return wrong(wrongKeyProblem(target, kmsKeyArn));
  const isComparable = checksum?.algorithm === 'CRC32';
  if (isComparable && checksum.value !== crc32) return wrong(wrongBytesProblem(target, 'Its CRC32 differs'));
  const there = { path, key, size, etag, sseAlgorithm, kmsKeyArn, bucketKey, crc32, sha256, changedMs };
  const request = requestId === undefined ? {} : { requestId };
  manifest.note({ is: 'uploaded', n, ...there, checksum: isComparable, ...request });
  return undefined;
}
