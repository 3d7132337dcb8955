import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';

const identity = await generateIdentity();

/** An age key pair: the recipient, and a file with the identity, as age-keygen would write it. */
export function ageIdentity(folder: string): { recipient: string; identityFile: string; identity: string } {
  const identityFile = join(folder, 'age-identity.txt');
  writeFileSync(identityFile, `# for tests\n${identity}\n`, { mode: 0o600 });
  return { recipient, identityFile, identity };
}

const recipient = await identityToRecipient(identity);
