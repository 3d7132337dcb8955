import { Worker } from 'node:worker_threads';
import type { FileHash } from './file-hash.ts';

/** What the thread is asked: to hash bytes as the next ones of a file, or to end a file. */
type Asked =
  | { readonly call: number; readonly file: number; readonly bytes: Uint8Array }
  | { readonly call: number; readonly file: number; readonly isEnd: true };
type Answered = { readonly call: number; readonly sha256: string };

/**
 * The work of the thread. It becomes the text of a program of its own, so that it uses nothing from around it.
 * @param load loads a module of Node.
 */
function work(load: NodeJS.Require): void {
  const { parentPort } = load('node:worker_threads') as typeof import('node:worker_threads');
  const { createHash, hash } = load('node:crypto') as typeof import('node:crypto');
  const files = new Map<number, ReturnType<typeof createHash>>();
  parentPort?.on('message', (asked: Asked) => {
    const { call, file } = asked;
    const whole = files.get(file) ?? createHash('sha256');
    files.set(file, whole);
    if ('isEnd' in asked) {
      files.delete(file);
      parentPort.postMessage({ call, sha256: whole.digest('hex') } satisfies Answered);
      return;
    }
    whole.update(asked.bytes);
    parentPort.postMessage({ call, sha256: hash('sha256', asked.bytes, 'hex') } satisfies Answered);
  });
}

type Waiting = { readonly resolve: (sha256: string) => void; readonly reject: (error: unknown) => void };

/**
 * A thread that hashes the parts of large files while this one reads and sends. The bytes must be in memory that threads share,
 * and stay as they are until their hash has come.
 */
export class HashWorker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #calls = 0;
  #files = 0;

  /** Begins the hash of one more file. */
  begin(): FileHash {
    const file = this.#files;
    this.#files += 1;
    return {
      part: (bytes) => this.#ask((call) => ({ call, file, bytes })),
      end: () => this.#ask((call) => ({ call, file, isEnd: true })),
    };
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(makeAsked: (call: number) => Asked): Promise<string> {
    const call = this.#calls;
    this.#calls += 1;
    this.#worker ??= this.#start();
    const answered = new Promise<string>((resolve, reject) => this.#waiting.set(call, { resolve, reject }));
    this.#worker.postMessage(makeAsked(call));
    return answered;
  }

  #start(): Worker {
    // The thread holds next to nothing, so that its heap may be small.
    const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };
    const worker = new Worker(`(${work})(require)`, { eval: true, resourceLimits, env: {}, execArgv: [] });
    worker.on('message', ({ call, sha256 }: Answered) => {
      this.#waiting.get(call)?.resolve(sha256);
      this.#waiting.delete(call);
    });
    worker.on('error', (error) => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(error);
      this.#waiting.clear();
    });
    return worker;
  }
}
