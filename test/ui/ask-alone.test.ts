import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MfaCode } from '../../source/aws/mfa-code.ts';
import type { Question } from '../../source/ceremony/question.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { askAlone } from '../../source/ui/plain/ask-alone.ts';
import { StoppedByPerson } from '../../source/ui/reply.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { textStream } from '../text-stream.ts';

const key = { kind: 'choice', id: 'key', ask: 'Which key?', label: 'Key', form: 'a key' } as const;
const word = { kind: 'text', id: 'a', ask: 'Which?', label: 'A', form: 'a word' } as const;
const nowhere = () => textStream(() => {});

/** Asks a question at a terminal. */
const ask = (question: Question, stdin: FakeInput, output = nowhere(), { signal } = new AbortController()) =>
  askAlone(question, { stdin, output, terminal: readTerminal({ env: {}, stdin, stdout: { isTTY: true } }), signal });

/** Asks for an MFA code, and types each of the lines as soon as the words before it are written. */
async function askForCode(typed: readonly (readonly [words: string, line: string])[]) {
  const stdin = new FakeInput();
  /** Of each written text, whether the terminal echoed while it was written. */
  const written: { readonly text: string; readonly isEchoed: boolean }[] = [];
  const toType = [...typed];
  const output = textStream((text) => {
    written.push({ text, isEchoed: !stdin.isRaw });
    const next = toType[0];
    if (next === undefined || !text.includes(next[0])) return;
    toType.shift();
    // As from a terminal, bytes come in a turn of their own.
    setImmediate(() => stdin.write(next[1]));
  });
  const code = new MfaCode();
  const error = await ask(code.questionFor('admin', 'arn:aws:iam::111122223333:mfa/me'), stdin, output).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { written, error, code: code.take(), isEchoed: !stdin.isRaw };
}

test('a code that is typed as soon as another is refused is taken, and never echoed', async () => {
  const { written, error, code, isEchoed } = await askForCode([
    ['not shown', '12345\r'],
    ['has six digits', '123456\r'],
  ]);
  assert.equal(error, undefined);
  assert.equal(code, '123456');
  const first = written.findIndex(({ text }) => text.includes('not shown'));
  assert.deepEqual(
    written.slice(first).filter((each) => each.isEchoed),
    [],
  );
  assert.equal(isEchoed, true, 'the terminal echoes again');
});

test('the terminal echoes again after Ctrl+C at a refused code', async () => {
  const { error, code, isEchoed } = await askForCode([
    ['not shown', '12345\r'],
    ['has six digits', '\u0003'],
  ]);
  assert.ok(error instanceof StoppedByPerson);
  assert.equal(code, '');
  assert.equal(isEchoed, true);
});

test('Enter alone is offered for the first option that can be chosen', async () => {
  const stdin = new FakeInput();
  let written = '';
  const output = textStream((text) => {
    written += text;
  });
  const options = [
    { value: 'gone', label: 'gone', disabled: 'it is deleted' },
    { value: 'here', label: 'here' },
  ];
  const asking = ask({ ...key, options }, stdin, output);
  stdin.end('\n');
  assert.equal(await asking, 'here');
  assert.match(written, /Number, Enter for 2:/);
});

test('there is nothing to go back to, and the question goes on', async () => {
  const stdin = new FakeInput();
  const asking = ask(word, stdin);
  stdin.write('<\n');
  await new Promise(setImmediate);
  stdin.end('mine\n');
  assert.equal(await asking, 'mine');
});

test('an error of the question itself is no stop', async () => {
  const stdin = new FakeInput();
  const check = () => {
    throw new Error('It is broken.');
  };
  const asking = ask({ ...word, check }, stdin);
  stdin.end('mine\n');
  await assert.rejects(asking, /It is broken\./);
});

test('an option that leads elsewhere is no answer here', async () => {
  const stdin = new FakeInput();
  const leads = { action: 'reopen', step: 'connect', label: 'Elsewhere' } as const;
  const options = [{ value: 'else', label: 'Elsewhere', leads }];
  const asking = ask({ ...key, options }, stdin);
  stdin.end('1\n');
  await assert.rejects(asking, StoppedByPerson);
});

for (const [what, end, error] of [
  ['is stopped', (_stdin, stop) => stop.abort(new Error('too late')), /too late/],
  ['comes to the end of the input', (stdin) => void stdin.end(), StoppedByPerson],
] as const satisfies readonly [string, (stdin: FakeInput, stop: AbortController) => void, unknown][])
  test(`a question that ${what} lets go of the terminal, and its error says so`, async () => {
    const stdin = new FakeInput();
    const stop = new AbortController();
    const asking = ask(word, stdin, nowhere(), stop);
    end(stdin, stop);
    await assert.rejects(asking, error);
    assert.deepEqual([stdin.listenerCount('data'), stdin.isPaused()], [0, true]);
  });
