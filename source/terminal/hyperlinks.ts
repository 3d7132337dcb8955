import { hostname } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { Terminal } from './terminal-facts.ts';

/** Words that lead somewhere, and the address they lead to. */
export type Links = ReadonlyMap<string, string>;

/** Turns words of a row into links. A word that the row shows only in part gets no link. */
export type Linker = (row: string) => string;

/**
 * Links by OSC 8 where the terminal is known to take them; elsewhere rows stay as they are. The width of a row is the same
 * with and without. https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda
 */
export async function linker(links: Links, { isTty, dumb }: Terminal, stdout: NodeJS.WritableStream): Promise<Linker> {
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

/** Gives the `file:` URL of a path with the host's name: over ssh the file is not on the machine that shows the link. */
export function fileAddress(path: string): string {
  const address = pathToFileURL(path);
  address.hostname = hostname();
  return address.href;
}
