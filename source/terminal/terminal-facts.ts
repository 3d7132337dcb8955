import { type Clipboard, clipboardOf } from './clipboard.ts';

/** What is known of the terminal. Made once by the command; nothing else in the program reads `process` for it. */
export type Terminal = {
  /** Both ends: a person can read and type. */
  readonly isTty: boolean;
  readonly columns: () => number;
  readonly rows: () => number;
  readonly colour: boolean;
  readonly unicode: boolean;
  readonly screenReader: boolean;
  /** False where nothing may move by itself. */
  readonly motion: boolean;
  /** True where cursor movement cannot be relied on, so that only plain lines will do. */
  readonly dumb: boolean;
  readonly clipboard: Clipboard;
};

type Output = { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the facts once. `flags` are what the person said on the command line, which outranks the environment. */
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
    // Whatever moves is read aloud again each time.
    motion: !dumb && !screenReader && !isSet(env.KEYFERRY_REDUCED_MOTION),
    dumb,
    clipboard: clipboardOf(env),
  });
}

const isSet = (value: string | undefined) => value !== undefined && !['', '0', 'false'].includes(value);

/** no-color.org: present and not empty. FORCE_COLOR is the reader's explicit wish and comes first. */
function wantsColour(env: Environment, dumb: boolean): boolean {
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR === '' || isSet(env.FORCE_COLOR);
  return (env.NO_COLOR ?? '') === '' && !dumb;
}

/** POSIX: the first of these that is set and not empty decides. With none, macOS and Windows are UTF-8. */
function speaksUtf8(env: Environment): boolean {
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => (value ?? '') !== '');
  if (locale !== undefined) return /utf-?8/i.test(locale);
  return env.TERM_PROGRAM === 'Apple_Terminal' || env.WT_SESSION !== undefined;
}
