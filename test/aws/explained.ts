import { explainPasted } from '../../source/commands/explain.ts';

/** Runs `keyferry explain` in this process on a text from standard input. `shown` is what it prints, on one line. */
export async function explained(text: string | Buffer): Promise<{ status: number; shown: string; printed: string }> {
  let printed = '';
  const write = (part: string) => {
    printed += part;
  };
  async function* stdin() {
    yield text;
  }
  const status = await explainPasted([], {
    stdin: stdin(),
    stdout: { write },
    stderr: { write },
    terminal: { columns: () => 80, unicode: true },
  });
  return { status, printed, shown: printed.replaceAll(/\s+/g, ' ') };
}
