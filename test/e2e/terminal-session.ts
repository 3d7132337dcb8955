import { once } from 'node:events';
import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';
import { laggyLink, slowTyping } from './link.ts';
import { bareEnvironment, program } from './program.ts';

export type SessionOptions = {
  readonly cwd: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** How keys and screens travel; without one, at once. */
  readonly link?: 'laggy' | 'slow typing';
  /** What runs in place of the program itself, such as a shell. */
  readonly command?: readonly [file: string, ...args: readonly string[]];
};

/** The columns of the checklist, on a screen that has one. */
export const checklistColumns = 21;

/** How long a test waits for what comes in a second on an idle machine: one with much else to do takes many times as long. */
const patienceSeconds = 60;

const lagMs = 300;
const typingMs = 25;

/** The program in a real pseudo-terminal, seen through a terminal emulator: what is on the screen, not what was sent. */
export class TerminalSession {
  readonly emulator: InstanceType<typeof headless.Terminal>;
  readonly #pty: IPty;
  readonly #changed = new EventTarget();
  readonly #send: (keys: string) => void;
  #bytes = '';
  #status: number | undefined;

  constructor(args: readonly string[], { cwd, columns = 80, rows = 24, env = {}, link, command }: SessionOptions) {
    this.emulator = new headless.Terminal({ cols: columns, rows, scrollback: 5000, allowProposedApi: true });
    const [file, ...words] = command ?? [process.execPath, program, ...args];
    this.#pty = spawn(file, words, {
      cols: columns,
      rows,
      cwd,
      name: env.TERM ?? 'xterm-256color',
      env: { ...(bareEnvironment(cwd) as Record<string, string>), ...env },
    });
    const show = (data: string) => this.emulator.write(data, () => this.#changed.dispatchEvent(new Event('change')));
    const toScreen = link === 'laggy' ? laggyLink(lagMs, show).carry : show;
    this.#pty.onData((data) => {
      this.#bytes += data;
      toScreen(data);
    });
    // A link may deliver when the program has ended.
    const toProgram = (keys: string) => void (this.#status === undefined && this.#pty.write(keys));
    const links = { laggy: laggyLink(lagMs, toProgram), 'slow typing': slowTyping(typingMs, toProgram) };
    this.#send = link === undefined ? toProgram : links[link].carry;
    this.#pty.onExit(({ exitCode, signal }) => {
      this.#status = signal ? 128 + signal : exitCode;
      this.#changed.dispatchEvent(new Event('change'));
    });
  }

  /** Everything the program wrote, escape sequences and all. */
  get written(): string {
    return this.#bytes;
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** What a person sees now, one string a row. */
  screen(): readonly string[] {
    const { active } = this.emulator.buffer;
    return Array.from(
      { length: this.emulator.rows },
      (_, row) => active.getLine(active.baseY + row)?.translateToString(true) ?? '',
    );
  }

  /** The screen and what has scrolled away above it. */
  transcript(): string {
    const { active } = this.emulator.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '').join(
      '\n',
    );
  }

  /** All of it in one write, as a slow link merges keys. */
  send(keys: string): void {
    this.#send(keys);
  }

  /** Takes the terminal away, as a closed window or a lost ssh session does. */
  hangUp(): void {
    const pty = this.#pty;
    // Its types leave this out.
    if (!('destroy' in pty && typeof pty.destroy === 'function')) throw new Error('This terminal cannot hang up.');
    pty.destroy();
  }

  resize(columns: number, rows: number): void {
    this.emulator.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  kill(signal: string): void {
    if (this.#status === undefined) this.#pty.kill(signal);
  }

  /**
   * Waits until the screen shows a text.
   * @throws with the screen when it does not within `seconds`, or the program ends.
   */
  async shows(text: string | RegExp, seconds = patienceSeconds): Promise<void> {
    await this.#until(() => this.#shows(text), `show ${text}`, seconds);
  }

  /** Waits until the screen shows one of some texts and gives the first that it shows. */
  async showsOneOf(texts: readonly string[], seconds = patienceSeconds): Promise<string> {
    const found = () => texts.find((text) => this.#shows(text));
    await this.#until(() => found() !== undefined, `show one of ${texts.join(' | ')}`, seconds);
    return found() as string;
  }

  #shows(text: string | RegExp): boolean {
    const screen = this.screen();
    const rows = screen.join('\n');
    if (typeof text !== 'string') return text.test(rows);
    // A narrow screen breaks sentences into lines, and so does a checklist beside them.
    const beside = screen.map((row) => row.slice(checklistColumns)).join(' ');
    return rows.includes(text) || [rows, beside].some((shown) => shown.replaceAll(/\s+/g, ' ').includes(text));
  }

  /** Waits for the program's end and gives its exit status. */
  async ends(seconds = patienceSeconds): Promise<number> {
    await this.#until(() => this.#status !== undefined, 'end', seconds);
    await this.#settles();
    return this.#status ?? -1;
  }

  /** What the program wrote last may come behind its end. */
  async #settles(): Promise<void> {
    for (;;) {
      // The timer of AbortSignal.timeout would not keep a script alive that waits for nothing else.
      const quiet = new AbortController();
      const timer = setTimeout(() => quiet.abort(), 100);
      try {
        await once(this.#changed, 'change', { signal: quiet.signal });
      } catch {
        return;
      } finally {
        clearTimeout(timer);
      }
    }
  }

  async #until(condition: () => boolean, what: string, seconds: number): Promise<void> {
    const signal = AbortSignal.timeout(seconds * 1000);
    while (!condition()) {
      const ended = this.#status !== undefined;
      try {
        await once(this.#changed, 'change', { signal: ended ? AbortSignal.timeout(200) : signal });
      } catch {
        if (condition()) return;
        throw new Error(
          `The program did not ${what}. Status: ${this.#status}. The screen:\n${this.screen().join('\n')}`,
        );
      }
    }
  }
}
