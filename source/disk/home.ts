import { homedir } from 'node:os';

/**
 * Replaces the `~` of a leading `~/` by the home folder, as a shell would have done.
 * @param home where it is not the one that the system knows.
 */
export function expandHome(path: string, home?: string): string {
  // Only now: an account in a container may have no home folder.
  return path.replace(/^~(?=\/)/, () => home ?? homedir());
}
