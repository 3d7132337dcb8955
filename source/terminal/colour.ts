import type { Terminal } from './terminal-facts.ts';

/**
 * Sets environment variables that the libraries of the screen read when they are imported. Call this before any import of
 * `ui/ink`. Chalk (colours) reads FORCE_COLOR but not NO_COLOR, and understands `CI=false` as "no colour". With `DEV`, Ink
 * would show every prop and state to React DevTools on a local port.
 */
export function settleEnvironment(env: Record<string, string | undefined>, terminal: Terminal): void {
  env.FORCE_COLOR = terminal.colour ? '1' : '0';
  delete env.DEV;
}
