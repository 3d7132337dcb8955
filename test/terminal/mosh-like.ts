import headless from '@xterm/headless';

type Emulator = InstanceType<typeof headless.Terminal>;

/** An emulator, or one that ignores CNL and CPL (`CSI E` and `CSI F`) as mosh 1.4 does. */
export function emulator(size: { readonly cols: number; readonly rows: number }, like: 'xterm' | 'mosh'): Emulator {
  const terminal = new headless.Terminal({ ...size, scrollback: 5000, allowProposedApi: true });
  if (like === 'mosh') for (const final of ['E', 'F']) terminal.parser.registerCsiHandler({ final }, () => true);
  return terminal;
}

/** All that stands in an emulator, with what has scrolled away, the look of each letter and the cursor. */
export function contentOf({ buffer: { active }, cols }: Emulator): string {
  const rows = Array.from({ length: active.length }, (_, row) => {
    const line = active.getLine(row);
    return Array.from({ length: cols }, (_, column) => {
      const cell = line?.getCell(column);
      const letter = cell?.getChars() || ' ';
      // No look that is used here can be seen on a blank.
      return letter === ' ' ? letter : `${letter}${cell?.getFgColor()}${cell?.isBold()}${cell?.isDim()}`;
    }).join('');
  });
  return [...rows, active.cursorX, active.baseY + active.cursorY].join('\n');
}

/** Resolves when the emulator has drawn the text. */
export function draw(terminal: Emulator, text: string): Promise<void> {
  return new Promise((resolve) => terminal.write(text, resolve));
}
