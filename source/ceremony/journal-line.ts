import * as v from 'valibot';

const text = v.string('must be text');
const words = v.pipe(text, v.nonEmpty('must not be empty'));
const name = v.pipe(
  text,
  v.regex(/^[a-z][a-z\d]*(-[a-z\d]+)*$/, 'must be a name of small letters, such as secret-key'),
);
const sha256 = v.pipe(text, v.regex(/^[\da-f]{64}$/, 'must be a SHA-256 in hex'));
const time = v.pipe(text, v.isoTimestamp('must be a time such as 2026-11-25T20:10:00.000Z'));
const answer = v.union(
  [text, v.boolean(), v.pipe(v.array(text), v.readonly())],
  'must be text, true, false or a list of texts',
);
const answers = v.pipe(v.record(name, answer, 'must be an object'), v.readonly());
/** The facts of a step can be any object, because only its ceremony knows their form. */
const facts = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

/**
 * Makes the schema for one kind of line: it has these fields, and the kind, time and hash that every line has. Any other
 * field is a mistake.
 */
const lineOfKind = <Kind extends string, Fields extends v.ObjectEntries>(kind: Kind, fields: Fields) =>
  v.strictObject(
    { kind: v.literal(kind, `must be ${kind}`), ...fields, at: time, prev: sha256 },
    // The end of the sentence about a field: valibot expects `never` in place of an unknown field.
    ({ expected }) => (expected === 'never' ? 'is no field of such a line' : 'is missing'),
  );

const kinds = [
  lineOfKind('begun', { ceremony: name, id: words, version: words }),
  lineOfKind('continued', { version: words, note: v.exactOptional(text) }),
  lineOfKind('session', {
    callerArn: words,
    accountId: words,
    osUser: text,
    host: text,
    /** Of Keyferry. */
    version: words,
    /** Of Node. */
    node: words,
    /** The endpoints that replace AWS's own: one for all services, or one for each service. */
    endpoint: v.exactOptional(words),
    endpoints: v.exactOptional(v.pipe(v.record(name, words, 'must be an object'), v.readonly())),
  }),
  /** All answers of a step that now acts, or those that it was asked for ahead. */
  lineOfKind('answered', { step: name, answers }),
  /** The answers that a step has so far, while it still asks. */
  lineOfKind('drafted', { step: name, answers }),
  lineOfKind('intent', { step: name, name: words }),
  lineOfKind('outcome', {
    step: name,
    name: words,
    outcome: v.picklist(['done', 'refused'], 'must be done or refused'),
    result: v.exactOptional(v.unknown()),
    probed: v.exactOptional(v.literal(true, 'must be true')),
  }),
  lineOfKind('done', { step: name, facts }),
  lineOfKind('reopened', { step: name, note: v.exactOptional(text) }),
  lineOfKind('call', {
    operation: words,
    requestId: v.exactOptional(text),
    error: v.exactOptional(text),
    /** How many times the call was sent. Absent when it was sent once. */
    tries: v.exactOptional(v.pipe(v.number('must be a number'), v.integer('must be a whole number'))),
    /** How many calls this line reports; absent for one call. `requestId` is that of the last call. */
    count: v.exactOptional(v.pipe(v.number('must be a number'), v.integer('must be a whole number'))),
    /** With `count`: when the first and the last of these calls were answered, and the request id of the first. */
    since: v.exactOptional(time),
    until: v.exactOptional(time),
    firstRequestId: v.exactOptional(text),
    /** How the connection was encrypted that brought a wrapping key or took an import; `none` for plain HTTP. */
    tls: v.exactOptional(
      v.union(
        [
          v.literal('none'),
          v.pipe(
            v.strictObject({
              protocol: words,
              cipher: words,
              group: v.exactOptional(words),
              issuer: v.exactOptional(words),
            }),
            v.readonly(),
          ),
        ],
        'must be none, or have protocol, cipher, group and issuer',
      ),
    ),
  }),
  lineOfKind('finished', {}),
] as const;

/** The type of the lines that match a schema. */
type LineOf<Schema> = Schema extends v.GenericSchema ? Readonly<v.InferOutput<Schema>> : never;

/** The type of a line without its time and hash. The condition keeps the kinds of line apart; `Omit` alone would merge them. */
type EntryOf<Line> = Line extends JournalLine ? Omit<Line, 'at' | 'prev'> : never;

/** A line of the file, with its time and the SHA-256 (hex) of the line before, so that a changed line is detected. */
export type JournalLine = LineOf<(typeof kinds)[number]>;

/** A line without its time and hash: what a caller appends. Never secret. */
export type JournalEntry = EntryOf<JournalLine>;

/** The schemas, by the kind of line. */
const schemas = new Map<string, (typeof kinds)[number]>(kinds.map((schema) => [schema.entries.kind.literal, schema]));

/**
 * Parses and checks a line of a journal file, because somebody may have edited the file.
 * @returns the line, or in `wrong` the mistake: the end of a sentence that begins with "The line".
 */
export function readLine(line: string): { readonly line: JournalLine } | { readonly wrong: string } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { wrong: 'is not JSON' };
  }
  if (typeof value !== 'object' || value === null) return { wrong: 'is not a JSON object' };
  const kind = 'kind' in value ? String(value.kind) : '';
  const schema = schemas.get(kind);
  if (schema === undefined) return { wrong: 'is of a kind that this version does not know' };
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return { line: parsed.output };
  const [issue] = parsed.issues;
  return { wrong: `is a line "${kind}" whose "${v.getDotPath(issue) ?? ''}" ${issue.message}` };
}
