import type { ServerResponse } from 'node:http';

/** How an answer is no answer: it never comes, never ends, or comes a byte at a time. */
export const spoils = [
  'silent',
  'silent after the headers',
  'endless',
  'dripping',
  'with endless headers',
  'with dripping headers',
] as const;

export type Spoil = (typeof spoils)[number];

/** Of an answer to HEAD, which has no body, only these can be. */
export const spoilsOfHead: readonly Spoil[] = ['silent', 'with endless headers', 'with dripping headers'];

const manyBytes = Buffer.alloc(64 * 1024, ' ');
const manyHeaders = Array.from({ length: 1000 }, (_, index) => `x-${index}: ${'a'.repeat(50)}\r\n`).join('');

/**
 * Answers a request in this way for as long as the other side stays. Like an answer that nobody waits for, it begins as one
 * of AWS.
 * @param everyMs between two bytes of what drips.
 */
export function spoil(answer: ServerResponse, how: Spoil, everyMs: number): void {
  const { socket } = answer;
  if (how === 'silent' || socket === null) return;
  socket.on('error', () => {});
  if (how === 'with endless headers' || how === 'with dripping headers') {
    socket.write('HTTP/1.1 200 OK\r\n');
    if (how === 'with endless headers') keepWriting(socket, manyHeaders);
    else drip(socket, 'x', everyMs);
    return;
  }
  answer.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).flushHeaders();
  if (how === 'endless') keepWriting(answer, manyBytes);
  if (how === 'dripping') drip(answer, ' ', everyMs);
}

type Sink = Pick<NodeJS.WritableStream, 'write' | 'on'> & { readonly destroyed: boolean };

function keepWriting(sink: Sink, piece: string | Buffer): void {
  const more = () => {
    while (!sink.destroyed && sink.write(piece));
  };
  sink.on('drain', more);
  more();
}

function drip(sink: Sink, byte: string, everyMs: number): void {
  // The other side may have gone before this begins: then no `close` comes any more.
  const timer = setInterval(() => (sink.destroyed ? clearInterval(timer) : sink.write(byte)), everyMs);
  sink.on('close', () => clearInterval(timer));
}
