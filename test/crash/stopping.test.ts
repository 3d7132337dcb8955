import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { bareEnvironment, program } from '../e2e/program.ts';
import { type Outside, outside } from '../faults/outside.ts';
import { assertOneOfEach } from './one-of-each.ts';

/** The program while it runs, and what it has said so far. */
function running({ cut }: Outside): {
  child: ChildProcess;
  said: () => string;
  until: (words: string) => Promise<void>;
} {
  const env = { ...bareEnvironment(cut.home), ...cut.environment };
  const child = spawn(process.execPath, [program, ...cut.args], {
    cwd: cut.folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const until = (words: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (said.includes(words)) resolve();
      };
      child.stderr.on('data', look);
      child.once('close', () => reject(new Error(`It ended before it said "${words}": ${said}`)));
      look();
    });
  return { child, said: () => said, until };
}

for (const [signal, status] of [
  ['SIGHUP', 129],
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const) {
  test(`${signal} while a request is on its way: saved, ${status}, and it goes on with one of each`, async () => {
    const ceremony = await outside();
    try {
      ceremony.set({ faults: [{ operation: 'kms:CreateKey', do: 'slow', times: 1, milliseconds: 1000 }] });
      const { child, said, until } = running(ceremony);
      await until('Creating the key');
      child.kill(signal);
      await once(child, 'close');
      assert.equal(child.exitCode, status, said());
      assert.match(said(), /^Stopped\. Everything so far is saved in \S+\nTo continue: run the same command again$/m);
      assert.match(said(), new RegExp(`^keyferry: stopped by ${signal}\\.$`, 'm'));
      // The answer came within the grace that a call under way is given, so its outcome is known.
      assert.ok(ceremony.calls().some(({ operation, error }) => operation === 'kms:CreateKey' && error === undefined));
      const { status: resumed, stderr } = await ceremony.run();
      assert.equal(resumed, 0, stderr);
      await assertOneOfEach(ceremony.aws, ceremony.workdir);
    } finally {
      await ceremony.close();
    }
  });
}

test('a wait before another try ends at once when the person stops', async () => {
  const ceremony = await outside({ settings: { faults: [{ operation: 'kms:CreateAlias', do: 'throttle' }] } });
  try {
    const { child, said, until } = running(ceremony);
    await until('try 4 in');
    const before = performance.now();
    child.kill('SIGINT');
    await once(child, 'close');
    assert.equal(child.exitCode, 130, said());
    assert.ok(performance.now() - before < 1500);
  } finally {
    await ceremony.close();
  }
});

test('of two processes on one folder, the second is told who holds the ceremony since when', async () => {
  const ceremony = await outside();
  try {
    ceremony.set({ faults: [{ operation: 'kms:CreateKey', do: 'slow', times: 1, milliseconds: 3000 }] });
    const first = running(ceremony);
    await first.until('Creating the key');
    const second = await ceremony.run();
    assert.equal(second.status, 3);
    assert.match(
      second.stderr,
      new RegExp(`Process ${first.child.pid} on \\S+ has held it since \\d{4}-\\d\\d-\\d\\dT`),
    );
    await once(first.child, 'close');
    assert.equal(first.child.exitCode, 0, first.said());
    await assertOneOfEach(ceremony.aws, ceremony.workdir);
  } finally {
    await ceremony.close();
  }
});

test('of four processes that start at once in an empty folder, one makes the ceremony', async () => {
  const ceremony = await outside();
  try {
    const all = Array.from({ length: 4 }, () => running(ceremony));
    let ended = 0;
    const haveOthersEnded = Promise.withResolvers<void>();
    const ends = all.map(async ({ child }) => {
      await Promise.all([text(child.stdout as NodeJS.ReadableStream), once(child, 'close')]);
      ended += 1;
      if (ended === all.length - 1) haveOthersEnded.resolve();
    });
    // However slowly the others start, the first is still at it then.
    ceremony.decide(async (call) => {
      if (call === 'kms:CreateKey') await haveOthersEnded.promise;
      return undefined;
    });
    await Promise.all(ends);
    const statuses = all.map(({ child }) => child.exitCode).sort();
    assert.equal(statuses.filter((status) => status === 0).length, 1, all.map(({ said }) => said()).join('\n---\n'));
    assert.deepEqual(
      statuses.filter((status) => status !== 0),
      [3, 3, 3],
    );
    await assertOneOfEach(ceremony.aws, ceremony.workdir);
  } finally {
    await ceremony.close();
  }
});
