import { Worker } from 'node:worker_threads';
import type { FileHash } from './file-hash.ts';

/** What the thread is asked to do: hash the next bytes of a file, or give the hash of the whole file. */
type HashRequest =
  | { readonly call: number; readonly file: number; readonly bytes: Uint8Array }
  | { readonly call: number; readonly file: number; readonly isEnd: true };
type HashReply = { readonly call: number; readonly sha256: string };

/**
 * The program of the thread. The thread gets only the text of this function, so the function uses nothing from outside of it.
 * @param load loads a module of Node.
 */
function threadProgram(load: NodeJS.Require): void {
  const { parentPort } = load('node:worker_threads') as typeof import('node:worker_threads');
  const { createHash, hash } = load('node:crypto') as typeof import('node:crypto');
  const files = new Map<number, ReturnType<typeof createHash>>();
  parentPort?.on('message', (request: HashRequest) => {
    const { call, file } = request;
    const whole = files.get(file) ?? createHash('sha256');
    files.set(file, whole);
    if ('isEnd' in request) {
      files.delete(file);
      parentPort.postMessage({ call, sha256: whole.digest('hex') } satisfies HashReply);
      return;
    }
    whole.update(request.bytes);
    parentPort.postMessage({ call, sha256: hash('sha256', request.bytes, 'hex') } satisfies HashReply);
  });
}

type Waiting = { readonly resolve: (sha256: string) => void; readonly reject: (error: unknown) => void };

/**
 * A thread that hashes the parts of large files while the main thread reads and sends. The bytes must be in memory that threads
 * share, and nobody may change them until their hash has come.
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

  /** Ends the thread. A hash that has not come yet never comes. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(makeRequest: (call: number) => HashRequest): Promise<string> {
    const call = this.#calls;
    this.#calls += 1;
    this.#worker ??= this.#start();
    const answered = new Promise<string>((resolve, reject) => this.#waiting.set(call, { resolve, reject }));
    this.#worker.postMessage(makeRequest(call));
    return answered;
  }

  #start(): Worker {
    // The thread keeps almost nothing, so its heap can be small.
    const resourceLimits = { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 };
    const worker = new Worker(`(${threadProgram})(require)`, { eval: true, resourceLimits, env: {}, execArgv: [] });
    worker.on('message', ({ call, sha256 }: HashReply) => {
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
