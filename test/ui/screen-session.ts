import { setTimeout as pause } from 'node:timers/promises';
import { type Course, type Ending, runCeremony } from '../../source/ceremony/ceremony.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { problemIn } from '../../source/ceremony/problem.ts';
import { Waiting } from '../../source/ceremony/waiting.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { settleEnvironment } from '../../source/terminal/colour.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import type { Screen } from '../../source/ui/ink/open-screen.tsx';
import { newFolder } from '../new-folder.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { type FakeServices, fakeCeremony, fakeServices } from './fake-ceremony.ts';
import { FakeOutput, type Size } from './fake-output.ts';

type Options = {
  readonly size?: Size;
  readonly unicode?: boolean;
  readonly services?: Partial<FakeServices>;
  readonly ceremony?: Course<Facts, FakeServices>;
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * How many milliseconds a test waits for what comes at once on an idle machine: one with much else to do takes many times as long.
 */
const patienceMs = 30_000;

/** A whole ceremony on a fake terminal of any size. */
export class ScreenSession {
  readonly input = new FakeInput();
  readonly output: FakeOutput;
  readonly screen: Screen<FakeServices>;
  readonly services: FakeServices;
  readonly stop = new AbortController();
  readonly journal = new Journal(`${newFolder()}/journal.jsonl`);
  readonly ceremony: Course<Facts, FakeServices>;

  private constructor(
    output: FakeOutput,
    services: FakeServices,
    ceremony: Course<Facts, FakeServices>,
    open: (session: ScreenSession) => Screen<FakeServices>,
  ) {
    this.output = output;
    this.services = services;
    this.ceremony = ceremony;
    this.screen = open(this);
  }

  static async open({
    size = { columns: 80, rows: 24 },
    unicode = true,
    services = {},
    ceremony = fakeCeremony,
    env: more = {},
  }: Options = {}) {
    const output = new FakeOutput(size);
    const env = { LANG: unicode ? 'C.UTF-8' : 'C', TERM: 'xterm-256color', KEYFERRY_REDUCED_MOTION: '1', ...more };
    const terminal = readTerminal({ env, stdin: { isTTY: true }, stdout: output });
    settleEnvironment(process.env, terminal);
    // React as it is shipped: its development build takes twice the time.
    process.env.NODE_ENV = 'production';
    const { openScreen } = await import('../../source/ui/ink/open-screen.tsx');
    return new ScreenSession(output, fakeServices(services), ceremony, ({ input, stop }) =>
      openScreen({
        terminal,
        stdin: input,
        stdout: output,
        ceremony,
        practice: true,
        onStop: () => stop.abort(new Error('stopped by the person')),
        onHangup: () => [],
        savedNow: () => 'everything',
      }),
    );
  }

  /** Runs the ceremony to its end, or until the person stops it. */
  async run(): Promise<Ending<Facts>> {
    return runCeremony({
      ceremony: this.ceremony,
      journal: this.journal,
      services: this.services,
      begin: () => {},
      waiting: new Waiting(),
      interviewer: this.screen.interviewer,
      explain: (error) => problemIn(error) ?? { kind: 'ours', what: String(error), next: [] },
      signal: this.stop.signal,
    });
  }

  type(keys: string): void {
    this.input.write(keys);
  }

  /** What stands on the terminal, trailing blanks left out. */
  async shown(): Promise<string> {
    await this.output.drawn;
    const { active } = this.output.terminal.buffer;
    const rows = Array.from({ length: this.output.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return rows.join('\n').trimEnd();
  }

  /** All that was ever written and not erased, also what has scrolled out of sight, as a person copies it. */
  async transcript(): Promise<string> {
    await this.output.drawn;
    const { active } = this.output.terminal.buffer;
    const rows = Array.from({ length: active.length }, (_, row) => {
      const isBroken = active.getLine(row + 1)?.isWrapped === true;
      return `${active.getLine(row)?.translateToString(!isBroken) ?? ''}${isBroken ? '' : '\n'}`;
    });
    return rows.join('').trimEnd();
  }

  /** Waits until a text stands on the terminal, and for the keys of that screen to be listened to. */
  async until(text: string | RegExp): Promise<string> {
    return this.untilShown((shown) => (typeof text === 'string' ? shown.includes(text) : text.test(shown)), `${text}`);
  }

  /** Waits until what stands on the terminal is as wanted. @param what of the wanted state, for the error. */
  async untilShown(matches: (shown: string) => boolean, what: string): Promise<string> {
    const end = performance.now() + patienceMs;
    for (;;) {
      const shown = await this.shown();
      if (matches(shown)) return shown;
      if (performance.now() > end) throw new Error(`Waited for ${what}, but there was:\n${shown}`);
      await pause(2);
    }
  }

  /** Types a key, waits until the screen has changed for it and rests; says how many bytes came meanwhile. */
  async bytesFor(key: string): Promise<number> {
    await this.settled();
    const before = this.output.bytes;
    this.type(key);
    const end = performance.now() + patienceMs;
    while (this.output.bytes === before && performance.now() < end) await pause(2);
    await this.settled();
    return this.output.bytes - before;
  }

  /** Waits until nothing has been written for a while; says how many bytes came meanwhile. */
  async settled(quietMs = 120): Promise<number> {
    const before = this.output.bytes;
    let last = -1;
    let since = performance.now();
    while (performance.now() - since < quietMs) {
      if (this.output.bytes !== last) {
        last = this.output.bytes;
        since = performance.now();
      }
      await pause(2);
    }
    return this.output.bytes - before;
  }

  resize({ columns, rows }: Size): void {
    this.output.columns = columns;
    this.output.rows = rows;
    this.output.terminal.resize(columns, rows);
    this.output.emit('resize');
  }
}
