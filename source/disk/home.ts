import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';

/**
 * Replaces a leading `~` by the home folder and a leading `~NAME` by the home folder of that user, as a shell does. Gives any
 * other path unchanged, also one whose user is unknown or has no home folder.
 * @param home the person's home folder. Without it, the system is asked.
 */
export function expandHome(path: string, home?: string): string {
  return path.replace(/^~([^/]*)(?=\/|$)/, (whole, name: string) => {
    if (name === '') return home ?? homeOfAccount() ?? whole;
    return homeOf(name) ?? whole;
  });
}

/** Gives the home folder of the account that runs this; `undefined` for an account without one, as in some containers. */
export function homeOfAccount(): string | undefined {
  try {
    return homedir();
  } catch {
    return undefined;
  }
}

/** Gives the home folder of a user, from the sixth field of their line in passwd(5); `undefined` when there is none. */
function homeOf(name: string): string | undefined {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    const home = lines.find((line) => line.startsWith(`${name}:`))?.split(':')[5];
    return home === '' ? undefined : home;
  } catch {
    return undefined;
  }
}
