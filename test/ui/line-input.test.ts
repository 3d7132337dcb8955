import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemIn } from '../../source/ceremony/problem.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { LineInput } from '../../source/ui/plain/line-input.ts';
import { LineIo } from '../../source/ui/plain/line-io.ts';
import { watchBuffers } from '../material/watched-secrets.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { anyAnswer } from '../terminal/terminal-answers.ts';
import '../seed.ts';
import { textStream } from '../text-stream.ts';
import { watchSecretTexts } from './secret-texts.ts';

const letter = fc.constantFrom(...'abcé🔑 ');
/** A character, and the answers of the terminal behind it. */
const typed = fc.array(fc.tuple(letter, fc.array(anyAnswer, { maxLength: 2 })), { maxLength: 12 });

/** What a line input makes of bytes that come in two reads. */
async function taken(bytes: Buffer, at: number, take: (input: LineInput) => Promise<string>): Promise<string> {
  const source = new FakeInput();
  const input = new LineInput(source);
  const result = take(input);
  const cut = at % (bytes.length + 1);
  source.write(bytes.subarray(0, cut));
  source.write(bytes.subarray(cut));
  try {
    return await result;
  } finally {
    input.close();
  }
}

const secretOf = async (input: LineInput) => {
  const text = await input.secret();
  if (typeof text !== 'object') return `no text: ${text}`;
  if ('problem' in text) return text.problem;
  const words = text.use((bytes) => bytes.toString());
  text.destroy();
  return words;
};

for (const [what, end, take] of [
  ['a secret text', '\r', secretOf],
  ['a line', '\n', async (input: LineInput) => String(await input.next())],
] as const) {
  test(`answers of the terminal are no part of ${what}`, async () => {
    await fc.assert(
      fc.asyncProperty(typed, fc.nat(), async (keys, at) => {
        const bytes = Buffer.concat([
          ...keys.flatMap(([key, answers]) => [Buffer.from(key), ...answers]),
          Buffer.from(end),
        ]);
        assert.equal(await taken(bytes, at, take), keys.map(([key]) => key).join(''));
      }),
      { numRuns: 300 },
    );
  });
}

test('an Esc at the end of a line is told as what it is, and not left out', async () => {
  assert.equal(await taken(Buffer.from('ab\u001B\n'), 0, async (input) => String(await input.next())), 'ab\u001B');
});

test('an Esc in a secret text is let go, and what is typed behind it counts', async () => {
  assert.equal(await taken(Buffer.from('a\u001BPay\r'), 2, secretOf), 'aPay');
});

for (const [what, bytes, problem] of [
  ['a tab', 'pass\tword', /control character/],
  ['more than 1024 bytes', 'a'.repeat(1025), /at most 1024 bytes/],
] as const)
  test(`a secret with ${what} is refused, typed or from a pipe, and does not become another one`, async () => {
    assert.match(await taken(Buffer.from(`${bytes}\r`), 0, secretOf), problem);
    assert.equal(await taken(Buffer.from(`${bytes}\u0015right\r`), 0, secretOf), 'right');
    const pipe = new PassThrough();
    const input = new LineInput(pipe);
    pipe.write(`${bytes}\n`);
    assert.match(await secretOf(input), problem);
    input.close();
  });

test('Ctrl+C leaves a secret text behind an answer that broke off', async () => {
  assert.equal(await taken(Buffer.from('a\u001B]11;rgb:\u0003'), 0, secretOf), 'no text: interrupted');
});

test('a failure and the end of the input reach the caller that waits for a secret text', async () => {
  const failed = new LineInput(new FakeInput());
  const failing = failed.secret();
  failed.fail(new Error('stopped'));
  await assert.rejects(failing, { message: 'stopped' });
  failed.close();
  const source = new FakeInput();
  const ended = new LineInput(source);
  const ending = ended.secret();
  source.write('half');
  source.end();
  assert.equal(await ending, undefined);
  assert.equal(await ended.secret(), undefined);
  ended.close();
  assert.equal(source.isRaw, false);
});

for (const [key, byte] of [
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
] as const) {
  test(`what was typed of a secret text is gone from memory after ${key}`, async (t) => {
    const texts = watchSecretTexts(t);
    await taken(Buffer.from(`winter lamp${byte}`), 0, secretOf);
    assert.deepEqual(
      [...texts].map(({ count }) => count),
      [0],
    );
  });
}

test('Enter and Backspace are heard in either form that a terminal gives them', async () => {
  assert.equal(await taken(Buffer.from('pax\by\n'), 0, secretOf), 'pay');
  assert.equal(await taken(Buffer.from('pax\u007Fy\r'), 0, secretOf), 'pay');
});

test('the bytes of a secret text are zero once it is taken, from a terminal and from a pipe', async (t) => {
  const [line, ...pieces] = ['winter lamp\r', 'winter la', 'mp\n'].map((text) => Buffer.from(text));
  assert.ok(line);
  const made = watchBuffers(t);
  assert.equal(await taken(line, line.length, secretOf), 'winter lamp');
  const pipe = new PassThrough();
  const input = new LineInput(pipe);
  for (const piece of pieces) pipe.write(piece);
  assert.equal(await secretOf(input), 'winter lamp');
  input.close();
  assert.ok(made.length >= 3);
  for (const buffer of [line, ...pieces, ...made]) assert.doesNotMatch(buffer.toString('latin1'), /winter|lamp/);
});

test('a secret text from a pipe that is refused is gone from memory', async (t) => {
  const destroyed = t.mock.method(SecretText.prototype, 'destroy');
  const pipe = new PassThrough();
  const input = new LineInput(pipe);
  pipe.write('pass\tword\n');
  assert.match(await secretOf(input), /control character/);
  assert.equal(destroyed.mock.callCount(), 1);
  input.close();
});

test('the last line of a pipe needs no line feed, and a line of another system loses its carriage return', async () => {
  const source = new PassThrough();
  const input = new LineInput(source);
  source.end('one\r\ntwo');
  assert.equal(await input.next(), 'one');
  await once(source, 'end');
  assert.deepEqual([input.hasEnded, input.linesAhead], [false, 1]);
  assert.equal(await input.next(), 'two');
  assert.equal(input.hasEnded, true);
  assert.equal(await input.next(), undefined);
});

test('a line that comes in pieces, with the next one in its last piece, is whole, and so is the next', async () => {
  const source = new PassThrough();
  const input = new LineInput(source);
  for (const piece of ['on', 'e\ntwo\nth', 'ree\n']) source.write(piece);
  for (const line of ['one', 'two', 'three']) assert.equal(await input.next(), line);
  input.close();
});

test('what is typed behind a secret text is kept for the next question', async () => {
  const source = new FakeInput();
  const input = new LineInput(source);
  const secret = secretOf(input);
  source.write('winter lamp\r');
  assert.equal(await secret, 'winter lamp');
  source.write('mine\n');
  await new Promise(setImmediate);
  assert.equal(input.linesAhead, 1);
  assert.equal(await input.next(), 'mine');
  input.close();
});

test('what was typed of a secret text is gone from memory when its question fails', async (t) => {
  const texts = watchSecretTexts(t);
  const source = new FakeInput();
  const input = new LineInput(source);
  const secret = input.secret();
  source.write('winter');
  await new Promise(setImmediate);
  assert.deepEqual(
    [...texts].map(({ count }) => count),
    [6],
  );
  input.fail(new Error('stopped'));
  await assert.rejects(secret, /stopped/);
  assert.deepEqual(
    [...texts].map(({ count }) => count),
    [0],
  );
  input.close();
});

test('at a pipe a wrong line that is the last one is told, and the question can be asked', async () => {
  const stdin = new PassThrough();
  const input = new LineInput(stdin);
  const stdout = new PassThrough();
  const lineIo = new LineIo({ input, stdout, terminal: readTerminal({ env: {}, stdin: {}, stdout: {} }) });
  lineIo.refuse('It is wrong.', 'Which?');
  assert.equal(lineIo.prepareUnexpected(), true);
  lineIo.say('  1. One');
  assert.equal(String(stdout.read()), 'x It is wrong.\n  1. One\n');
  input.close();
});

test('a terminal that cannot be read any more is the end of the input', async () => {
  const source = new FakeInput();
  const input = new LineInput(source);
  const line = input.next();
  source.destroy(new Error('EIO'));
  assert.equal(await line, undefined);
});

test('while another program reads from the terminal, and at the end, nothing is read', async () => {
  const source = new FakeInput();
  const input = new LineInput(source);
  input.rest();
  assert.equal(source.isPaused(), true);
  input.goOn();
  assert.equal(source.isPaused(), false);
  const typing = input.secret();
  input.close();
  assert.deepEqual([source.isPaused(), source.isRaw, source.listenerCount('data')], [true, false, 0]);
  input.fail(new Error('closed'));
  await assert.rejects(typing, /closed/);
});

test('at a pipe each line is in the transcript, none is wrapped, and lines that wait are kept for their questions', async () => {
  const stdin = new PassThrough();
  const input = new LineInput(stdin);
  const stdout = new PassThrough();
  const terminal = readTerminal({ env: { LANG: 'C.UTF-8' }, stdin: {}, stdout: { columns: 20 } });
  const lineIo = new LineIo({ input, stdout, terminal });
  stdin.write('one\ntwo\n');
  await new Promise(setImmediate);
  lineIo.dropTypedAhead();
  assert.equal(await lineIo.line('First:', 'Which?'), 'one');
  assert.equal(lineIo.prepareUnexpected(), false);
  assert.throws(
    () => lineIo.refuse('It is wrong.', 'Which?'),
    (error) => {
      const { kind, what, why } = problemIn(error) ?? assert.fail();
      assert.deepEqual([kind, what, why], ['fixable', "Can't take the answer to: Which?", 'It is wrong.']);
      return true;
    },
  );
  assert.equal(await lineIo.line('Second\u001B[2J:', 'Which?'), 'two');
  const words = 'A sentence that is longer than the width.';
  lineIo.say(words);
  lineIo.say('c\u001B[2Jd');
  lineIo.sayWhole('a\u001B[2Jb');
  assert.equal(String(stdout.read()), `First: one\nSecond[2J: two\n${words}\nc[2Jd\na[2Jb\n`);
  input.close();
});

test('at a terminal lines are wrapped and keep their indent', () => {
  const stdout = new PassThrough();
  const stdin = new FakeInput();
  const terminal = readTerminal({ env: {}, stdin, stdout: { isTTY: true, columns: 20 } });
  new LineIo({ input: new LineInput(stdin), stdout, terminal }).say('  one two three four five');
  assert.equal(String(stdout.read()), '  one two three four\n  five\n');
});

test('from a pipe a line comes as it is', async () => {
  const source = new PassThrough();
  const input = new LineInput(source);
  source.write('a\u001B]11;x\u0007b\n');
  assert.equal(await input.next(), 'a\u001B]11;x\u0007b');
  input.close();
});

test('a line typed ahead of a secret text is let go, and answers no later question either', async () => {
  const stdin = new FakeInput();
  const input = new LineInput(stdin);
  let written = '';
  const stdout = textStream((text) => {
    written += text;
  });
  const terminal = readTerminal({ env: {}, stdin, stdout: { isTTY: true } });
  const lineIo = new LineIo({ input, stdout, terminal });
  const hasCome = once(stdin, 'data');
  stdin.write('too early\n');
  await hasCome;
  assert.equal(input.linesAhead, 1);
  const secret = lineIo.secret('Passphrase, not shown:', 'Which passphrase?', () => true);
  stdin.write('quiet words\r');
  const text = await secret;
  assert.ok(text instanceof SecretText);
  assert.equal(
    text.use((bytes) => bytes.toString()),
    'quiet words',
  );
  text.destroy();
  lineIo.echo();
  const line = lineIo.line('Alias:', 'Which alias?');
  stdin.write('alias/mine\n');
  assert.equal(await line, 'alias/mine');
  assert.match(written, /! A line typed ahead of this was left out\./);
  input.close();
});

test('a second reader of a pipe gets the lines that the first has left, and after the last one the end', async () => {
  const pipe = new PassThrough();
  const first = new LineInput(pipe);
  pipe.write('one\ntwo\nthr');
  assert.equal(await first.next(), 'one');
  first.close();
  pipe.write('ee\nfour\n');
  const second = new LineInput(pipe);
  assert.deepEqual([await second.next(), await second.next(), await second.next()], ['two', 'three', 'four']);
  pipe.end('five');
  await once(pipe, 'end');
  second.close();
  const third = new LineInput(pipe);
  assert.deepEqual([await third.next(), await third.next()], ['five', undefined]);
});

test('a second reader of a terminal gets only what is typed from then on, and a third one the end', async () => {
  const terminal = new FakeInput();
  const first = new LineInput(terminal);
  terminal.write('one\nahead\n');
  assert.equal(await first.next(), 'one');
  first.close();
  const second = new LineInput(terminal);
  const line = second.next();
  terminal.write('two\n');
  assert.equal(await line, 'two');
  terminal.end();
  await once(terminal, 'end');
  second.close();
  assert.equal(await new LineInput(terminal).next(), undefined);
});
