import * as v from 'valibot';

const text = v.string('must be text');
const whole = v.pipe(
  v.number('must be a number'),
  v.safeInteger('must be a whole number'),
  v.minValue(0, 'must be 0 or more'),
);
const time = v.pipe(text, v.isoTimestamp('must be a time such as 2026-11-25T20:10:00.000Z'));
/** The number of an object in the plan, from 0. */
const n = whole;

/** Makes the schema for one kind of line. `is` names the kind. Any other field is a mistake. */
const lineOf = <Is extends string, Fields extends v.ObjectEntries>(is: Is, fields: Fields) =>
  v.strictObject({ is: v.literal(is), ...fields });

const kinds = [
  /** The first line: what is sent, where to, and under which key. */
  lineOf('plan', {
    version: v.literal(1),
    bucket: text,
    prefix: text,
    keyArn: text,
    inputs: v.array(text),
    include: v.array(text),
    exclude: v.array(text),
    replace: v.boolean(),
    at: time,
  }),
  /** A file of the plan, and its object. Objects count from 0 in the order of these lines. */
  lineOf('object', { path: text, key: text, size: whole, changedMs: v.number() }),
  /** Something that is not sent, or a path that is wrong. */
  lineOf('left out', { path: text, why: text, wrong: v.exactOptional(v.literal(true)) }),
  /** The plan is whole. */
  lineOf('planned', { count: whole, bytes: whole }),
  /** A request that makes the object is about to be sent. */
  lineOf('sending', { n }),
  /** An upload in parts is about to be begun. */
  lineOf('beginning', { n, at: time }),
  /** An upload in parts was begun, of the file as it is. */
  lineOf('begun', { n, uploadId: text, partSize: whole, size: whole, changedMs: v.number() }),
  /** S3 has a part. */
  lineOf('part', { n, number: whole, size: whole, etag: text, crc32: text }),
  /** What was begun has ended without an object: S3 refused it, or an upload in parts was given up, with its parts. */
  lineOf('given up', { n }),
  /**
   * The object is in S3. `found`: it was there already, with the same bytes. `checksum`: S3's checksum has confirmed all bytes; for
   * an object that was found, reading them back may have done so.
   */
  lineOf('uploaded', {
    n,
    path: text,
    key: text,
    size: whole,
    etag: text,
    sha256: text,
    crc32: text,
    sseAlgorithm: text,
    kmsKeyArn: text,
    bucketKey: v.boolean(),
    checksum: v.boolean(),
    changedMs: v.number(),
    found: v.exactOptional(v.literal(true)),
    requestId: v.exactOptional(text),
  }),
  /** So many bytes of the object were read back and were those of the file. */
  lineOf('read', { n, to: whole }),
  /** The object was looked at. `readBack`: all of its bytes were read. */
  lineOf('checked', { n, readBack: v.boolean(), looked: v.boolean() }),
  /** The object is not as it should be; the next try may replace the one with this ETag. */
  lineOf('wrong', { n, etag: text, size: whole, why: text }),
  /** The file was not sent. */
  lineOf('refused', { n, why: text }),
] as const;

type Schema = (typeof kinds)[number];

/** A line of a manifest. Never secret. */
export type ManifestLine = v.InferOutput<Schema>;

/** The line of one kind. */
export type LineOf<Is extends ManifestLine['is']> = Extract<ManifestLine, { readonly is: Is }>;

const schemas = new Map<string, Schema>(kinds.map((schema) => [schema.entries.is.literal, schema]));

/**
 * Parses and checks a line, because somebody may have edited the file. Gives `undefined` when it is not a line of a manifest.
 */
export function readManifestLine(line: string): ManifestLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const is = typeof value === 'object' && value !== null && 'is' in value ? value.is : undefined;
  const schema = typeof is === 'string' ? schemas.get(is) : undefined;
  const parsed = schema === undefined ? undefined : v.safeParse(schema, value);
  return parsed?.success === true ? parsed.output : undefined;
}
