import { passphrase } from '../passphrase.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { FakeOutput } from './fake-output.ts';
import type { Transcript } from './transcript.ts';

/** Words that are read out, and the keys that a person then presses. */
export type Heard = readonly [said: string, keys: string];

type Parts = {
  readonly transcript: Transcript;
  /** What is still to come, from which each is taken when its turn has come. */
  readonly ahead: Heard[];
  readonly fail: (why: Error) => void;
};

/** How long any words may take to come. */
const patienceMs = 60_000;

const bytesOf: Readonly<Record<string, string>> = {
  '<enter>': '\r',
  '<esc>': '\u001B[27u',
  '<space>': ' ',
  '<down>': '\u001B[B',
  '<up>': '\u001B[A',
  '<ctrl+c>': '\u0003',
  '<ctrl+o>': '\u000F',
  '<ctrl+u>': '\u0015',
  '(passphrase)': passphrase,
};

/**
 * A terminal whose screen is read out: it hears each state of the screen in one piece, and presses the next keys when that is
 * the one they are meant for.
 */
export class Listener extends FakeOutput {
  readonly stdin = new FakeInput();
  readonly #transcript: Transcript;
  readonly #ahead: Heard[];
  readonly #fail: (why: Error) => void;
  /** Where each line that stays belongs, in their order. */
  readonly #keptAt: string[] = [];
  #frame = '';
  #patience: AbortSignal | undefined;
  readonly #noted = new Set<string>();
  #isLeaving = false;
  #heard: { readonly words: string; readonly resolve: () => void } | undefined;

  constructor({ transcript, ahead, fail }: Parts) {
    super({ columns: 80, rows: 24 });
    this.#transcript = transcript;
    this.#ahead = ahead;
    this.#fail = fail;
    this.#beginWaiting();
  }

  kept(): void {
    this.#keptAt.push(this.#transcript.place);
  }

  leaving(): void {
    this.#isLeaving = true;
  }

  /** Waits until these words are read out. */
  hear(words: string): Promise<void> {
    return new Promise((resolve) => {
      this.#heard = { words, resolve };
      this.#listen();
    });
  }

  override _write(data: Buffer | string, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    // Ink takes the last state away before it writes the next.
    const text = data.toString().replaceAll(/\u001B\[[\d;?]*[A-HJKhlu]|\r/g, '');
    if (text !== '') this.#take(text);
    done();
  }

  #take(text: string): void {
    if (this.#isLeaving) this.#transcript.write(text);
    else if (text.startsWith('Done: ')) {
      for (const line of text.trimEnd().split(/\n(?=Done: )/))
        this.#transcript.write(`${line}\n`, this.#keptAt.shift());
    } else {
      this.#frame = text.replaceAll(/ +$/gm, '').trim();
      this.#listen();
    }
  }

  /** Writes down what is read out now. What was read out at this place before is not written again. */
  #note(answer: string): void {
    const state = `${this.#transcript.place}\n${this.#frame}`;
    this.#transcript.write(`${this.#noted.has(state) ? '(as before)' : this.#frame}\n${answer}\n`);
    this.#noted.add(state);
    this.#frame = '';
    this.#beginWaiting();
  }

  /** Ends the walk where what is waited for is not read out. */
  #beginWaiting(): void {
    const patience = AbortSignal.timeout(patienceMs);
    this.#patience = patience;
    patience.addEventListener('abort', () => {
      if (this.#isLeaving || this.#patience !== patience) return;
      const words = this.#heard?.words ?? this.#ahead[0]?.[0] ?? 'nothing more';
      this.#fail(new Error(`Waited for "${words}", but what was read out last is:\n${this.#frame}`));
    });
  }

  #listen(): void {
    const words = this.#frame.replaceAll(/\s+/g, ' ');
    if (this.#heard !== undefined) {
      if (!words.includes(this.#heard.words)) return;
      this.#note('');
      this.#heard.resolve();
      this.#heard = undefined;
      return;
    }
    const [said, keys] = this.#ahead[0] ?? [];
    if (said === undefined || keys === undefined || !words.includes(said)) return;
    this.#ahead.shift();
    this.#note(`> ${keys}\n`);
    setImmediate(() => this.stdin.write(keys.replaceAll(/<[\w+]+>|\(passphrase\)/g, (key) => bytesOf[key] ?? key)));
  }
}
