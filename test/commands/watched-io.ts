import type { LookIo } from '../../source/commands/looking.ts';

export type Watch = {
  readonly signal?: AbortSignal;
  readonly isTTY?: boolean;
  /** Runs before each text of standard output is taken. */
  readonly onPrint?: () => void;
};

/** Streams for a command that looks at an account, and what it writes to them. */
export function watchedIo({ signal = new AbortController().signal, isTTY = false, onPrint = () => {} }: Watch = {}) {
  const texts = { out: '', err: '' };
  const writing = (name: keyof typeof texts, before = () => {}) => ({
    value: (text: string) => {
      before();
      texts[name] += text;
      return true;
    },
  });
  const stdout = Object.create(process.stdout, { write: writing('out', onPrint) });
  const stderr = Object.create(process.stderr, { write: writing('err'), isTTY: { value: isTTY } });
  const io: LookIo = { stdin: process.stdin, stdout, stderr, signal };
  return { io, texts };
}
