import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RunningCeremony } from './ceremony.ts';

/** The name of the file that {@link wrapThere} brings into the ceremony's folder. */
export const wrappedThere = 'mine.bin';

/** Wraps bytes under the wrapping key of a ceremony, as an HSM does, and brings the file here. */
export function wrapThere({ services, facts }: RunningCeremony, bytes: Buffer, oaepHash = 'sha256'): void {
  const der = readFileSync(services.folder.file(facts.wrapping?.publicKeyFile ?? ''));
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
  writeFileSync(services.folder.file(wrappedThere), wrapped);
}
