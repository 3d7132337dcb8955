import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from '../../source/objects/room.ts';

test('a task waits until fewer run than may run now, and the room is empty when the last one has ended', async () => {
  let most = 3;
  const room = new Room(() => most);
  const tasks = [1, 2, 3].map(() => Promise.withResolvers<void>());
  for (const { promise } of tasks) {
    await room.wait();
    void room.during(promise);
  }
  const done: string[] = [];
  most = 1;
  void room.wait().then(() => done.push('begun'));
  void room.empty().then(() => done.push('empty'));
  for (const task of tasks) {
    assert.deepEqual(done, []);
    task.resolve();
    await new Promise(setImmediate);
  }
  assert.deepEqual(done.toSorted(), ['begun', 'empty']);
});
