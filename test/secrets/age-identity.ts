import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateIdentity, identityToRecipient } from 'age-encryption';

/** Opens what is encrypted to {@link recipient}. */
export const identity: string = await generateIdentity();

/** An age recipient of the tests of this process. */
export const recipient: string = await identityToRecipient(identity);

/** An age key pair: the recipient, and a file with the identity, as age-keygen would write it. */
export function ageIdentity(folder: string): { recipient: string; identityFile: string; identity: string } {
  const identityFile = join(folder, 'age-identity.txt');
  writeFileSync(identityFile, `# for tests\n${identity}\n`, { mode: 0o600 });
  return { recipient, identityFile, identity };
}
