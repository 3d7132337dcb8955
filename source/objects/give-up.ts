import { isUploadEnded } from '../aws/eventual-consistency.ts';
import { listSentParts, listUploadsOf } from '../aws/object-look.ts';
import { abortUpload } from '../aws/object-write.ts';
import type { PlannedObject } from './manifest.ts';
import { placeOf, type TransferContext } from './transfer-context.ts';

/** S3 notes when an upload began by its own clock, in whole seconds. The clock of this machine may differ by this much. */
const clockDifferenceMs = 60_000;

/**
 * Gives up an object's upload in parts whose UploadId is in the manifest, so that S3 keeps no parts. An upload that has ended
 * already counts as given up. After any other error, the upload stays in the manifest.
 */
export async function giveUpUpload(context: TransferContext, object: PlannedObject): Promise<void> {
  const state = context.manifest.states.of(object.n);
  if (state.is !== 'begun') return;
  try {
    await abortUpload(context.s3, { ...placeOf(context, object), uploadId: state.upload.uploadId });
  } catch (error) {
    if (!isUploadEnded(error)) return;
  }
  context.manifest.note({ is: 'given up', n: object.n });
}

/**
 * Gives up an upload in parts whose UploadId never came, because the run or the connection ended while S3 began the upload.
 * Looks in S3's list for the one upload of the same object, by the same caller, begun about at the noted time, without any part,
 * and ends it. When the caller, or who began the upload, is not known, the other signs are enough.
 * Any other upload may be somebody else's, and stays. Then notes in the manifest that the upload is given up, also when none was
 * ended.
 * @throws the SDK's error of a list, unless it is a refusal. Then nothing is noted.
 */
export async function giveUpCutOffUpload(context: TransferContext, object: PlannedObject): Promise<void> {
  const { s3, manifest, callerArn } = context;
  const state = manifest.states.of(object.n);
  if (state.is !== 'beginning') return;
  const begunMs = Date.parse(state.at);
  const place = placeOf(context, object);
  const near = (await listUploadsOf(s3, place)).filter(({ by, at }) => {
    const isByCaller = by === undefined || callerArn === undefined || by === callerArn;
    return isByCaller && at !== undefined && Math.abs(at.getTime() - begunMs) < clockDifferenceMs;
  });
  const [only] = near;
  if (near.length === 1 && only !== undefined) {
    const upload = { ...place, uploadId: only.uploadId };
    const parts = await listSentParts(s3, upload);
    const isEmpty = parts !== 'ended' && parts?.length === 0;
    if (isEmpty) await abortUpload(s3, upload).catch(() => {});
  }
  // Noted also when no upload fits, or several do: the file is then sent anew, and nothing looks for this upload again.
  manifest.note({ is: 'given up', n: object.n });
}
