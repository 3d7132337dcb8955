import type { Terminal } from './terminal-facts.ts';

/**
 * Settles what the screen's libraries read from the environment the moment they are imported, so call it before
 * importing anything under `ui/ink`. Chalk knows FORCE_COLOR but not NO_COLOR, and takes `CI=false` for "no colour".
 * `DEV` would make Ink offer every prop and state to React DevTools on a local port.
 */
export function settleEnvironment(env: Record<string, string | undefined>, terminal: Terminal): void {
  env.FORCE_COLOR = terminal.colour ? '1' : '0';
  delete env.DEV;
}
