import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printFailure, tellFailure } from '../../source/commands/failure.ts';

test('an error that nobody foresaw is one line without a stack or control characters, and status 1', (t) => {
  const written: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => {
    written.push(text);
    return true;
  });
  const status = tellFailure(new Error('the \u001B[31mtext\nand more'));
  t.mock.restoreAll();
  assert.equal(status, 1);
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
  test(`${argv.slice(2).join(' ')}: a defect prints ${printed} object on standard output`, (t) => {
    const written: string[] = [];
    t.mock.method(process.stdout, 'write', (text: string) => {
      written.push(text);
      return true;
    });
    printFailure(argv, new TypeError('nobody foresaw this'), 'failed');
    t.mock.restoreAll();
    assert.equal(written.length, printed);
    for (const text of written) {
      const { ended, exit, problem } = JSON.parse(text);
      assert.deepEqual([ended, exit, problem.what], ['failed', 1, 'nobody foresaw this']);
    }
  });
}
