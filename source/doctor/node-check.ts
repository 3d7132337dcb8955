import { neededNode, version } from '../version.ts';
import type { Check } from './check.ts';

/** The program and what runs it. An older Node never comes this far: the launcher ends there. */
export function checkNode({ node = '', openssl = '' }: NodeJS.ProcessVersions): Check {
  return {
    id: 'node',
    state: 'fine',
    what: `Node ${node} is new enough for Keyferry ${version}.`,
    facts: { version, node, needed: neededNode, openssl, platform: `${process.platform}-${process.arch}` },
  };
}
