/** How text gets into the clipboard from here: OSC 52, which some terminals refuse and multiplexers stand before. */
export type Clipboard = 'osc52' | 'tmux' | 'screen' | 'none' | 'withheld';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What is known of this terminal's clipboard. Terminal.app and terminals built on VTE ignore OSC 52, and so does the Linux
 * console; the others mostly take it, some only after they were told to.
 */
export function clipboardOf(env: Environment): Clipboard {
  const term = env.TERM ?? '';
  if (env.TMUX !== undefined) return 'tmux';
  if (term === 'dumb' || term === 'linux' || term === '') return 'none';
  if (env.TERM_PROGRAM === 'Apple_Terminal' || env.VTE_VERSION !== undefined) return 'none';
  return env.STY === undefined ? 'osc52' : 'screen';
}

const bel = '\u0007';

/** The sequence that copies a text, or nothing where none can. xterm control sequences, "Ps = 5 2"; GNU screen passes on what stands in a DCS. */
export function copySequence(text: string, clipboard: Clipboard): string | undefined {
  if (clipboard === 'none' || clipboard === 'withheld') return undefined;
  const sequence = `\u001B]52;c;${Buffer.from(text).toString('base64')}${bel}`;
  return clipboard === 'screen' ? `\u001BP${sequence}\u001B\\` : sequence;
}

/** What can be said about a copy: no terminal tells whether it took it. */
export function copyNote(clipboard: Clipboard): string {
  switch (clipboard) {
    case 'osc52':
      return 'Sent to the clipboard, if this terminal allows it.';
    case 'screen':
      return 'Sent to the clipboard through screen, if the terminal allows it.';
    case 'tmux':
      return 'Sent to tmux. It passes it on with: set -g set-clipboard on';
    case 'withheld':
      return 'Not copied: --redact is on, and a recording keeps what is copied.';
    case 'none':
      return 'This terminal cannot be sent a copy. Select the text instead.';
  }
}
