import type { KMSClient } from '@aws-sdk/client-kms';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readAccountId } from '../aws/identity.ts';
import { describeKey } from '../aws/kms.ts';
import { findBucket, type OwnedBucket } from '../aws/s3.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { type AuditedObject, auditObjects } from '../objects/audit.ts';
import { type Destination, destinationWords, readDestination } from '../objects/object-name.ts';
import { foreignBucketWords } from '../steps/bucket-words.ts';
import { stoppedByPerson } from '../terminal/leaving.ts';
import { printableJson, printableLines, printableName } from '../terminal/printable.ts';
import { problemLines } from '../ui/problem-lines.ts';
import { tellFailure } from './failure.ts';
import { defectStatus, explainFailedLook, type LookConnection, type LookIo, lookAtAccount } from './looking.ts';
import type { PlaceOptions } from './open-ceremony.ts';
import { unreadablePlaceProblem } from './unreadable-place.ts';

// Pages: S3 API reference, HeadObject.

/** The flags of the command. */
export type AuditOptions = PlaceOptions & {
  /** The id, the ARN or an alias of the KMS key under which the objects should be. */
  readonly key?: string;
  readonly json?: boolean;
};

/**
 * How many objects there are, and how many of them are under the key. `otherwise` counts those under another key or none, and
 * `notShown` those whose encryption S3 does not show. When no key was named, all that are shown count as `otherwise`.
 */
type AuditTotals = { objects: number; bytes: number; underKey: number; otherwise: number; notShown: number };

const cannotLook = "Can't look at the objects.";

/**
 * Says under which key each object is, and then how many there are. The lines for people leave out the objects under a named
 * key; `--json` prints every object. Changes nothing.
 * @returns the exit status: 0 all are under the key, there is no object, or no key was named; 1 not all are; 2 the place cannot be
 * read, a problem ended the look, or S3 did not show every object, also when others are not under the key; 70 a defect; 130
 * stopped.
 */
export async function audit(place: string, options: AuditOptions, io: LookIo): Promise<number> {
  const { stdout, stderr } = io;
  const refuse = (problem: Problem) => {
    stderr.write(printableLines(`${problemLines(problem).join('\n')}\n`));
    if (options.json === true) print({ done: false, problem });
    return 2;
  };
  const print = (line: object) => void stdout.write(`${printableJson(JSON.stringify(line))}\n`);
  const destination = readDestination(place);
  if (destination === undefined) return refuse(unreadablePlaceProblem(place));
  try {
    const { totals, keyArn } = await lookAtAccount(options, io, cannotLook, (connection) =>
      lookAtObjects(connection, { destination, options, print: options.json === true ? print : undefined, stdout }),
    );
    if (options.json === true) print({ done: true, ...destination, key: keyArn ?? null, ...totals });
    else stdout.write(`${printableLines(totalsWords(totals, destination, keyArn))}\n`);
    if (totals.notShown > 0) return 2;
    return keyArn === undefined || totals.otherwise === 0 ? 0 : 1;
  } catch (error) {
    const problem = explainFailedLook(error, cannotLook, io);
    if (problem === 'stopped') return stoppedByPerson;
    if (problem.kind !== 'ours') return refuse(problem);
    tellFailure(error);
    return defectStatus;
  }
}

type Look = {
  readonly destination: Destination;
  readonly options: AuditOptions;
  /** Prints an object as JSON. Absent when lines for people are printed. */
  readonly print: ((line: object) => void) | undefined;
  readonly stdout: LookIo['stdout'];
};

/**
 * Looks at each object, prints what was seen, and counts. For people, prints no object that is under the named key.
 * @returns the counts, and the ARN of the named key; `undefined` when none was named.
 * @throws ProblemError when the bucket is of another account.
 */
async function lookAtObjects(
  { clients, report, signal }: LookConnection,
  { destination, options, print, stdout }: Look,
): Promise<{ readonly totals: AuditTotals; readonly keyArn: string | undefined }> {
  const keyArn = options.key === undefined ? undefined : await findKeyArn(clients.kms, options.key);
  const owner = await readAccountId(clients, signal);
  const place = { ...destination, owner };
  if ((await findBucket(clients.s3, place)) === 'foreign') throw new ProblemError(foreignBucketProblem(place));
  const totals: AuditTotals = { objects: 0, bytes: 0, underKey: 0, otherwise: 0, notShown: 0 };
  const onObject = (object: AuditedObject) => {
    const isUnderKey = object.seen === 'shown' && object.kmsKeyArn === keyArn;
    totals.objects += 1;
    totals.bytes += object.size;
    if (object.seen === 'not shown') totals.notShown += 1;
    else if (isUnderKey) totals.underKey += 1;
    else totals.otherwise += 1;
    if (print !== undefined) print(object);
    else if (!isUnderKey) stdout.write(`${printableLines(objectWords(object))}\n`);
    if (totals.objects % 100 === 0)
      report({ id: 'objects', label: `${totals.objects} objects looked at`, state: 'working', tick: true });
  };
  await auditObjects(clients.s3, place, { onObject, signal });
  return { totals, keyArn };
}

/** Gives the ARN of the key. A caller who may not look at the key must name it by its ARN, which is then given as it is. */
async function findKeyArn(kms: KMSClient, name: string): Promise<string | undefined> {
  const isKeyArn = /^arn:[^:]+:kms:[^:]+:\d{12}:key\//.test(name);
  const metadata = describeKey(kms, name);
  return isKeyArn ? ((await undefinedIfDenied(metadata))?.Arn ?? name) : (await metadata).Arn;
}

/** Gives the line of an object: its encryption and its name. */
function objectWords(object: AuditedObject): string {
  if (object.seen === 'not shown') return `not shown to you  ${printableName(object.key)}`;
  const { sseAlgorithm, kmsKeyArn, bucketKey } = object;
  const key = kmsKeyArn === 'none' ? sseAlgorithm : `${kmsKeyArn}${bucketKey ? ' (bucket key)' : ''}`;
  return `${key}  ${printableName(object.key)}`;
}

/** Says how many objects there are and how many S3 does not show; when a key was named, also how many are under it. */
function totalsWords(totals: AuditTotals, destination: Destination, keyArn: string | undefined): string {
  const { objects, underKey, otherwise, notShown } = totals;
  if (objects === 0) return `There is no object at ${destinationWords(destination)}: nothing was compared.`;
  const all = `${objects === 1 ? '1 object' : `${objects} objects`} at ${destinationWords(destination)}`;
  const hidden = notShown === 0 ? '' : ` S3 does not show you ${notShown} (s3:GetObject).`;
  if (keyArn === undefined) return `${all}.${hidden}`;
  if (otherwise === 0 && notShown === 0) return `${all}: all are under ${keyArn}.`;
  return `${all}: ${underKey} are under ${keyArn}, ${otherwise} are not.${hidden}`;
}

/** Gives the problem of a bucket that belongs to another account. */
function foreignBucketProblem(place: OwnedBucket): Problem {
  return {
    kind: 'fixable',
    code: 'ForeignBucket',
    what: cannotLook,
    why: foreignBucketWords(place),
    state: 'Nothing was changed.',
    next: ['Name another bucket, or connect to the account of this one: --profile NAME'],
  };
}
