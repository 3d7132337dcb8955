import type { Problem } from '../ceremony/problem.ts';
import { quote } from '../ceremony/shell-word.ts';

// Pages: S3 API reference, HeadObject and PutObject; S3 user guide, "Checking object integrity for data uploads in Amazon S3".

/** The object to which a file is uploaded, and the path of the file. */
export type Target = { readonly bucket: string; readonly key: string; readonly path: string };

const othersStay = 'The key is ready, and files that were uploaded before stay.';

/** Says how a file can replace an object that has its name. */
export const mayReplace = 'Or let keyferry encrypt --replace write over objects that are there.';

/** The problem that an object has the name under which a file should go, and stays. @param why what is known of the object. */
export function existsProblem(target: Target, why = otherBytes): Problem {
  const { bucket, key, path } = target;
  return {
    kind: 'fixable',
    what: `Can't upload ${path}: s3://${bucket}/${key} exists already.`,
    why,
    state: `The object was left as it is. ${othersStay}`,
    next: [
      `Look at it: ${headCommand(target)}`,
      'Move or delete it, or give the file another name. Then try again.',
      mayReplace,
    ],
  };
}

const otherBytes =
  'That object has other bytes or another key, so nothing shows that Keyferry put it there in this ceremony.';

/** Says that the object has the bytes of the file, but is under another KMS key or none. */
export const otherKeyThere = (kmsKeyArn: string) =>
  `That object has the bytes of the file, but is under ${kmsKeyArn === 'none' ? 'no KMS key' : `${kmsKeyArn}, not under your key`}.`;

/** Says that the object is not the one that Keyferry was going to replace. */
export const changedAfterLook =
  'Something else wrote that object after Keyferry had looked at it, so it is not the one that was to be replaced.';

/** Says that S3 keeps no checksum with which a large object could be compared. */
export const notComparable =
  'That object has the size of the file, and S3 has no checksum of all its bytes, so nothing shows that it is the same.';

/** The problem of an object that has the name under which a file should go, and that the caller may not look at or read. */
export function unreadableObjectProblem(target: Target): Problem {
  return existsProblem(
    target,
    `S3 says that an object of this name exists, and does not let you look at it (${needed}).`,
  );
}

/** The problem of an upload whose answer was lost, and whose object the caller may not look at or read. */
export function unknownObjectProblem(target: Target, keyArn: string): Problem {
  const { bucket, key, path } = target;
  return {
    kind: 'lost',
    what: `Can't tell whether ${path} is at s3://${bucket}/${key}.`,
    why: `The answer to an upload of it was lost. S3 takes no second one: an object of this name is there, or that upload has ended. S3 does not let you look (${needed}), so it may be this file or somebody else's object.`,
    state: `What is there was left as it is. ${othersStay}`,
    next: [
      `Have somebody look who may: ${headCommand(target)}. Your file is there when the object is under ${keyArn} and has its size.`,
      'With the permission to read it, try again: Keyferry compares.',
      'Or give the file another name, or move the object away. Then try again.',
    ],
  };
}

/** The problem of a file that was written to while it was read. */
export function changedProblem({ path, bucket, key }: Target): Problem {
  return {
    kind: 'fixable',
    what: `Can't upload ${path}: it changed while it was sent.`,
    why: 'Its size or its time of change is not that from before. What was sent would be neither the old nor the new file.',
    state: `s3://${bucket}/${key} was not made. ${othersStay}`,
    next: ['Wait until nothing writes to the file, then try again.'],
  };
}

/** The problem of a file that cannot be sent: it cannot be opened, for example, or has too long a name. @param why a sentence. */
export function unreadableFileProblem({ path }: Pick<Target, 'path'>, why: string): Problem {
  return {
    kind: 'fixable',
    what: `Can't upload ${path}.`,
    why,
    state: `Nothing of it was sent. ${othersStay}`,
    next: ['Remove the cause, then try again. Or choose other files.'],
  };
}

/** The problem of an object that S3 encrypted under a different KMS key than the request named. */
export function wrongKeyProblem({ bucket, key }: Target, usedKeyArn: string): Problem {
  return {
    kind: 'fixable',
    what: `s3://${bucket}/${key} is not under your key.`,
    why: `S3 names ${usedKeyArn}.`,
    state: 'The object was uploaded, under the wrong key.',
    next: [
      'Look for a proxy or a bucket policy that changes the request.',
      'Then try again: the new upload replaces this object.',
    ],
  };
}

/** The problem of an object whose bytes are not those that were sent. @param difference a sentence without its full stop. */
export function wrongBytesProblem({ bucket, key }: Target, difference: string): Problem {
  return {
    kind: 'fixable',
    what: `s3://${bucket}/${key} did not come back as it was sent.`,
    why: `${difference}: something on the way changed the bytes.`,
    state: 'The object is in the bucket, under your key.',
    next: ['Try again: the new upload replaces this object.'],
  };
}

/** The problem of an object that was removed before it was checked. */
export function goneProblem({ bucket, key }: Target): Problem {
  return {
    kind: 'fixable',
    what: `s3://${bucket}/${key} is gone.`,
    why: 'It was removed after it was uploaded, and before it was checked.',
    state: 'Your file is unchanged.',
    next: ['Try again: it is uploaded again.'],
  };
}

/** The problem of an object that was replaced before it was checked. */
export function replacedProblem({ bucket, key }: Target): Problem {
  return {
    kind: 'fixable',
    what: `s3://${bucket}/${key} is not the object that was uploaded.`,
    why: 'Something else replaced it before it was checked.',
    state: 'The object was left as it is. Your file is unchanged.',
    next: ['Find out what else writes to this name, and move its object away. Then try again.'],
  };
}

/** What the caller needs to read an object under a KMS key. */
const needed = 's3:GetObject, and kms:Decrypt on the key';

const headCommand = ({ bucket, key }: Target) => `aws s3api head-object --bucket ${quote(bucket)} --key ${quote(key)}`;
