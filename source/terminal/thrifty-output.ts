/**
 * A frame's update with the same effect in fewer bytes. Ink goes down over lines that stay with one `ESC [ E` each, and
 * leaves colours that are reset before a letter is written; over ssh every byte counts. ECMA-48 8.3.12 (CNL), 8.3.117 (SGR).
 */
export function shortened(update: string): string {
  return update
    .replaceAll(/(?:\u001B\[E){2,}/g, (run) => `\u001B[${run.length / 3}E`)
    .replaceAll(/\u001B\[(?:3[0-7]|9[0-7])m(?=\u001B\[39m)/g, '');
}

/** The stream itself, but for what is written as text, which comes {@link shortened}. */
export function thriftyOutput(stdout: NodeJS.WriteStream): NodeJS.WriteStream {
  const write = (chunk: Uint8Array | string, ...rest: unknown[]) =>
    Reflect.apply(stdout.write, stdout, [typeof chunk === 'string' ? shortened(chunk) : chunk, ...rest]);
  return new Proxy(stdout, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
