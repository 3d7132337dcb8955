import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListMultipartUploadsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createBucket } from '../../source/aws/s3.ts';
import type { Progress } from '../../source/ceremony/progress.ts';
import { OpenFile } from '../../source/disk/open-file.ts';
import { Manifest, type PlanHead } from '../../source/objects/manifest.ts';
import { type PartLimits, usualLimits } from '../../source/objects/part-size.ts';
import { writePlan } from '../../source/objects/plan.ts';
import { transfer } from '../../source/objects/transfer.ts';
import type { FileGuard, TransferSettings } from '../../source/objects/transfer-context.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { clientsAt } from '../aws/clients-at.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';

export const bucket = 'a-bucket';

/** Lets every file through. */
export const openGuard: FileGuard = {
  placeProblem: () => undefined,
  folderProblem: () => undefined,
  open: (path) => OpenFile.open(path),
  judge: () => {},
};

/** How a transfer is made where a test says nothing else. */
export const usualSettings = {
  callerArn: undefined,
  guard: openGuard,
  limits: usualLimits,
  replace: false,
  isBucketNew: false,
  isSpreading: () => false,
  clock: () => new Date(),
  pause: async () => {},
} as const;

/** How one transfer differs from the usual one. */
type Given = {
  readonly inputs?: readonly string[];
  readonly prefix?: string;
  readonly replace?: boolean;
  readonly readsBack?: boolean;
  readonly enough?: AbortSignal;
  readonly guard?: Partial<FileGuard>;
  readonly limits?: Partial<PartLimits>;
  readonly callerArn?: string;
  readonly isBucketNew?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
};

/** A practice AWS with a bucket and a key, a folder with files, and transfers of these through a proxy. */
export async function transferring(t: TestContext, settings: Settings = {}) {
  const folder = newFolder();
  const practice = await practise(t, { folder: join(folder, 'state'), settings });
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const operations: string[] = [];
  const clients = await clientsAt(t, proxy.endpoint, {
    keys: practice.server.credentials,
    onCall: ({ operation }) => void operations.push(operation),
    pause: async () => {},
  });
  const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
  const keyArn = must(KeyMetadata?.Arn);
  await createBucket(clients.s3, bucket);
  operations.length = 0;
  const tree = join(folder, 'tree');
  const put = (name: string, bytes: string | Uint8Array = name) => {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    writeFileSync(join(tree, name), bytes);
    return join(tree, name);
  };
  const s3 = practice.s3();
  const manifestPath = (name: string) => join(folder, `${name}.jsonl`);
  /** Transfers by the manifest of this name; the same name goes on. */
  const send = async (name: string, given: Given = {}) => {
    const { inputs = [tree], prefix = '', replace = false, readsBack = false } = given;
    const signal = given.signal ?? new AbortController().signal;
    const guard = { ...openGuard, ...given.guard };
    const limits = { ...usualLimits, ...given.limits };
    const head: PlanHead = { bucket, prefix, keyArn, inputs: [...inputs], include: [], exclude: [], replace };
    const manifest = new Manifest(manifestPath(name));
    try {
      if (manifest.planned === undefined) await writePlan(manifest, head, new Date(), { guard, signal });
      const transferSettings: TransferSettings = {
        ...{ ...usualSettings, s3: clients.s3, bucket, owner: '000000000000', keyArn, guard, manifest, limits, signal },
        callerArn: given.callerArn,
        replace,
        isBucketNew: given.isBucketNew ?? false,
      };
      const report = given.onProgress ?? (() => {});
      const end = await transfer(transferSettings, { readsBack, report, enough: given.enough });
      return {
        end,
        states: manifest.states,
        planned: must(manifest.planned),
        lines: [...manifest.linesOf('uploaded')],
      };
    } finally {
      manifest.close();
    }
  };
  const names = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key ?? '');
  };
  const bytesOf = async (Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  };
  const unfinished = async () =>
    (await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads?.map(({ UploadId }) => UploadId) ?? [];
  const countOf = (operation: string) => operations.filter((each) => each === operation).length;
  return {
    folder,
    tree,
    put,
    send,
    s3,
    keyArn,
    names,
    bytesOf,
    unfinished,
    countOf,
    operations,
    decide: proxy.decide,
    manifestPath,
    practice,
  };
}
