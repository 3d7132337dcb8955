import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tellFailure } from '../../source/commands/failure.ts';

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
