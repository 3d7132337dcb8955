/**
 * How a text gets into the clipboard. `osc52`: by the terminal's own sequence. `tmux` and `screen`: through these programs.
 * `none`: not at all. `withheld`: nothing is copied, because `--redact` hides names.
 */
export type Clipboard = 'osc52' | 'tmux' | 'screen' | 'none' | 'withheld';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Guesses how to copy; never gives `withheld`. Terminal.app, terminals built on VTE and the Linux console ignore OSC 52, the
 * sequence that copies. A terminal that is dumb or has no TERM counts as one of them. tmux comes first, because it keeps a copy
 * of its own whatever the terminal does.
 */
export function clipboardOf(env: Environment): Clipboard {
  const term = env.TERM ?? '';
  if (env.TMUX !== undefined) return 'tmux';
  if (term === 'dumb' || term === 'linux' || term === '') return 'none';
  if (env.TERM_PROGRAM === 'Apple_Terminal' || env.VTE_VERSION !== undefined) return 'none';
  return env.STY === undefined ? 'osc52' : 'screen';
}

/** BEL, which ends an OSC sequence. */
const bel = '\u0007';

/**
 * Gives the sequence that copies a text (OSC 52; xterm control sequences, "Ps = 5 2"), or `undefined` when nothing is copied.
 * For GNU screen, the sequence is inside a DCS: screen then passes it on to the terminal.
 */
export function copySequence(text: string, clipboard: Clipboard): string | undefined {
  if (clipboard === 'none' || clipboard === 'withheld') return undefined;
  const sequence = `\u001B]52;c;${Buffer.from(text).toString('base64')}${bel}`;
  return clipboard === 'screen' ? `\u001BP${sequence}\u001B\\` : sequence;
}

/** Gives the note that a person reads after a copy. It promises no success, because a terminal does not confirm a copy. */
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
