import { homedir } from 'node:os';

/**
 * Replaces the `~` of a leading `~/` by the home folder, as a shell does. Gives any other path unchanged.
 * @param home the home folder. When absent, the system tells it.
 */
export function expandHome(path: string, home?: string): string {
  // homedir() is called only when it is needed: it throws for an account without a home folder, as in some containers.
  return path.replace(/^~(?=\/)/, () => home ?? homedir());
}
