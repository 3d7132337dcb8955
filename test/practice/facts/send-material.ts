import type { World } from './fact.ts';

/** Sends ciphertext with a token as it is. */
export const sendMaterial = (w: World, KeyId: string, token: Uint8Array, wrapped: Uint8Array, more = {}, where = {}) =>
  w.kms(
    'ImportKeyMaterial',
    {
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: wrapped,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    },
    where,
  );
