import { neededNode, version } from '../version.ts';
import type { Check } from './check.ts';

/** Reports the versions of Keyferry and of Node. This Node is always new enough, because the launcher refuses an older one. */
export function checkNode({ node = '', openssl = '' }: NodeJS.ProcessVersions): Check {
  return {
    id: 'node',
    state: 'fine',
    what: `Node ${node} is new enough for Keyferry ${version}.`,
    facts: { version, node, needed: neededNode, openssl, platform: `${process.platform}-${process.arch}` },
  };
}
