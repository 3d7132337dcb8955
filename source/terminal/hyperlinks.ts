import { hostname } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { Terminal } from './terminal-facts.ts';

/** The addresses of links, by the words that become a link. */
export type Links = ReadonlyMap<string, string>;

/** Turns words in a row of the screen into a link. Words that continue in the next row stay as they are. */
export type Linker = (row: string) => string;

/**
 * Makes a {@link Linker}. It writes links (OSC 8) when the terminal is known to support them, and otherwise changes nothing.
 * A row gets at most one link. A link does not change the width of the row.
 * https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
 */
export async function makeLinker(
  links: Links,
  { isTty, dumb }: Terminal,
  stdout: NodeJS.WritableStream,
): Promise<Linker> {
  if (!isTty || dumb || links.size === 0) return (row) => row;
  const { createSupportsHyperlinks } = await import('supports-hyperlinks');
  if (!createSupportsHyperlinks(stdout as NodeJS.WriteStream)) return (row) => row;
  return (row) => {
    for (const [words, address] of links)
      if (row.includes(words))
        return row.replace(words, () => `\u001B]8;;${address}\u001B\\${words}\u001B]8;;\u001B\\`);
    return row;
  };
}

/** Gives the `file:` URL of a path. It names this host, because over ssh the terminal runs on another machine. */
export function fileAddress(path: string): string {
  const address = pathToFileURL(path);
  address.hostname = hostname();
  return address.href;
}
