import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseReading, findEntry, knownNames } from '../../source/aws/problems/catalogue.ts';
import { onOneLine, readPasted } from '../../source/aws/problems/pasted-text.ts';
import { type Recognised, recogniseErrors } from '../../source/aws/problems/recognise.ts';
import { anyCharacter } from '../any-character.ts';
import { isLong } from '../seed.ts';
import { explained } from './explained.ts';

const runs = isLong ? 20_000 : 1000;

const operations = ['ImportKeyMaterial', 'Decrypt', 'PutObject', 'HeadObject', 'CreateKey', 'NoSuchOperation'];
const arn = 'arn:aws:kms:us-east-1:111122223333:key/0d990263-018e-4e65-a703-eff731de951e';

const sentences = [
  'null',
  '',
  'Access Denied',
  'Forbidden',
  'Rate exceeded',
  `${arn} is pending import.`,
  `${arn} is disabled.`,
  'Invalid keyId aws/s3',
  'The new key policy will not allow you to update the key policy in the future.',
  `User: arn:aws:iam::111122223333:user/x is not authorized to perform: kms:Decrypt on resource: ${arn}`,
  'Content-MD5 HTTP header is required for Put Object requests with Object Lock parameters',
  'Unable to locate credentials',
  "Your session has expired. Please reauthenticate using 'aws login'.",
  'self-signed certificate in certificate chain',
  'a sentence that nobody knows',
];

/** The forms in which tools print an error. */
const forms: readonly ((name: string, operation: string, sentence: string) => string)[] = [
  (name, operation, sentence) => `An error occurred (${name}) when calling the ${operation} operation: ${sentence}`,
  (name, operation, sentence) =>
    `operation error KMS: ${operation}, https response error StatusCode: 400, RequestID: 1-2, api error ${name}: ${sentence}`,
  (name, _, sentence) =>
    `software.amazon.awssdk.services.kms.model.${name}: ${sentence} (Service: Kms, Status Code: 400, Request ID: 1-2)`,
  (name, _, sentence) => `${sentence} (Service: AWSKMS; Status Code: 400; Error Code: ${name}; Request ID: 1-2)`,
  (name, _, sentence) => `{"__type":"com.amazonaws.kms#${name}","message":"${sentence}"}`,
  (name, _, sentence) => `<Error><Code>${name}</Code><Message>${sentence}</Message></Error>`,
  (name, operation, sentence) => `{"eventName":"${operation}","errorCode":"${name}","errorMessage":"${sentence}"}`,
  (name, _, sentence) => `${name}: ${sentence}\n    at de_${name}Res (/x/node_modules/@aws-sdk/client-kms/y.js:1:2)`,
  (name, _, sentence) => `${sentence} (Aws::KMS::Errors::${name})`,
  (name) => name,
  (_, __, sentence) => sentence,
];

/** Names that look like those of errors, and are not known. */
const strangers = [
  'Exception',
  'KmsException',
  'FooException',
  'Error',
  'BarDenied',
  'EXTERNAL',
  'HandlerErrorCode',
  '418',
];

const error = fc
  .tuple(
    fc.constantFrom(...forms),
    fc.constantFrom(...knownNames, ...strangers),
    fc.constantFrom(...operations),
    fc.constantFrom(...sentences),
  )
  .map(([form, name, operation, sentence]) => form(name, operation, sentence));

const noise = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.constantFrom(
    'Traceback (most recent call last):\n  File "x.py", line 1, in f',
    '    at async run (file:///x/y.js:1:2)',
    '│ ',
    '| ',
    '╷\n│ Error: creating KMS Key: ',
    '2026-11-26T12:00:00Z DEBUG retrying',
    '\u001B[31m',
    '(',
    ')',
    '": "',
    '<Code>',
    '</Message>',
    ': ',
    'An error occurred (',
    'Service: Kms, Status Code: 403',
    'operation error KMS: ',
  ),
);

/** A run that looks like a key or a token: it has a digit, a capital and a small letter, or is hexadecimal. */
const secret = fc
  .tuple(fc.uint8Array({ minLength: 30, maxLength: 60 }), fc.constantFrom('base64', 'base64url', 'hex'))
  .map(([bytes, form]) => Buffer.from(bytes).toString(form as BufferEncoding))
  .filter(
    (run) =>
      /^[A-Za-z0-9]/.test(run) &&
      (/^[0-9a-f]+$/.test(run) || (/\d/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run))),
  );

const secretsIn: readonly ((run: string) => string)[] = [
  (run) => ` ${run} `,
  (run) => ` AWS_SECRET_ACCESS_KEY=${run} `,
  (run) => ` "SessionToken": "${run}" `,
  (run) => ` x-amz-security-token:${run} `,
  (run) => ` plain text key (${run}) `,
];

/** A text, and the secrets in it. */
const text = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: error }, { weight: 3, arbitrary: noise }), {
      minLength: 1,
      maxLength: 8,
    }),
    fc.array(fc.tuple(secret, fc.constantFrom(...secretsIn), fc.nat()), { maxLength: 2 }),
    fc.constantFrom('\n', ' ', ''),
  )
  .map(([pieces, secrets, between]) => {
    const all = [...pieces];
    for (const [run, around, at] of secrets) all.splice(at % (all.length + 1), 0, around(run));
    return { text: all.join(between), secrets: secrets.map(([run]) => run) };
  });

const bare = (words: string) => words.replaceAll(/\s+/g, '');

test('whatever is pasted, no error is named that is not in it, and no secret comes back', async () => {
  await fc.assert(
    fc.asyncProperty(text, async ({ text, secrets }) => {
      const { status, printed } = await explained(text);
      assert.ok([0, 1, 2].includes(status));
      const shown = bare(printed);
      for (const run of secrets)
        for (let at = 0; at + 16 <= run.length; at += 1)
          assert.ok(!shown.includes(run.slice(at, at + 16)), `a secret comes back in\n${printed}`);
      const named = /^Keyferry does not know (\S+)\.$/m.exec(printed)?.[1];
      if (named !== undefined && named !== '(hidden)') assert.ok(text.includes(named), named);
    }),
    { numRuns: runs },
  );
});

test('whatever is pasted, its error, its operation and its sentence are words of the text', () => {
  fc.assert(
    fc.property(text, ({ text }) => {
      for (const found of recogniseErrors(text)) assertInText(found, text);
    }),
    { numRuns: runs },
  );
});

function assertInText(found: Recognised, text: string): void {
  const { name, entry, operation, sentence } = found;
  const words = bare(readPasted(text));
  assert.ok(words.includes(bare(name)), name);
  if (operation !== undefined) assert.ok(text.includes(operation), operation);
  // In JSON and XML, some characters of a sentence are written in another way.
  if (sentence !== undefined && !/[\\&]/.test(text)) assert.ok(words.includes(bare(sentence)), sentence);
  // The name is one of the entry, or what the entry is recognised by.
  const patterns = [...(entry.phrases ?? []), ...(entry.readings ?? []).flatMap(({ says }) => says ?? [])];
  const places = [onOneLine(readPasted(text)), sentence ?? ''];
  assert.ok(
    findEntry(name) === entry || patterns.some((pattern) => places.some((place) => pattern.test(place))),
    `${name} as ${entry.names[0]}`,
  );
  assert.ok(chooseReading(entry, found).why.length > 0);
}
