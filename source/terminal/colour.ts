import type { Terminal } from './terminal-facts.ts';

/**
 * Sets environment variables that the libraries of the screen read when they are imported. Call it before the import of
 * anything in `ui/ink`. Chalk reads FORCE_COLOR but not NO_COLOR, and takes `CI=false` for "no colour". With `DEV`, Ink would
 * show every prop and state to React DevTools on a local port.
 */
export function settleEnvironment(env: Record<string, string | undefined>, terminal: Terminal): void {
  env.FORCE_COLOR = terminal.colour ? '1' : '0';
  delete env.DEV;
}
