/** An error as a tool printed it. A part that the text does not have is `undefined`. */
export type PrintedError = {
  /** The error code, as the text spells it. */
  readonly name: string | undefined;
  /** The API name of the operation. */
  readonly operation: string | undefined;
  readonly message: string | undefined;
  /** True when the form is that of a service's answer, so that the message is the service's own. */
  readonly isAnswer: boolean;
};

/** A form in which clients print an error. Its pattern may have the groups name, operation, message and status. */
type Form = {
  readonly pattern: RegExp;
  /** Where the message is, if `pattern` has no group for it: on the same line, or near the match and in this form. */
  readonly messageAt?: 'before' | 'after' | RegExp;
  /** How characters of the message are escaped. */
  readonly escapes?: 'json' | 'xml';
};

/*
 * The number of characters in each pattern has a bound. Without it, a long line that almost matches at many places takes
 * minutes.
 */

/** A JSON string. Its quotes are escaped. */
const jsonMessage = /"(?:[Mm]essage|errorMessage)"\s{0,20}:\s{0,20}"((?:[^"\\]|\\.){0,4000})"/;

/** The forms of a service's answer, the surest first. */
const answerForms: readonly Form[] = [
  // aws-cli and boto
  {
    pattern:
      /An error occurred \((?<name>[\w.-]{1,100})\) when calling the (?<operation>\w{1,100}) operation(?: \([^)\n]{0,60}\))?:? ?(?<message>[^\n]{0,4000})/g,
  },
  // Go SDK v2, as Terraform and sops print it
  {
    pattern:
      /operation error [\w ]{1,60}: (?<operation>\w{1,100}), https response error StatusCode: \d{3}, RequestID: [^,\n]{0,100}, (?:HostID: [^,\n]{0,200}, )?(?:api error )?(?<name>[\w.]{1,100}): ?(?<message>[^\n]{0,4000})/g,
  },
  { pattern: /api error (?<name>[\w.]{1,100}): ?(?<message>[^\n]{0,4000})/g },
  // Java SDK 1 and 2, and what CloudFormation prints of them
  {
    pattern: /\(Service: [\w ]{1,60}[;,] Status Code: (?<status>\d{3})[;,](?: Error Code: (?<name>[\w.]{1,100}))?/g,
    messageAt: 'before',
  },
  // Ruby SDK
  { pattern: /\(Aws::\w{1,40}::Errors::(?<name>\w{1,100})\)/g, messageAt: 'before' },
  // PHP SDK
  { pattern: /(?<name>\b[A-Z][\w.]{1,100}) \((?:client|server)\): (?<message>[^\n]{0,4000}?)(?= - <\?xml|\n|$)/g },
  // s3cmd
  { pattern: /S3 error: \d{3} \((?<name>[\w.]{1,100})\): (?<message>[^\n]{0,4000})/g },
  // JSON and XML from the wire, and CloudTrail
  {
    pattern: /"__type"\s{0,20}:\s{0,20}"(?:[^"#\n]{0,100}#)?(?<name>[\w.]{1,100})"/g,
    messageAt: jsonMessage,
    escapes: 'json',
  },
  {
    pattern: /<Code>(?<name>[\w.]{1,100})<\/Code>\s{0,20}<Message>(?<message>[^<]{0,4000})<\/Message>/g,
    escapes: 'xml',
  },
  { pattern: /<Code>(?<name>[\w.]{1,100})<\/Code>/g },
  {
    pattern: /"(?:Code|errorCode)"\s{0,20}:\s{0,20}"(?<name>[\w.]{1,100})"/g,
    messageAt: jsonMessage,
    escapes: 'json',
  },
];

/** The forms of programs that print errors of a service and errors of their own in the same way. */
const programForms: readonly Form[] = [
  // An error of JavaScript as JSON, and as it is inspected
  {
    pattern: /"(?:code|name)"\s{0,20}:\s{0,20}"(?<name>[\w.]{1,100})"/g,
    messageAt: jsonMessage,
    escapes: 'json',
  },
  {
    pattern: /\b(?:name|code|Code): '(?<name>[\w.]{1,100})'/g,
    messageAt: /\bmessage: '((?:[^'\\\n]|\\.){0,4000})'/,
    escapes: 'json',
  },
  // A stack of any language: namespace, name, colon, message
  {
    pattern:
      /(?:^|[\s[({"'])(?:[A-Za-z]\w{0,60}(?:\.|::|#)){0,12}(?<name>[A-Z]\w{2,100})(?: \[[\w ]{1,60}\])?:(?= |$)/gm,
    messageAt: 'after',
  },
  // An answer to HEAD, as the SDK for JavaScript 3 prints it
  { pattern: /\bUnknown(?:Error)?\b[\s\S]{0,600}?httpStatusCode["']?: (?<name>301|400|403|404)\b/g },
];

/** A place in a text that has an answer of a service. */
export type AnswerPlace = {
  readonly start: number;
  readonly end: number;
  /** Reads the answer in each form that it has, the surest form first. In a long text, reading all places takes long. */
  readonly read: () => Generator<PrintedError>;
};

type FormMatch = { readonly form: Form; readonly match: RegExpExecArray };

/** Finds the places in a text that have the form of a service's answer, in the order of the text. */
export function findAnswers(text: string): readonly AnswerPlace[] {
  const all = answerForms.flatMap((form) => [...text.matchAll(form.pattern)].map((match) => ({ form, match })));
  const places: { start: number; end: number; found: FormMatch[] }[] = [];
  for (const each of all.sort((one, other) => one.match.index - other.match.index)) {
    const start = each.match.index;
    const end = start + each.match[0].length;
    const last = places.at(-1);
    // One error is often found in several forms, such as "operation error ..." with "api error ..." in it.
    const belongsToLast =
      last !== undefined && (start < last.end || isRawAnswerOf(last.found, text.slice(last.end, start)));
    if (belongsToLast) {
      last.end = Math.max(last.end, end);
      last.found.push(each);
    } else places.push({ start, end, found: [each] });
  }
  const sureness = ({ form }: FormMatch) => answerForms.indexOf(form);
  return places.map(({ start, end, found }) => ({
    start,
    end,
    *read() {
      for (const { form, match } of found.sort((one, other) => sureness(one) - sureness(other)))
        yield* readMatch(form, match, { isAnswer: true });
    },
  }));
}

/**
 * Tells whether a raw answer is about the error `before` it: some tools print a line of their own without AWS's sentence, and then
 * the raw answer. `between` is the text between the two.
 */
function isRawAnswerOf(before: readonly FormMatch[], between: string): boolean {
  if (between.length > 1000 || !/^\s{0,20}(?:<[^<>]{1,200}>\s{0,20}){0,4}$/.test(between)) return false;
  return before.every(
    ({ form, match }) => form.messageAt === undefined && readSentence(match.groups?.message) === undefined,
  );
}

/**
 * Finds each error in a text in one of the forms in which programs print errors, the surest form first.
 * @param isKnown says whether a name is that of a known error. Programs print many other words in these forms too.
 */
export function* findProgramErrors(text: string, isKnown: (name: string) => boolean): Generator<PrintedError> {
  for (const form of programForms)
    for (const match of text.matchAll(form.pattern))
      if (isKnown(match.groups?.name ?? '')) yield* readMatch(form, match, { isAnswer: false });
}

/**
 * Yields the error that a match shows. When it shows an S3Exception without code and message, also yields an error with the
 * HTTP status as its name.
 */
function* readMatch(
  { messageAt, escapes }: Form,
  { input: text, index, groups = {}, 0: { length } }: RegExpExecArray,
  { isAnswer }: { isAnswer: boolean },
): Generator<PrintedError> {
  const { name, operation, message, status } = groups;
  const found = { name, operation, message, isAnswer };
  const end = index + length;
  if (messageAt === 'before') {
    const before = readBefore(text, index);
    yield { ...found, name: name ?? before.name, message: before.message };
    // An answer of S3 to HEAD has neither code nor message. Only its status tells what is wrong.
    if (name === undefined && before.name === 'S3Exception' && readSentence(before.message) === undefined)
      yield { ...found, name: status };
  } else if (messageAt === 'after') {
    yield { ...found, message: text.slice(end, end + mostOfMessage).split('\n', 1)[0] };
  } else {
    const escaped = message ?? findMessage(messageAt, text, { start: index, end });
    yield { ...found, message: escaped === undefined ? undefined : withoutEscapes(escaped, escapes) };
  }
}

/** Finds the message of a code between `start` and `end`: JSON may have the message after the code or before it. */
function findMessage(pattern: RegExp | undefined, text: string, { start, end }: { start: number; end: number }) {
  const after = pattern?.exec(text.slice(end, end + mostOfMessage));
  return (after ?? pattern?.exec(text.slice(Math.max(0, start - mostOfMessage), start)))?.[1];
}

/** The longest message that is read, in characters. */
const mostOfMessage = 4000;

/** What comes before the message: the class of an exception with its colon, a CloudFormation handler, a place in Ruby code. */
const beforeMessage =
  /(?:^|[\s"'])(?:[A-Za-z_]\w{0,60}\.){0,12}(?<name>[A-Z]\w{0,100}(?:Exception|Error)): |returned message: "|:in [`'][^'\n]{1,100}': |^(?<code>[A-Z]\w{2,100}): (?=\S)/g;

/** Reads a line up to the index `end`: the message, and the code or the class of the exception before the message. */
function readBefore(text: string, end: number): { name: string | undefined; message: string } {
  const lineStart = Math.max(text.lastIndexOf('\n', end - 1) + 1, end - mostOfMessage);
  const line = text.slice(lineStart, end);
  let name: string | undefined;
  let start = 0;
  for (const match of line.matchAll(beforeMessage)) {
    // A sentence of AWS may begin with a word and a colon as well.
    if (match.groups?.code === 'User') continue;
    name = match.groups?.name ?? match.groups?.code ?? name;
    start = match.index + match[0].length;
  }
  return { name, message: line.slice(start) };
}

/** What some clients write when the service sent no message. Closing brackets may follow. */
const noMessage = new Set(['', 'null', 'None', 'UnknownError', 'Unknown', 'undefined']);

const entities: Readonly<Record<string, string>> = {
  quot: '"',
  apos: "'",
  '#39': "'",
  '#34': '"',
  lt: '<',
  gt: '>',
  amp: '&',
};

/** Gives a message without the escapes of JSON or XML. */
function withoutEscapes(message: string, escapes: Form['escapes']): string {
  if (escapes === 'json') return message.replaceAll(/\\(.)/g, (_, char: string) => (/[nrt]/.test(char) ? ' ' : char));
  if (escapes === 'xml')
    return message.replaceAll(/&(quot|apos|#39|#34|lt|gt|amp);/g, (_, entity: string) => entities[entity] ?? '');
  return message;
}

/**
 * Gives a message on one line. Gives `undefined` when the service sent no message (some clients then write a word such as `None`),
 * when a web page or XML is in the place of a message, and when the message ends with a colon.
 */
export function readSentence(message: string | undefined): string | undefined {
  const sentence = (message ?? '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^(null|undefined)[\])}]+$/, '$1')
    // The Go SDK 1 and the Kotlin SDK write these after the message.
    .replace(/ status code: \d{3}, request id: \S{0,100}$/, '')
    .replace(/, Request ID: \S{0,100}(?: Extended request ID: \S{0,200})?$/i, '');
  // After a colon at its end, the message goes on in the next lines, which are not read here.
  return noMessage.has(sentence) || sentence.endsWith(':') || sentence.startsWith('<') ? undefined : sentence;
}

/** Finds the API name of the operation, as the SDKs, KMS's request header and CloudTrail write it; `undefined` when none does. */
export function findOperation(text: string): string | undefined {
  return (
    /(?:when calling the|operation error [\w ]{1,60}:|x-amz-target: TrentService\.|Error executing "|"eventName"\s{0,20}:\s{0,20}") ?(\w{1,100})/i.exec(
      text,
    )?.[1] ?? /\b(\w{1,100})Command\b/.exec(text)?.[1]
  );
}
