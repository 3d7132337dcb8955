import { createCipheriv, createDecipheriv, createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decryptWhole } from './decrypt-whole.ts';

/** Takes the place of AWS's hardware security modules: it encrypts data that must never be on the disk in plain form. */
export type Hsm = {
  /** Encrypts with AES-256-GCM. Gives nonce, ciphertext and tag in one buffer. To decrypt, `unseal` needs the same `label`. */
  seal(plain: Uint8Array, label: string): Buffer;
  /**
   * Decrypts the result of {@link Hsm.seal}.
   * @throws when the bytes were changed, or have another label.
   */
  unseal(sealed: Uint8Array, label: string): Buffer;
  /** Gives 32 bytes that depend on the master key, the purpose and the parts. The same input gives the same bytes. */
  derive(purpose: string, ...parts: readonly Uint8Array[]): Buffer;
};

/** The name of the master key in the state folder. */
export const masterKeyFile = 'hsm-master-key.bin';
const masterKeyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Opens the HSM of a state folder. Makes its master key file (0600) on first use.
 * @throws when this file has a wrong size.
 */
export function openHsm(folder: string): Hsm {
  // Node takes several times as long for each use of a key that is a Buffer.
  const masterKey = createSecretKey(masterKeyOf(folder));
  return {
    seal(plain, label) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(label));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    unseal(sealed, label) {
      const body = sealed.subarray(nonceBytes, sealed.length - tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', masterKey, sealed.subarray(0, nonceBytes))
        .setAAD(Buffer.from(label))
        .setAuthTag(sealed.subarray(sealed.length - tagBytes));
      return decryptWhole(decipher, body);
    },
    derive(purpose, ...parts) {
      const mac = createHmac('sha256', masterKey).update(purpose);
      // Each part stands after its length. Therefore no other parts make the same input.
      for (const part of parts) mac.update(`/${part.length}/`).update(part);
      return mac.digest();
    },
  };
}

/**
 * Reads the master key of a state folder. Makes the key first when the folder has none.
 * @throws Error when the file has a wrong size.
 */
function masterKeyOf(folder: string): Buffer {
  const file = join(folder, masterKeyFile);
  const fresh = `${file}.${randomUUID()}`;
  try {
    writeFileSync(fresh, randomBytes(masterKeyBytes), { mode: 0o600, flag: 'wx', flush: true });
    // linkSync fails when the file exists. Therefore two processes that start at the same time read the same key.
    linkSync(fresh, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(fresh, { force: true });
  }
  const key = readFileSync(file);
  if (key.length !== masterKeyBytes)
    throw new Error(`${file} is not a master key of practice AWS: it has ${key.length} bytes instead of 32`);
  return key;
}
