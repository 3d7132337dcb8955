import type { TestContext } from 'node:test';

/** What this work gives, and what it writes to a stream of this process. The stream itself gets nothing of it. */
export async function writtenTo<Result>(t: TestContext, stream: NodeJS.WriteStream, work: () => Result) {
  const written: string[] = [];
  const write = t.mock.method(stream, 'write', (text: string) => written.push(text) > 0);
  try {
    return { result: await work(), written };
  } finally {
    write.mock.restore();
  }
}
