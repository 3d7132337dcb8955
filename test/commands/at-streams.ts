import { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { textStream } from '../text-stream.ts';

type Streams = {
  /** What standard input holds. It ends behind the last line. */
  readonly lines?: readonly string[];
  readonly isTTY?: boolean;
};

/**
 * The status that this work gives, or the error that it throws, and what it writes while the standard streams of this process are
 * others: pipes, or a terminal.
 */
export async function atStreams(
  t: TestContext,
  work: () => Promise<number>,
  { lines = [], isTTY = false }: Streams = {},
) {
  const texts = { out: '', err: '' };
  const output = (name: keyof typeof texts) =>
    Object.assign(
      textStream((text) => {
        texts[name] += text;
      }),
      { isTTY, columns: 200, rows: 50 },
    );
  const [stdout, stderr] = [output('out'), output('err')];
  const stdin = Object.assign(Readable.from(lines.map((line) => Buffer.from(`${line}\n`))), { isTTY });
  const getters = [
    t.mock.getter(process, 'stdin', () => stdin),
    t.mock.getter(process, 'stdout', () => stdout),
    t.mock.getter(process, 'stderr', () => stderr),
  ];
  const status = await work().catch((error: unknown) => error);
  for (const { mock } of getters) mock.restore();
  return { status, ...texts };
}
