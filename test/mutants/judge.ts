import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { quickFiles } from '../quick/parts.ts';
import { changedText, type Mutant } from './mutant.ts';

/** What a change came to: the test that noticed it first, or nothing. */
export type Verdict = { readonly noticedBy: string | undefined };

/** Tests that import the program and start none. */
const quick = new Set(quickFiles);

const slowTimeoutMs = 600_000;

/** What a copy does without, or gets as a link. */
const notCopied = new Set(['.git', 'dist', 'node_modules', 'release']);

/** A copy of the project, in which one change at a time is made and tested. */
export class ProjectCopy {
  readonly #path = mkdtempSync(join(tmpdir(), 'keyferry-mutants-'));
  #quickTimeoutMs = slowTimeoutMs;
  #running: number | undefined;

  constructor() {
    process.once('exit', () => this.remove());
    for (const name of readdirSync('.').filter((entry) => !notCopied.has(entry)))
      cpSync(name, join(this.#path, name), { recursive: true });
    mkdirSync(join(this.#path, 'tmp'));
    symlinkSync(join(process.cwd(), 'node_modules'), join(this.#path, 'node_modules'));
  }

  /**
   * Runs the tests with nothing changed; a change then gets some times as long.
   * @throws Error when one fails.
   */
  async checkUnchanged(tests: readonly string[]): Promise<void> {
    const begun = performance.now();
    const failed = await this.#firstFailure(tests);
    if (failed !== undefined) throw new Error(`This fails before anything is changed: ${failed}`);
    this.#quickTimeoutMs = 10_000 + 4 * (performance.now() - begun);
  }

  /** Makes a change, runs the tests stage by stage until one fails, those that name the file first, and takes it back. */
  async judge(mutant: Mutant, stages: readonly (readonly string[])[]): Promise<Verdict> {
    const path = join(this.#path, mutant.file);
    writeFileSync(path, changedText(mutant));
    try {
      const isNear = (test: string) => readFileSync(test, 'utf8').includes(`/${basename(mutant.file)}'`);
      for (const tests of stages)
        for (const part of [tests.filter(isNear), tests.filter((test) => !isNear(test))]) {
          const noticedBy = await this.#firstFailure(part);
          if (noticedBy !== undefined) return { noticedBy };
        }
      return { noticedBy: undefined };
    } finally {
      writeFileSync(path, mutant.source);
    }
  }

  /** Ends what runs in it, and removes it. */
  remove(): void {
    signalGroup(this.#running, 'SIGKILL');
    rmSync(this.#path, { recursive: true, force: true });
  }

  /** The first test that fails, quick ones before the others, which need the program built. */
  async #firstFailure(tests: readonly string[]): Promise<string | undefined> {
    const direct = tests.filter((test) => quick.has(test));
    const others = tests.filter((test) => !quick.has(test));
    // One process for all: most of the time goes into loading the SDK.
    const failed =
      direct.length === 0
        ? undefined
        : await this.#run(
            ['--import', './test/typescript.ts', '--test', '--test-isolation=none', ...direct],
            this.#quickTimeoutMs,
          );
    if (failed !== undefined || others.length === 0) return failed;
    try {
      execFileSync(process.execPath, ['.esbuild.js'], { cwd: this.#path, stdio: 'ignore' });
    } catch {
      return 'the build';
    }
    const slow = ['--import', 'tsx', '--test', '--test-concurrency=1', '--test-timeout=180000', ...others];
    return this.#run(slow, slowTimeoutMs);
  }

  /** Runs Node until it ends or the first test fails. @returns that test, or why the run failed without one. */
  async #run(args: readonly string[], timeoutMs: number): Promise<string | undefined> {
    const env = { ...process.env, TMPDIR: join(this.#path, 'tmp'), NODE_COMPILE_CACHE: join(this.#path, 'compiled') };
    // A group of its own, so that what tests have started ends with it.
    const run = spawn(process.execPath, ['--test-reporter=tap', ...args], {
      cwd: this.#path,
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    this.#running = run.pid;
    const closed = Promise.withResolvers<number | null>();
    const failed = Promise.withResolvers<string>();
    run.on('close', (code) => {
      this.#running = undefined;
      closed.resolve(code);
    });
    const timer = setTimeout(() => failed.resolve(`no end within ${Math.round(timeoutMs / 1000)} s`), timeoutMs);
    let text = '';
    run.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      const name = /^\s*not ok \d+ - (.*)\n/m.exec(text)?.[1];
      if (name !== undefined) failed.resolve(name);
    });
    const first = await Promise.race([failed.promise, closed.promise]);
    clearTimeout(timer);
    if (typeof first !== 'string')
      return first === 0 ? undefined : ((await settled(failed.promise)) ?? `status ${first}`);
    // The runner of tests ends in order and removes its folders, unless the change keeps it in a loop.
    signalGroup(run.pid, 'SIGINT');
    await Promise.race([closed.promise, sleep(3000)]);
    signalGroup(run.pid, 'SIGKILL');
    return first;
  }
}

/** What a promise has come to already. */
async function settled<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, undefined]);
}

function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended.
  }
}
