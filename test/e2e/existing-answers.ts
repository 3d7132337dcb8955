import { stringify } from 'yaml';
import { type Changes, together, underPassphrase } from './answers.ts';

/** An import into an existing key with its secret in memory and a backup under `passphrase.txt`. */
const usual: Changes = {
  connect: { region: 'us-east-1' },
  'existing-key': { key: 'alias/theirs' },
  'key-policy': { acknowledge: true },
  'secret-key': { origin: 'generate', keep: 'memory' },
  wrap: { by: 'keyferry' },
  import: { expiry: 'never' },
  'encrypt-objects': { where: 'later' },
};

/** An answers file for an import into an existing key, with changes to the usual answers. */
export function existingWith(...changes: readonly Changes[]): string {
  const answers = together(usual, underPassphrase('passphrase.txt'), ...changes);
  return `ceremony: import-existing\n${stringify(answers)}`;
}
