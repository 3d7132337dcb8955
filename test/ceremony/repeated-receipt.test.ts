import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withReceipt } from '../../source/ceremony/repeated-receipt.ts';
import { bareStep } from '../bare-step.ts';

test('the receipt of a step that is done again is compared with the last one, not with the first', () => {
  const receipts = new Map<string, string>();
  const step = bareStep<{ readonly told: string }, unknown>('alias', { receipt: ({ told }) => told });
  const shown = ['one', 'one', 'two', 'two', 'one'].map((told) =>
    withReceipt(step, { told }, receipts).receipt({ told }),
  );
  assert.deepEqual(shown, ['one', 'Again: one', 'Changed: two', 'Again: two', 'Changed: one']);
  const again = withReceipt(step, { told: 'one' }, receipts);
  assert.equal(again.receipt({ told: 'later' }), 'Again: later');
  assert.deepEqual([again.id, again.done], [step.id, step.done]);
});
