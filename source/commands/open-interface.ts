import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { ownCommand } from '../ceremony/own-command.ts';
import { homeOfAccount } from '../disk/home.ts';
import type { KeyferryCeremony, Services } from '../steps/services.ts';
import type { Redact } from '../terminal/redaction.ts';
import type { Terminal } from '../terminal/terminal-facts.ts';
import type { openScreen } from '../ui/ink/open-screen.tsx';
import type { Screen } from '../ui/screen.ts';
import type { PlaceOptions } from './open-ceremony.ts';

/** The flags that choose how a ceremony talks with a person, and where it works. */
export type InterfaceOptions = PlaceOptions & {
  /** Ask line by line instead of on a screen. Works on any terminal and with a pipe. */
  readonly plain?: boolean;
  /** Use the choices, order and words of the article. */
  readonly asInTheVideo?: boolean;
  /** Show stand-ins for accounts, ARNs, names and addresses. */
  readonly redact?: boolean;
};

/** The functions of the caller that run when the person stops, and when a signal or a lost terminal ends the process. */
type StopHandlers = Pick<Parameters<typeof openScreen>[0], 'onStop' | 'onHangup' | 'savedNow'>;

/**
 * Opens the screen, or the line-by-line interface when a screen cannot be drawn or the person asked for lines. Only the
 * code of the chosen interface is loaded. With `redact`, it shows stand-ins and copies nothing to the clipboard.
 */
export async function openInterface(
  options: InterfaceOptions,
  terminal: Terminal,
  handlers: StopHandlers,
  ceremony: KeyferryCeremony,
): Promise<Screen<Services>> {
  if (options.redact !== true) return openBare(options, terminal, { ...handlers, ceremony });
  const redact = await openRedaction(options.workdir);
  // The lines at a lost terminal are redacted too. The clipboard would have the real names.
  const onHangup = () => handlers.onHangup().map(redact);
  const [{ redactScreen }, screen] = await Promise.all([
    import('../ui/redacted.ts'),
    openBare(options, { ...terminal, clipboard: 'withheld' }, { ...handlers, ceremony, onHangup }),
  ]);
  return redactScreen(screen, redact);
}

/**
 * Gives a function that replaces account numbers, names and other private data in a text by stand-ins.
 * @param workdir the folder that the person named.
 */
export async function openRedaction(workdir?: string): Promise<Redact> {
  const folders = [process.cwd(), ...(workdir === undefined ? [] : [resolve(workdir)])];
  const [{ makeRedaction }, { osUser }] = await Promise.all([
    import('../terminal/redaction.ts'),
    import('../steps/note-session.ts'),
  ]);
  // `/` stands for a missing home folder: no text becomes `~` then, and each folder gets a stand-in of its own.
  return makeRedaction({ home: homeOfAccount() || '/', user: osUser(), host: hostname(), folders });
}

/** Opens the interface without stand-ins. Before the screen opens, tells a person with a screen reader of `--plain`. */
async function openBare(
  { plain, practice }: InterfaceOptions,
  terminal: Terminal,
  handlersAndCeremony: StopHandlers & { readonly ceremony: KeyferryCeremony },
): Promise<Screen<Services>> {
  const { stdin, stdout } = process;
  const parts = { terminal, stdin, stdout, practice: practice === true, ...handlersAndCeremony };
  if (plain === true || terminal.dumb) {
    const { openPlain } = await import('../ui/plain/open-plain.ts');
    return openPlain<Services>({ ...parts, process });
  }
  if (terminal.screenReader) stdout.write(`With a screen reader, this asks line by line: ${ownCommand('--plain')}\n`);
  const { openScreen } = await import('../ui/ink/open-screen.tsx');
  return openScreen<Services>(parts);
}
