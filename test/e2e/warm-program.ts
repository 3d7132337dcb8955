import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One run of the program. */
export type Run = { readonly args: readonly string[]; readonly cwd: string; readonly env: NodeJS.ProcessEnv };

export type Ran = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The most memory that the process has had until now, in this run and those before. Unknown where `keyferryAlone` ran it. */
  readonly mostMiB?: number;
};

const script = fileURLToPath(new URL('warm-process.ts', import.meta.url));
/** The end of what a run has written. */
const mark = '\u0004the run has ended\u0004';

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A process that has the program loaded, and runs it for one test at a time. */
class WarmProcess {
  readonly #child: ChildProcess;
  #ended: (ran: Ran) => void = () => {};
  #status: number | undefined;
  #mostMiB = 0;
  readonly #written = { stdout: '', stderr: '' };

  constructor(launcher: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, [script, launcher, mark], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    for (const name of ['stdout', 'stderr'] as const)
      this.#child[name]?.setEncoding('utf8').on('data', (text: string) => {
        this.#written[name] += text;
        this.#endIfWhole();
      });
    this.#child.on('message', ({ status, mostMiB }: { status: number; mostMiB: number }) => {
      this.#status = status;
      this.#mostMiB = mostMiB;
      this.#endIfWhole();
    });
    // The program may end its process. Then this one is of no more use.
    this.#child.on('close', (status) => {
      this.isGone = true;
      this.#ended({ status, ...this.#written });
    });
    children.add(this.#child);
  }

  isGone = false;

  /** Ends the process. */
  end(): void {
    this.#child.kill('SIGKILL');
    children.delete(this.#child);
  }

  async run(run: Run): Promise<Ran> {
    const { promise, resolve } = Promise.withResolvers<Ran>();
    this.#ended = resolve;
    this.#status = undefined;
    this.#hold(true);
    this.#child.send(run);
    const ran = await promise;
    this.#hold(false);
    return ran;
  }

  /** Ends the run when its status is known and both streams have come to its end. */
  #endIfWhole(): void {
    const { stdout, stderr } = this.#written;
    if (this.#status === undefined || !stdout.endsWith(mark) || !stderr.endsWith(mark)) return;
    Object.assign(this.#written, { stdout: '', stderr: '' });
    this.#ended({
      status: this.#status,
      stdout: stdout.slice(0, -mark.length),
      stderr: stderr.slice(0, -mark.length),
      mostMiB: this.#mostMiB,
    });
  }

  /** Keeps the process of the tests alive during a run, and lets it end afterwards. */
  #hold(isRunning: boolean): void {
    const { stdout, stderr, channel } = this.#child;
    for (const held of [this.#child, stdout, stderr, channel] as unknown[])
      (held as { ref(): void; unref(): void })[isRunning ? 'ref' : 'unref']();
  }
}

const idle: WarmProcess[] = [];

/** Each run leaves a few MiB in its process. Beyond this much, a new one takes its place. */
const mostWarmMiB = 400;

/** Runs the program in a process that waits for work, or in a new one. */
export async function runWarm(launcher: string, run: Run): Promise<Ran> {
  const warm = idle.pop() ?? new WarmProcess(launcher, run.env);
  const ran = await warm.run(run);
  if ((ran.mostMiB ?? 0) > mostWarmMiB) warm.end();
  else if (!warm.isGone) idle.push(warm);
  return ran;
}

/** Runs the program once, in a process that is new: its `mostMiB` is the memory of this run alone. */
export async function runMeasured(launcher: string, run: Run): Promise<Ran> {
  const measured = new WarmProcess(launcher, run.env);
  const ran = await measured.run(run);
  measured.end();
  return ran;
}
