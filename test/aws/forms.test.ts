import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findAnswers, findOperation, findProgramErrors, readSentence } from '../../source/aws/problems/forms.ts';
import { onOneLine, readPasted, shortenPasted } from '../../source/aws/problems/pasted-text.ts';

/* How a text that somebody pasted is taken apart. */

/** What the places of a text with an answer of a service say: the name, the operation and the message of each form. */
const answersIn = (text: string) =>
  findAnswers(text).map(({ start, end, read }) => ({
    place: text.slice(start, end),
    read: [...read()].map(({ name, operation, message }) => [name, operation, message?.trim()]),
  }));

test('an error that is found in several forms is one, read by the surest form first', () => {
  const first =
    'operation error KMS: CreateKey, https response error StatusCode: 400, RequestID: 1, api error LimitExceeded: no';
  const second = 'An error occurred (Other) when calling the Encrypt operation: too';
  const [one, other, ...more] = answersIn(`${first}\n${second}`);
  assert.deepEqual(more, []);
  assert.deepEqual(one, {
    place: first,
    read: [
      ['LimitExceeded', 'CreateKey', 'no'],
      ['LimitExceeded', undefined, 'no'],
    ],
  });
  assert.deepEqual(other, { place: second, read: [['Other', 'Encrypt', 'too']] });
});

test('a raw answer behind a line without a sentence is about the same error, and any other is another one', () => {
  const line = 'An error occurred (Foo) when calling the Encrypt operation: ';
  const xml = '<Code>Foo</Code><Message>No</Message>';
  const count = (text: string) => findAnswers(text).length;
  assert.equal(count(`${line}\n${xml}`), 1);
  assert.equal(count(`${line}\n<?xml version="1.0"?>\n<Error> ${xml}`), 1);
  assert.equal(count(`${line}too\n${xml}`), 2, 'the line has a sentence of its own');
  assert.equal(count(`${line}\nthen: ${xml}`), 2, 'there are words between them');
  assert.equal(count(`${line}\n<a><a><a><a><a>${xml}`), 2, 'there is too much between them');
  // Both are read: the line names the operation, the raw answer the sentence.
  assert.deepEqual(answersIn(`${line}\n${xml}`)[0]?.read.slice(0, 2), [
    ['Foo', 'Encrypt', ''],
    ['Foo', undefined, 'No'],
  ]);
  assert.equal(answersIn(`${line}\n${xml} <Code>Foo</Code>`).at(-1)?.place.endsWith('<Code>Foo</Code>'), true);
});

test('the message of a code in JSON is the one behind it, else the one before it, and not one far away', () => {
  const message = (text: string) => answersIn(text)[0]?.read[0]?.[2];
  assert.equal(message('{"message":"before","__type":"a#Foo"}'), 'before');
  assert.equal(message(`{"message":"before","__type":"a#Foo"}${' '.repeat(5000)}`), 'before');
  assert.equal(message('{"message":"other"}\n{"__type":"a#Foo","Message":"behind"}'), 'behind');
  assert.equal(message(`{"__type":"a#Foo"}${' '.repeat(4001)}{"message":"far"}`), undefined);
  assert.equal(message(`{"message":"far"}${' '.repeat(4001)}{"__type":"a#Foo"}`), undefined);
  assert.equal(message('{"__type":"Foo","message":"a \\"b\\" \\\\ c\\nd"}'), 'a "b" \\ c d');
  assert.equal(
    message('<Code>Foo</Code><Message>&quot;a&quot; &lt;b&gt; &amp;amp; &apos;c&apos; &#39;&#34; &other;</Message>'),
    '"a" <b> &amp; \'c\' \'" &other;',
  );
});

test('of a line of Java or Ruby, the class in front of the message and the status are read', () => {
  const read = (text: string) => answersIn(text)[0]?.read;
  const inJava = (before: string, code = '') => `${before} (Service: S3, Status Code: 403${code}, Request ID: 1)`;
  assert.deepEqual(read(inJava('software.amazon.awssdk.services.s3.model.NoSuchKeyException: It is not there')), [
    ['NoSuchKeyException', undefined, 'It is not there'],
  ]);
  assert.deepEqual(read(inJava('x: com.amazonaws.AException: no', '; Error Code: Foo')), [['Foo', undefined, 'no']]);
  assert.deepEqual(read(inJava('Denied: no')), [['Denied', undefined, 'no']]);
  assert.deepEqual(read(inJava('User: a is not allowed')), [[undefined, undefined, 'User: a is not allowed']]);
  // The status counts only where S3 has said neither code nor sentence.
  assert.deepEqual(read(inJava('x.S3Exception: no')), [['S3Exception', undefined, 'no']]);
  assert.deepEqual(read(inJava('x.OtherException: null')), [['OtherException', undefined, 'null']]);
  assert.deepEqual(read(inJava('x.S3Exception: null', '; Error Code: Foo')), [['Foo', undefined, 'null']]);
  assert.deepEqual(read(inJava('x.AException: returned message: "no')), [['AException', undefined, 'no']]);
  assert.deepEqual(read(inJava('x.S3Exception: null')), [
    ['S3Exception', undefined, 'null'],
    ['403', undefined, undefined],
  ]);
  assert.deepEqual(read(`an earlier line\na.rb:1:in 'x': It is not there (Aws::S3::Errors::NoSuchKey)`), [
    ['NoSuchKey', undefined, 'It is not there'],
  ]);
});

test('of what a program prints, only what has a known name is an error', () => {
  const text = `{"code":"Foo","message":"first"}\n{ name: 'Bar', message: 'second' }\n  Baz: third\nfourth`;
  const found = (isKnown: (name: string) => boolean) =>
    [...findProgramErrors(text, isKnown)].map(({ name, message, isAnswer }) => [name, message?.trim(), isAnswer]);
  assert.deepEqual(
    found(() => false),
    [],
  );
  assert.deepEqual(
    found((name) => /^(Foo|Bar|Baz)$/.test(name)),
    [
      ['Foo', 'first', false],
      ['Bar', 'second', false],
      ['Baz', 'third', false],
    ],
  );
  assert.deepEqual(found((name) => name === 'Bar').length, 1);
});

test('the operation is read where a tool names it, in whatever letters', () => {
  for (const text of [
    'An error occurred (Foo) when calling the Encrypt operation',
    'operation error KMS: Encrypt, https response error',
    'X-Amz-Target: TrentService.Encrypt',
    'Error executing "Encrypt" on "https://kms"',
    '{"eventName" : "Encrypt"}',
    'at async EncryptCommand.send',
  ])
    assert.equal(findOperation(text), 'Encrypt', text);
  assert.equal(findOperation('when calling the Decrypt operation, in EncryptCommand'), 'Decrypt');
  for (const text of ['', 'Encrypt', 'a Command', 'the CommandLine'])
    assert.equal(findOperation(text), undefined, text);
});

test('a message is a sentence of the service, or there is none', () => {
  assert.equal(readSentence('  It\n is  gone. '), 'It is gone.');
  assert.equal(readSentence('It is gone. status code: 400, request id: 1-2'), 'It is gone.');
  assert.equal(readSentence('It is gone., Request ID: 1 Extended request ID: 2'), 'It is gone.');
  for (const none of [
    undefined,
    '',
    ' ',
    'null',
    'None',
    'UnknownError',
    'null)}]',
    'undefined]',
    'It says:',
    '<html>',
  ])
    assert.equal(readSentence(none), undefined, none);
});

test('the lines of a stack and the edges of a box are taken away, and a paragraph of a box is one line', () => {
  const stack = [
    '    at f (/x/y.js:1:2)',
    '    at async /x/y.js:1:2',
    'at a.b.C.d(C.java:1)',
    'at a.b.C.d(Native Method)',
    '  File "x.py", line 1, in f',
    '... 12 more',
  ];
  assert.equal(readPasted(['Foo: it', ...stack, 'failed'].join('\r\n')), 'Foo: it\nfailed');
  assert.equal(readPasted('look at it (really): 1'), 'look at it (really): 1');
  assert.equal(readPasted('│ Error: a\n│ long one\n│\n│ next\nafter'), 'Error: a long one\n\nnext\nafter');
  assert.equal(readPasted('  | a\n  | b\n\n| c'), 'a b\n\nc');
  // Only a line that no stack has is longer than this.
  const long = `at f (/${'x'.repeat(2000)}:1:2)`;
  assert.equal(readPasted(`a\n${long}`), `a\n${long}`);
  assert.equal(onOneLine(' a \n\t b\r\n'), 'a b');
});

test('of a long text, the beginning, the end and the lines about errors between them are kept, and not too many', () => {
  const most = 60_000;
  const [begin, end] = ['b'.repeat(most), 'e'.repeat(most)];
  /** What is kept between the beginning and the end. */
  const between = (middle: string) => {
    const kept = shortenPasted(`${begin}${middle}${end}`);
    assert.ok(kept.startsWith(begin) && kept.endsWith(end));
    return kept.slice(most, -most);
  };
  const nothing = 'x'.repeat(most);
  assert.ok(between(nothing) === nothing, 'a text of this length is whole');
  // Of each line, the first two thousand characters are read.
  const lines = ['nothing', 'it is Denied', `${'y'.repeat(1996)} failed`, nothing, `error ${nothing}`, 'unable to'];
  const kept = ['it is Denied', `error ${nothing}`.slice(0, 2000), 'unable to'];
  assert.ok(between(lines.join('\n')) === `\n${kept.join('\n')}\n`);
  const { length } = between('\nan error of many'.repeat(most));
  assert.ok(length > most && length < most + 100, String(length));
});
