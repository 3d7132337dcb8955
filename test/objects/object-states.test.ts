import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObjectStates } from '../../source/objects/object-states.ts';

const refused = { is: 'refused', n: 0, why: 'The file cannot be read.' } as const;
const wrong = { is: 'wrong', n: 0, etag: 'e', size: 5, why: 'It is under another key.' } as const;

/** What is known after these lines about the only object. */
function statesAfter(...lines: readonly Parameters<ObjectStates['apply']>[0][]): ObjectStates {
  const states = new ObjectStates();
  states.add();
  for (const line of lines) states.apply(line);
  return states;
}

test('a refusal of the file does not forget a request that may have made the object, nor what was begun or wrong', () => {
  const begun = { is: 'begun', n: 0, uploadId: 'u', partSize: 8, size: 20, changedMs: 1 } as const;
  assert.equal(statesAfter(refused).of(0).is, 'refused');
  assert.equal(statesAfter({ is: 'sending', n: 0 }, refused).of(0).is, 'sending');
  assert.equal(statesAfter({ is: 'beginning', n: 0, at: '2026-11-26T10:00:00.000Z' }, refused).of(0).is, 'beginning');
  assert.equal(statesAfter(begun, refused).of(0).is, 'begun');
  assert.equal(statesAfter(wrong, refused).wrongEtag(0), 'e');
  assert.equal(statesAfter(wrong, refused).of(0).is, 'wrong');
});

test('an object that was found wrong is still known as wrong when S3 refuses to have it written anew', () => {
  assert.equal(statesAfter(wrong, { is: 'sending', n: 0 }, { is: 'given up', n: 0 }).of(0).is, 'wrong');
  assert.equal(statesAfter({ is: 'sending', n: 0 }, { is: 'given up', n: 0 }).of(0).is, 'new');
});

test('an object that was found wrong when it was written was never counted as uploaded', () => {
  const states = statesAfter({ is: 'sending', n: 0 }, wrong, wrong);
  assert.deepEqual([states.uploaded, states.uploadedBytes], [0, 0]);
  assert.ok(states.isToSend(0));
});

test('what is known of the first objects stays known when very many more are planned', () => {
  const states = statesAfter({ is: 'sending', n: 0 });
  for (let count = 1; count < 5000; count += 1) states.add();
  assert.deepEqual([states.of(0).is, states.of(4999).is], ['sending', 'new']);
});
