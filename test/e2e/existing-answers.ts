import { stringify } from 'yaml';
import { type Changes, together } from './answers.ts';

/** An import into an existing key with its secret in memory. */
const usual: Changes = {
  connect: { region: 'us-east-1' },
  'existing-key': { key: 'alias/theirs' },
  'key-policy': { acknowledge: true },
  'secret-key': { origin: 'generate', keep: 'memory' },
  wrap: { by: 'keyferry' },
  import: { expiry: 'never' },
  'encrypt-objects': { where: 'later' },
};

/** An answers file for an import into an existing key, with its backup and other changes to the usual answers. */
export function existingWith(backup: Changes, ...changes: readonly Changes[]): string {
  return `ceremony: import-existing\n${stringify(together(usual, backup, ...changes))}`;
}
