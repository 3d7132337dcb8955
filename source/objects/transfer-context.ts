import type { S3Client } from '@aws-sdk/client-s3';
import type { Pause } from '../ceremony/waiting.ts';
import type { OpenFile } from '../disk/open-file.ts';
import type { BufferPool } from './buffer-pool.ts';
import type { Flow } from './flow.ts';
import type { HashWorker } from './hash-worker.ts';
import type { Manifest, PlannedObject } from './manifest.ts';
import type { PartLimits } from './part-size.ts';
import type { Target } from './refusals.ts';

/** Keeps files with secrets from being sent. */
export type FileGuard = {
  /** Says why a file may not be sent, judged by its place alone; else `undefined`. */
  placeProblem(path: string): string | undefined;
  /** Says why a whole folder is left out; else `undefined`. */
  folderProblem(folder: string): string | undefined;
  /**
   * Opens a file to send it.
   * @throws ProblemError when it may not be sent; the system's error when it cannot be opened.
   */
  open(path: string): Promise<OpenFile>;
  /**
   * Judges the bytes of a small file before they are sent.
   * @throws ProblemError when they may not be sent.
   */
  judge(path: string, bytes: Buffer): void;
};

/** Where objects go, and how. */
export type TransferSettings = {
  readonly s3: S3Client;
  readonly bucket: string;
  /** The id of the account that the bucket must belong to. */
  readonly owner: string;
  /** The ARN of the caller. It helps to find an upload of Keyferry whose UploadId was lost. */
  readonly callerArn: string | undefined;
  readonly keyArn: string;
  readonly guard: FileGuard;
  readonly manifest: Manifest;
  /** Whether an object with other bytes is replaced. */
  readonly replace: boolean;
  /** Whether the bucket was just made, so that it is empty. */
  readonly isBucketNew: boolean;
  /** True for errors after which another try makes sense, because something new is not known in all of AWS yet. */
  readonly isSpreading: (error: unknown) => boolean;
  readonly limits: PartLimits;
  readonly clock: () => Date;
  readonly pause: Pause;
  /** Ends everything immediately. */
  readonly signal: AbortSignal;
};

/** What the sending of one object works with. */
export type TransferContext = TransferSettings & {
  readonly flow: Flow;
  readonly buffers: BufferPool;
  /** Hashes large files while they are sent. */
  readonly hashWorker: HashWorker;
  /**
   * Which objects are looked at before their file is sent. Where probably no object is there yet, the condition that S3 checks is
   * enough. For an upload in parts, S3 checks the condition only at the end, so a look at first can save the whole upload.
   */
  readonly looksFirst: 'all' | 'in parts' | 'none';
  /** Gets an object that the caller may not look at before its file is sent. */
  readonly onNotShown: (object: PlannedObject) => void;
  /** Gets the UploadId of an earlier upload in parts that S3 did not end, when the file is sent anew. */
  readonly onUploadLeft: (object: PlannedObject, uploadId: string) => void;
  /** True once the person has enough: what is under way ends, and no other object and no other part begins. */
  readonly isEnough: () => boolean;
  /** Gets the number of bytes that S3 has taken. */
  readonly onTaken: (bytes: number) => void;
};

/** One object, and its open file. */
export type Sending = { readonly object: PlannedObject; readonly file: OpenFile };

/** Gives the place of an object in requests. */
export const placeOf = ({ bucket, owner }: TransferSettings, { key }: PlannedObject) => ({ bucket, key, owner });

/** Gives the words for an object in a problem. */
export const targetOf = ({ bucket }: TransferSettings, { key, path }: PlannedObject): Target => ({ bucket, key, path });
