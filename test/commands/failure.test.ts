import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFailure, tellFailure } from '../../source/commands/failure.ts';
import { writtenTo } from './written-to.ts';

test('an error that nobody foresaw is one line without a stack or control characters, and status 1', async (t) => {
  const fail = () => tellFailure(new Error('the \u001B[31mtext\nand more'));
  const { result, written } = await writtenTo(t, process.stderr, fail);
  assert.equal(result, 1);
  assert.equal(written.length, 1);
  assert.match(written[0] ?? '', /^keyferry: the .*text\n$/);
  assert.doesNotMatch(written[0] ?? '', /\u001B/);
});

for (const [argv, printed] of [
  [['node', 'keyferry', 'run', 'a.yaml', '--json'], 1],
  [['node', 'keyferry', 'check-backup', '--json'], 1],
  [['node', 'keyferry', 'encrypt', 'a.txt', '--json'], 1],
  [['node', 'keyferry', 'run', 'a.yaml'], 0],
  [['node', 'keyferry', 'doctor', '--json'], 0],
] as const) {
  test(`${argv.slice(2).join(' ')}: a defect prints ${printed} object on standard output`, async (t) => {
    const { written } = await writtenTo(t, process.stdout, () =>
      printFailure(argv, new TypeError('nobody foresaw this'), 'failed'),
    );
    assert.equal(written.length, printed);
    for (const text of written) {
      const { ended, exit, problem } = JSON.parse(text);
      assert.deepEqual([ended, exit, problem.what], ['failed', 1, 'nobody foresaw this']);
    }
  });
}

test('a command line that is not valid is told to a program as its mistake, with the help of that command', async (t) => {
  const argv = ['node', 'keyferry', 'encrypt', '--json', '--tpyo'];
  const { written } = await writtenTo(t, process.stdout, () => {
    printFailure(argv, new Error("error: unknown option '--tpyo'\n(a second line)"), 'cannot-start');
    printFailure(argv, 'only words: no error: at all', 'failed');
  });
  const [wrong, thrown] = written.map((text) => JSON.parse(text));
  assert.deepEqual([wrong.ended, wrong.exit, wrong.problem.code], ['cannot-start', 2, 'UsageError']);
  assert.equal(wrong.problem.what, "unknown option '--tpyo'");
  assert.deepEqual(wrong.problem.next, ['Correct the command: keyferry encrypt --help']);
  assert.deepEqual([thrown.problem.code, thrown.problem.what], ['Defect', 'only words: no error: at all']);
});
