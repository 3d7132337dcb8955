import { type Clipboard, clipboardOf } from './clipboard.ts';

/** Facts about the terminal. A command reads them once; other code does not ask `process` for them. */
export type Terminal = {
  /** True when input and output are terminals, so that a person can read and type. */
  readonly isTty: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly screenReader: boolean;
  /** False when nothing on the screen may change by itself. */
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

const isSet = (value: string | undefined) => value !== undefined && !['', '0', 'false'].includes(value);

/** True when colours are wanted. FORCE_COLOR comes first. NO_COLOR counts when it is not empty (no-color.org). */
function wantsColour(env: Environment, dumb: boolean): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR === '' || isSet(env.FORCE_COLOR);
  return (env.NO_COLOR ?? '') === '' && !dumb;
}

/** True when the locale is UTF-8: the first variable that is set and not empty decides (POSIX). Two terminals always are. */
function speaksUtf8(env: Environment): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => (value ?? '') !== '');
  if (locale !== undefined) return /utf-?8/i.test(locale);
  return env.TERM_PROGRAM === 'Apple_Terminal' || env.WT_SESSION !== undefined;
}
