/**
 * Endings and beginnings of names that S3 keeps for itself, and what they stand for. S3 user guide, "General purpose
 * bucket naming rules".
 */
const reserved: ReadonlyArray<readonly [pattern: RegExp, why: string]> = [
  [
    /--x-s3$/,
    'is a directory bucket (S3 Express One Zone): another API, and only one KMS key for the whole bucket. Choose a general purpose bucket.',
  ],
  [/-s3alias$/, 'is the alias of an access point. Give the name of the bucket behind it.'],
  [/--ol-s3$/, 'is the alias of an Object Lambda access point. Give the name of the bucket behind it.'],
  [/\.mrap$/, 'is a Multi-Region Access Point. Give the name of a bucket in the Region of the key.'],
  [/--table-s3$/, 'is the bucket of a table, in which S3 Tables alone writes. Choose a general purpose bucket.'],
  [/^(?:xn--|sthree-|amzn-s3-demo-)/, 'begins as no bucket of yours may: S3 keeps these names for itself.'],
];

/** What an ARN names that a person may give in place of a bucket, by its service and the beginning of its resource. */
const arns: ReadonlyArray<readonly [pattern: RegExp, why: string]> = [
  [
    /^arn:[\w-]+:s3::\d*:accesspoint/,
    'is the ARN of a Multi-Region Access Point. Give the name of a bucket in the Region of the key.',
  ],
  [/^arn:[\w-]+:s3:[\w-]*:\d*:accesspoint/, 'is the ARN of an access point. Give the name of the bucket behind it.'],
  [
    /^arn:[\w-]+:s3-object-lambda:/,
    'is the ARN of an Object Lambda access point. Give the name of the bucket behind it.',
  ],
  [/^arn:[\w-]+:s3express:/, 'is the ARN of a directory bucket or its access point. Choose a general purpose bucket.'],
  [
    /^arn:[\w-]+:s3tables:/,
    'is the ARN of a table bucket, in which S3 Tables alone writes. Choose a general purpose bucket.',
  ],
  [/^(?:arn:|s3:\/)/, 'is more than a name. Give the name of the bucket alone.'],
];

/** The name of a bucket in its ARN, or in `s3://NAME/PREFIX`. */
const longName = /^(?:arn:[\w-]+:s3:::|s3:\/\/)([^/]+)/;

/**
 * True for a text that may be a whole name of a bucket. While it has less than three characters, or ends with a hyphen or dot, the
 * person still types.
 */
export const isWholeBucketName = (text: string) => text.length >= 3 && !/[-.]$/.test(text);

/**
 * Gives the name that is surely meant by a text such as `My Photos` or `s3://photos/2026`. The name may still break a rule of S3.
 * `undefined` while the text is still being typed, and for an ARN that names no bucket.
 */
export function suggestedBucketName(text: string): string | undefined {
  if (!isWholeBucketName(text)) return undefined;
  const name = longName.exec(text)?.[1];
  if (name !== undefined || text.startsWith('arn:')) return name;
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]+/g, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[-.]+|[-.]+$/g, '');
}

/**
 * Says why a bucket cannot have this name; `undefined` when it can. S3 user guide, "General purpose bucket naming
 * rules".
 */
export function findBucketNameProblem(name: string): string | undefined {
  const arnReason = arns.find(([pattern]) => pattern.test(name))?.[1];
  if (arnReason !== undefined) return `${name} ${arnReason}`;
  if (name.length < 3 || name.length > 63) return 'A bucket name has 3 to 63 characters.';
  if (!/^[a-z0-9][a-z0-9.-]*[a-z0-9]$/.test(name))
    return 'A bucket name has small letters, digits, hyphens and dots, and begins and ends with a letter or digit.';
  if (name.includes('..')) return 'A bucket name has no two dots in a row.';
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return 'A bucket name does not look like an IP address.';
  const reservedReason = reserved.find(([pattern]) => pattern.test(name))?.[1];
  return reservedReason === undefined ? undefined : `${name} ${reservedReason}`;
}
