import { setFlagsFromString } from 'node:v8';
import { isNothingUnder } from '../aws/object-look.ts';
import type { Problem } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/progress.ts';
import { BufferPool } from './buffer-pool.ts';
import { Flow } from './flow.ts';
import { HashWorker } from './hash-worker.ts';
import type { Manifest, SentObject } from './manifest.ts';
import type { LineOf } from './manifest-line.ts';
import { objectNameOf } from './object-name.ts';
import { partSizeOf } from './part-size.ts';
import { readBack } from './read-back.ts';
import { Room } from './room.ts';
import { sendObject } from './send-object.ts';
import { EnoughError } from './send-part.ts';
import type { TransferContext, TransferSettings } from './transfer-context.ts';
import { type Totals, TransferProgress } from './transfer-progress.ts';

/** Up to this number, objects are looked at one by one, even when a list says that nothing is there. */
const fewObjects = 16;
/** How many files are sent in parts at the same time. Each has an open file. */
const mostInParts = 4;
/** So many objects more than requests may run are begun, so that the next request can be sent as soon as one has ended. */
const mostInWait = 2;
/** How many problems of single files are kept for the person; the manifest has all. */
const mostProblems = 5;

/** What a transfer does besides sending, and how it reports and ends. */
export type TransferWatch = {
  /** True when every object is read back. */
  readonly readsBack: boolean;
  readonly report: (progress: Progress) => void;
  /** Once it is aborted, what is under way ends, and nothing else begins. */
  readonly enough?: AbortSignal | undefined;
};

/** How a transfer ended. */
export type TransferEnd = {
  /** The problems of files that were not sent, or whose objects are wrong: the first few. */
  readonly problems: readonly Problem[];
  readonly problemCount: number;
  /** True when the person had enough before all was done. */
  readonly isCut: boolean;
};

/** An error that would stop every object, and the object at which it came. */
export class TransferError extends Error {
  readonly object: SentObject;

  constructor(object: SentObject, cause: unknown) {
    super(object.key, { cause });
    this.object = object;
  }
}

/**
 * Uploads the objects of the manifest's plan that are not in S3 yet, several at the same time. When one file cannot be sent, the
 * others are still sent. Then reads back objects that no run has checked: all when the person chose that, else those whose checksum
 * S3 did not confirm. Once the person has enough, no other file is begun, and no other object is read back.
 * @throws TransferError when an error would stop the other objects too; the reason of the signal when it aborts.
 */
export async function transfer(settings: TransferSettings, watch: TransferWatch): Promise<TransferEnd> {
  // The many requests leave short-lived garbage, and V8 lets its space for that grow to 64 MB, twice. Measured with 3,000 files:
  // 265 MB without this flag and 160 MB with it, in about the same time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const { manifest } = settings;
  const bytes = manifest.planned?.bytes ?? 0;
  const count = manifest.planned?.count ?? 0;
  const progress = new TransferProgress(manifest, watch.report, { count, bytes });
  const problems: Problem[] = [];
  let problemCount = 0;
  const noteResult = (problem: Problem | undefined, object: SentObject) => {
    if (problem === undefined) return progress.onObject();
    problemCount += 1;
    if (problems.length < mostProblems) problems.push(problem);
    progress.onRefused(object, problem);
  };
  const isEnough = () => watch.enough?.aborted === true;
  const context: TransferContext = {
    ...settings,
    isEnough,
    flow: new Flow(),
    buffers: new BufferPool(),
    hashWorker: new HashWorker(),
    looksFirst: await chooseLooksFirst(settings, count),
    onNotShown: (object) => progress.onNotShown(object),
    onUploadLeft: ({ key }, uploadId) => progress.onUploadLeft({ bucket: settings.bucket, key, uploadId }),
    onTaken: (taken) => progress.onBytes(taken),
  };
  progress.begin();
  try {
    await eachObject(context, manifest.remaining(), async (object) =>
      noteResult(await sendObject(context, object), object),
    );
  } finally {
    await context.hashWorker.close();
  }
  let isCut = isEnough();
  const { states } = manifest;
  // Where S3 confirmed no checksum, only reading back can show that the bytes are those of the file.
  if (!isCut && (watch.readsBack || states.unconfirmed > 0)) {
    const isToRead: LineTest = (line) => states.isToCheck(line) && (watch.readsBack || states.isUnconfirmed(line.n));
    const { toRead, checkedBytes } = countToRead(manifest, isToRead);
    if (watch.readsBack) progress.beginReading(checkedBytes);
    else if (toRead.count > 0) progress.beginUnaskedReading(toRead);
    await eachObject(context, linesToRead(manifest, isToRead), async (object) =>
      noteResult(await readBack(settings, object, (received) => progress.onBytes(received)), object),
    );
    isCut = isEnough();
  }
  manifest.flush();
  progress.end();
  return { problems, problemCount, isCut };
}

/** Decides which objects are looked at before their file is sent: see `looksFirst` of {@link TransferContext}. */
async function chooseLooksFirst(settings: TransferSettings, count: number): Promise<TransferContext['looksFirst']> {
  const { s3, bucket, owner, isBucketNew } = settings;
  if (isBucketNew) return 'none';
  if (count <= fewObjects) return 'all';
  // A caller who may not list cannot know that nothing is there.
  return (await isNothingUnder(s3, { bucket, prefix: prefixOf(settings), owner })) === true ? 'in parts' : 'all';
}

/** Gives the text with which the names of all objects begin. */
function prefixOf({ manifest }: TransferSettings): string {
  const { prefix = '' } = manifest.plan ?? {};
  return objectNameOf('', prefix);
}

/**
 * Calls `act` for each object, for several at the same time. After a failure, or when the person has enough, begins with no other
 * object, and waits for those under way.
 * @throws TransferError of the first failure; the reason of the signal when it aborts.
 */
async function eachObject<Planned extends SentObject>(
  { flow, limits, isEnough, signal }: TransferContext,
  objects: Iterable<Planned>,
  act: (object: Planned) => Promise<void>,
): Promise<void> {
  let failure: TransferError | undefined;
  const room = new Room(() => flow.limit + mostInWait);
  const roomInParts = new Room(() => mostInParts);
  for (const object of objects) {
    const isInParts = object.size > (partSizeOf(object.size, limits) ?? 0);
    const mine = isInParts ? roomInParts : room;
    await mine.wait();
    if (failure !== undefined || isEnough() || signal.aborted) break;
    void mine.during(
      act(object).catch((error: unknown) => {
        if (!(error instanceof EnoughError)) failure ??= new TransferError(object, error);
      }),
    );
  }
  await Promise.all([room.empty(), roomInParts.empty()]);
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
}

/** Answers a question about an object from the line of its upload. */
type LineTest = (line: LineOf<'uploaded'>) => boolean;

/** Counts the objects in S3 that are to be read back now, and their bytes. `checkedBytes` are those of the other objects in S3. */
function countToRead(
  manifest: Manifest,
  isToRead: LineTest,
): { readonly toRead: Totals; readonly checkedBytes: number } {
  const toRead = { count: 0, bytes: 0 };
  let checkedBytes = 0;
  for (const line of manifest.linesOf('uploaded')) {
    // An object has a line for each of its uploads, and only the last one counts.
    if (!manifest.states.isInS3(line)) continue;
    if (isToRead(line)) {
      toRead.count += 1;
      toRead.bytes += line.size;
    } else checkedBytes += line.size;
  }
  return { toRead, checkedBytes };
}

function* linesToRead(manifest: Manifest, isToRead: LineTest) {
  for (const line of manifest.linesOf('uploaded')) if (isToRead(line)) yield line;
}
