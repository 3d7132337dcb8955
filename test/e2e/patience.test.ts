import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { type TestContext, test } from 'node:test';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith, ofEnvironment } from './answers.ts';
import { environmentKeys } from './identity-world.ts';
import { bareEnvironment, program } from './program.ts';

/** The program against a server that answers as it is told; `told` gives standard error and output so far. */
async function against(
  t: TestContext,
  answer: (child: {
    readonly pid: number;
    readonly told: () => string;
    readonly onTold: (look: () => void) => void;
  }) => RequestListener,
) {
  let text = '';
  const looks: (() => void)[] = [];
  let pid = 0;
  const parts = {
    get pid() {
      return pid;
    },
    told: () => text,
    onTold: (look: () => void) => looks.push(look),
  };
  const server = createServer(answer(parts));
  const { port } = await serve(t, server);
  const host = `127.0.0.1:${port}`;
  const run = async (folder: string, args: readonly string[], lines: readonly string[] = []) => {
    const child = spawn(process.execPath, [program, ...args, '--endpoint-url', `http://${host}`], {
      cwd: folder,
      env: { ...bareEnvironment(folder), ...environmentKeys('secops1') },
    });
    t.after(() => child.kill());
    pid = child.pid ?? 0;
    for (const line of lines) child.stdin.write(`${line}\n`);
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        for (const look of looks) look();
      });
    const [status] = await once(child, 'close');
    return { status, text };
  };
  return { host, run };
}

/** Answers nothing until the person has been told what is waited for, and then refuses. */
const untilTold: Parameters<typeof against>[1] =
  ({ told, onTold }) =>
  (_, answer) => {
    const look = () => {
      if (!answer.headersSent && /Waiting for/.test(told())) answer.writeHead(403).end();
    };
    look();
    onTold(look);
  };

test('unfinished tells on standard error what it waits for', async (t) => {
  const { host, run } = await against(t, untilTold);
  const { status, text } = await run(newFolder(), ['unfinished', '--region', 'us-east-1']);
  assert.equal(status, 1);
  assert.match(text, new RegExp(`^ {2}Waiting for ${host}\n`));
});

test('run tells what it waits for', async (t) => {
  const { host, run } = await against(t, untilTold);
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(ofEnvironment));
  const { status, text } = await run(folder, ['run', answers]);
  assert.equal(status, 3);
  assert.match(text, new RegExp(`Asking AWS who you are\n {2}Waiting for ${host}\n`));
});

test('the plain assistant tells what it waits for', async (t) => {
  const { host, run } = await against(t, untilTold);
  const { text } = await run(newFolder(), ['--plain'], ['environment', 'us-east-1', 'stop']);
  assert.match(text, new RegExp(`Asking AWS who you are\n {2}Waiting for ${host}\n`));
});

test('an endless answer ends in words, and does not fill the memory', async (t) => {
  let mostKb = 0;
  const { host, run } = await against(t, (child) => (_, answer) => {
    const piece = ' '.repeat(100_000);
    const more = () => {
      const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      mostKb = Math.max(mostKb, Number(peak ?? 0));
      while (!answer.destroyed && answer.write(piece));
    };
    answer.on('drain', more);
    more();
  });
  const { status, text } = await run(newFolder(), ['unfinished', '--region', 'us-east-1']);
  assert.equal(status, 1);
  assert.match(text, new RegExp(`${host} sent more than 8 MB where AWS sends a short answer\\.`));
  assert.match(text, /Nothing was changed\./);
  assert.ok(mostKb > 0 && mostKb < 300 * 1024, `${mostKb} kB`);
});
