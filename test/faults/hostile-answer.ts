import type { IncomingHttpHeaders } from 'node:http';
import { changedAt, waysIn } from '../changed-value.ts';

/** An answer of AWS on its way, as somebody between could change it. */
export type WireAnswer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** Draws one of these. */
export type Draw = {
  below(end: number): number;
  one<Value>(values: readonly Value[]): Value;
};

/** Draws that one number alone decides. */
export function drawsOf(number: number): Draw {
  // Marsaglia's xorshift: each draw follows from the one before.
  let state = (number * 2654435761) >>> 0 || 1;
  const below = (end: number) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
  for (let round = 0; round < 8; round += 1) below(2);
  return { below, one: <Value>(values: readonly Value[]) => values[below(values.length)] as Value };
}

const clearing = '\u001b[2J\u001b]0;title\u0007';
/** A name that would be a file outside of the folder, where a name of AWS became a path. */
const wayOut = '../../../planted';

const texts: readonly string[] = [
  '',
  ' ',
  wayOut,
  `/tmp/${wayOut}`,
  '$(touch planted)',
  '`touch planted`',
  '-rf',
  '__proto__',
  'undefined',
  clearing,
  `arn:aws:kms:us-east-1:000000000000:key/${clearing}`,
  `arn:aws:kms:us-east-1:000000000000:key/${wayOut}`,
  '\u202Etxt.exe',
  'a\u200Bb',
  '\uD800',
  'a\nKMS key Enabled\n    at forged (file.js:1:1)',
  'a'.repeat(100_000),
  '9'.repeat(400),
  '1e999',
  'NaN',
  '-1',
  '2026-13-45T99:99:99Z',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}',
  '{'.repeat(50_000),
];

const values: readonly unknown[] = [
  ...texts,
  null,
  true,
  false,
  0,
  -1,
  1e300,
  2 ** 53,
  1.5,
  [],
  {},
  [null],
  [[]],
  { length: 1 },
  { toString: 1 },
];

type Change = (answer: WireAnswer, draw: Draw) => WireAnswer;

const withBody = (answer: WireAnswer, body: string | Buffer): WireAnswer => ({ ...answer, body: Buffer.from(body) });

/** Another value, no value, or many of the same in the place of one. */
const changeJson: Change = (answer, draw) => {
  const text = answer.body.toString();
  if (!/^[{[]/.test(text)) return changeXml(answer, draw);
  const json: unknown = JSON.parse(text);
  const way = draw.one(waysIn(json));
  const what = draw.below(8);
  const change = (before: unknown) => {
    if (what === 0) return undefined;
    if (what === 1) return Array.from({ length: 2000 }, () => before);
    return draw.one(values);
  };
  return withBody(answer, JSON.stringify(changedAt(json, way, change)) ?? '');
};

const asXml = (text: string) =>
  text.replaceAll(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`).replaceAll('\u001b', '&#27;');

/** Another text, no element, another name, or many of the same element. */
const changeXml: Change = (answer, draw) => {
  const text = answer.body.toString();
  const elements = [...text.matchAll(/<(\w+)>([^<]*)<\/\1>/g)];
  if (elements.length === 0) return changeHeaders(answer, draw);
  const [element, name, content] = draw.one(elements);
  const instead = [
    '',
    `<${name}X>${content}</${name}X>`,
    `<${name}><a>${content}</a></${name}>`,
    element.repeat(2000),
    `<${name}>${draw.one(texts)}</${name}>`,
    ...texts.map((each) => `<${name}>${asXml(each)}</${name}>`),
  ];
  const entity = `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(1000)}"><!ENTITY c "${'&a;'.repeat(1000)}">]>`;
  const after = text.replace(element, () => draw.one(instead));
  return withBody(answer, draw.below(10) === 0 ? `${entity}${after.replace(content ?? '', '&c;')}` : after);
};

/** Headers as a sender that is no HTTP library could write them. */
const changeHeaders: Change = (answer, draw) => {
  const names = Object.keys(answer.headers);
  const more: IncomingHttpHeaders[] = [
    { 'content-encoding': 'gzip' },
    { 'content-length': '1000000000' },
    { 'content-length': '-5' },
    { 'transfer-encoding': 'chunked' },
    { 'retry-after': '100000000000' },
    { date: 'Thu, 01 Jan 1970 00:00:00 GMT' },
    { date: clearing },
    { 'x-amzn-requestid': clearing, 'x-amz-request-id': clearing },
    { 'x-amzn-requestid': wayOut, 'x-amz-request-id': '\u202Ea' },
    { etag: `"${clearing}"` },
    { etag: '"\u202E"' },
    { 'x-amz-bucket-region': wayOut },
    { 'x-amz-server-side-encryption-aws-kms-key-id': draw.one(texts).slice(0, 2000) },
    { 'x-amz-server-side-encryption': 'AES256' },
    { 'x-amz-checksum-crc32': 'AAAAAA==' },
    { 'x-amz-checksum-crc64nvme': 'x' },
    { 'x-amzn-query-error': `${clearing};Sender` },
    { 'x-amzn-errortype': clearing },
    { 'content-type': 'text/html' },
    ...names.map((name) => ({ [name]: draw.one(texts).slice(0, 2000) })),
    ...names.map((name) => ({ [name]: undefined })),
  ];
  return { ...answer, headers: { ...answer.headers, ...draw.one(more) } };
};

/** The bytes themselves: cut off, changed, or others. */
const changeBytes: Change = (answer, draw) => {
  const { body } = answer;
  const flipped = Buffer.from(body);
  for (let times = 0; times <= draw.below(4) && flipped.length > 0; times += 1)
    flipped[draw.below(flipped.length)] = draw.below(256);
  const bodies: readonly (string | Buffer)[] = [
    flipped,
    flipped,
    body.subarray(0, draw.below(body.length + 1)),
    '',
    'null',
    '[]',
    '""',
    '0',
    '\uFEFF{}',
    '<html><body>Please sign in</body></html>',
    '<?xml version="1.0"?><a/>',
    `${'['.repeat(100_000)}`,
    `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    `${'<a>'.repeat(100_000)}`,
    `{"__proto__":{"KeyMetadata":{}},"constructor":null}`,
    ' '.repeat(2_000_000),
    Buffer.from(Array.from({ length: 500 }, () => draw.below(256))),
  ];
  return withBody(answer, draw.one(bodies));
};

/** A refusal with words that are not AWS's. */
const refuse: Change = (answer, draw) => {
  const [code, message] = [draw.one(texts).slice(0, 5000), draw.one(texts)];
  const known = draw.one([
    code,
    code,
    'AccessDeniedException',
    'ThrottlingException',
    'NoSuchKey',
    'PermanentRedirect',
  ]);
  const isJson = /^[{[]/.test(answer.body.toString()) || /json/.test(String(answer.headers['content-type']));
  const status = draw.one([400, 400, 403, 404, 409, 412, 413, 429, 500, 503]);
  const xml = `<?xml version="1.0"?><Error><Code>${asXml(known)}</Code><Message>${asXml(message)}</Message><Endpoint>${asXml(code)}</Endpoint></Error>`;
  const query = `<ErrorResponse><Error><Type>Sender</Type><Code>${asXml(known)}</Code><Message>${asXml(message)}</Message></Error></ErrorResponse>`;
  const json = JSON.stringify({ __type: known, message, Message: message });
  return { ...withBody(answer, isJson ? json : draw.one([xml, query])), status };
};

/** Another status with the same answer. */
const changeStatus: Change = (answer, draw) => ({
  ...answer,
  status: draw.one([
    100, 101, 201, 204, 206, 300, 301, 302, 304, 307, 308, 400, 403, 404, 409, 412, 418, 429, 500, 503, 599, 999,
  ]),
  headers: {
    ...answer.headers,
    ...draw.one<IncomingHttpHeaders>([
      {},
      { location: 'http://127.0.0.1:1/' },
      { location: 'file:///etc/passwd' },
      { location: clearing },
    ]),
  },
});

const changes: readonly Change[] = [
  changeJson,
  changeJson,
  changeJson,
  changeHeaders,
  changeBytes,
  refuse,
  changeStatus,
];

/** The bytes of an answer as somebody hostile sends them. */
export function hostileAnswer(answer: WireAnswer, draw: Draw): Buffer {
  const { status, headers, body } = draw.one(changes)(answer, draw);
  const { 'transfer-encoding': encoding, connection: _, ...others } = headers;
  const sent = {
    ...others,
    // The length of before belongs to another body.
    ...(others['content-length'] === answer.headers['content-length'] ? { 'content-length': String(body.length) } : {}),
    ...(encoding === 'chunked' && answer.headers['transfer-encoding'] === undefined
      ? { 'transfer-encoding': encoding }
      : {}),
    connection: 'close',
  };
  const lines = Object.entries(sent).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\r\n`]));
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n`), body]);
}
