import { type Clipboard, clipboardOf } from './clipboard.ts';

/** Facts about the terminal. A command reads them once, and no other code asks `process` for them. */
export type Terminal = {
  /** True when input and output are terminals, so that a person can read and type. */
  readonly isTty: boolean;
  /** The width now. It changes when a person resizes the window. */
  readonly columns: () => number;
  /** The height now, as `columns`. */
  readonly rows: () => number;
  /** True when the output has colours. */
  readonly colour: boolean;
  /** True when the terminal can show characters that are not ASCII. */
  readonly unicode: boolean;
  /** True when a screen reader reads the output aloud. */
  readonly screenReader: boolean;
  /** True when the screen may change by itself, as a spinner does. */
  readonly motion: boolean;
  /** True when the terminal may not support cursor movement, so that only plain lines work. */
  readonly dumb: boolean;
  readonly clipboard: Clipboard;
};

type Output = { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the facts about the terminal. `flags` come from the command line and take precedence over the environment. */
export function readTerminal(
  { env, stdin, stdout }: { env: Environment; stdin: { readonly isTTY?: boolean }; stdout: Output },
  flags: { readonly colour?: boolean } = {},
): Terminal {
  const term = env.TERM ?? '';
  const dumb = term === 'dumb';
  const screenReader = isSet(env.INK_SCREEN_READER) || isSet(env.KEYFERRY_SCREEN_READER);
  return Object.freeze({
    isTty: stdin.isTTY === true && stdout.isTTY === true,
    // A terminal that is not set up yet, such as a serial line, reports 0 x 0.
    columns: () => stdout.columns || 80,
    rows: () => stdout.rows || 24,
    colour: flags.colour ?? wantsColour(env, dumb),
    unicode: !dumb && term !== 'linux' && speaksUtf8(env),
    screenReader,
    // A screen reader reads each change aloud.
    motion: !dumb && !screenReader && !isSet(env.KEYFERRY_REDUCED_MOTION),
    dumb,
    clipboard: clipboardOf(env),
  });
}

/** True when a variable means yes: it is set, and neither empty nor `0` nor `false`. */
const isSet = (value: string | undefined) => value !== undefined && !['', '0', 'false'].includes(value);

/**
 * True when the output should have colours. FORCE_COLOR decides first, where an empty text means yes too; then NO_COLOR
 * (no-color.org), then whether the terminal is dumb.
 */
function wantsColour(env: Environment, dumb: boolean): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR === '' || isSet(env.FORCE_COLOR);
  return (env.NO_COLOR ?? '') === '' && !dumb;
}

/**
 * True when the locale is UTF-8. The first of three variables that is set and not empty decides (POSIX). When none is, only
 * two terminals are known to use UTF-8.
 */
function speaksUtf8(env: Environment): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => (value ?? '') !== '');
  if (locale !== undefined) return /utf-?8/i.test(locale);
  return env.TERM_PROGRAM === 'Apple_Terminal' || env.WT_SESSION !== undefined;
}
