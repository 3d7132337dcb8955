import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lending, shareHandOver } from '../../source/terminal/lending.ts';

test('the first interrupt is for the program that has the terminal, the second for Keyferry, and so it is with each program', () => {
  const lending = new Lending();
  assert.equal(lending.takesInterrupt(), false);
  for (let program = 0; program < 2; program += 1) {
    const end = lending.begin();
    assert.deepEqual([lending.takesInterrupt(), lending.takesInterrupt()], [true, false]);
    end();
    assert.equal(lending.takesInterrupt(), false);
  }
  lending.begin()();
  assert.equal(lending.takesInterrupt(), false, 'a program that was never interrupted has ended');
});

test('while one of two programs still has the terminal, the interrupt is for it', () => {
  const lending = new Lending();
  const [end, endOther] = [lending.begin(), lending.begin()];
  end();
  assert.equal(lending.takesInterrupt(), true);
  endOther();
  assert.equal(lending.takesInterrupt(), false);
});

test('of several programs, the first removes the screen and only the end of the last draws it again', async () => {
  const did: string[] = [];
  const share = shareHandOver(async () => {
    did.push('removed');
    return { resume: async () => void did.push('drawn') };
  });
  const [first, second] = await Promise.all([share(), share()]);
  assert.deepEqual(did, ['removed']);
  await first.resume();
  assert.deepEqual(did, ['removed']);
  await second.resume();
  assert.deepEqual(did, ['removed', 'drawn']);
  const third = await share();
  await third.resume();
  assert.deepEqual(did, ['removed', 'drawn', 'removed', 'drawn']);
});

test('where the screen could not be removed once, the next program gets the terminal all the same', async () => {
  let tries = 0;
  const share = shareHandOver(async () => {
    tries += 1;
    if (tries === 1) throw new Error('EIO');
    return { resume: async () => {} };
  });
  await assert.rejects(share(), /EIO/);
  await (await share()).resume();
  assert.equal(tries, 2);
});
