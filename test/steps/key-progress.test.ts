import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Progress } from '../../source/ceremony/progress.ts';
import { makeKeyCounter } from '../../source/steps/key-progress.ts';

function toldOf(all: number): readonly Progress[] {
  const told: Progress[] = [];
  const tell = makeKeyCounter((progress) => told.push(progress), { id: 'keys', label: 'Keys of us-east-1' });
  for (let looked = 0; looked <= all; looked += 1) tell(looked, all);
  return told;
}

test('how many keys were looked at is told in tenths', () => {
  const told = toldOf(3000);
  assert.equal(told.length, 11);
  assert.deepEqual(told[4], {
    id: 'keys',
    label: 'Keys of us-east-1',
    note: '1,200 of 3,000 keys',
    state: 'working',
  });
});

test('where there are few keys, only that they are looked at is told', () => {
  assert.deepEqual(toldOf(12), [{ id: 'keys', label: 'Keys of us-east-1', state: 'working' }]);
});
