import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import {
  type CryptoAccess,
  decryptBlob,
  type EncryptionContext,
  encryptUnder,
  generateDataKey,
  withContext,
} from './data-keys.ts';
import { stopDryRun, stopDryRunOfUse } from './dry-run.ts';
import { arnOf } from './key-record.ts';
import { findKey } from './key-store.ts';
import { ciphertext, context, encryptionAlgorithm, flag, grantTokens, keyId } from './members.ts';
import { operation } from './operation.ts';
import { decryptWithRsa, encryptWithRsa } from './rsa-encryption.ts';

const dataKeyShape = {
  KeyId: keyId,
  EncryptionContext: context,
  NumberOfBytes: { kind: 'number', min: 1, max: 1024 },
  KeySpec: { kind: 'choice', values: ['AES_256', 'AES_128'] },
  GrantTokens: grantTokens,
  DryRun: flag,
} as const;

export const encryptOperation = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    Plaintext: { kind: 'blob', min: 1, max: 4096, required: true },
    EncryptionContext: context,
    EncryptionAlgorithm: encryptionAlgorithm,
    GrantTokens: grantTokens,
    DryRun: flag,
  },
  (call, input) => {
    const { key, blob, algorithm } = encryptAsRequested(call, input.Plaintext, {
      keyId: input.KeyId,
      algorithm: input.EncryptionAlgorithm,
      context: input.EncryptionContext,
      operation: 'Encrypt',
    });
    stopDryRun(input);
    call.usage.note(key, 'Encrypt', call);
    return { KeyId: arnOf(key), CiphertextBlob: blob.toString('base64'), EncryptionAlgorithm: algorithm };
  },
);

export const decryptOperation = operation(
  { on: 'key' },
  {
    CiphertextBlob: ciphertext,
    KeyId: { ...keyId, required: false },
    EncryptionContext: context,
    EncryptionAlgorithm: encryptionAlgorithm,
    GrantTokens: grantTokens,
    DryRun: flag,
    DryRunModifiers: { kind: 'texts', max: 1 },
  },
  (call, input) => {
    const { CiphertextBlob, KeyId } = input;
    const callWithContext = withContext(call, input.EncryptionContext);
    // Only a dry run that ignores the ciphertext may leave it out, and only when the request names the key.
    const ignoresCiphertext = input.DryRun && input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT');
    if (ignoresCiphertext && KeyId !== undefined) stopDryRunOfUse(findKey(callWithContext, KeyId, 'with aliases'));
    if (CiphertextBlob === undefined) {
      throw new AwsError(
        'ValidationException',
        "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
      );
    }
    const { key, plain, algorithm, materialId } = decryptAsRequested(call, CiphertextBlob, {
      keyId: KeyId,
      algorithm: input.EncryptionAlgorithm,
      context: input.EncryptionContext,
      operation: 'Decrypt',
    });
    stopDryRun(input);
    call.usage.note(key, 'Decrypt', call);
    return {
      KeyId: arnOf(key),
      Plaintext: plain.toString('base64'),
      EncryptionAlgorithm: algorithm,
      KeyMaterialId: materialId,
    };
  },
);

export const reEncryptOperation = operation(
  { on: 'key' },
  {
    CiphertextBlob: { ...ciphertext, required: true },
    SourceKeyId: { ...keyId, required: false },
    SourceEncryptionContext: context,
    SourceEncryptionAlgorithm: encryptionAlgorithm,
    DestinationKeyId: keyId,
    DestinationEncryptionContext: context,
    DestinationEncryptionAlgorithm: encryptionAlgorithm,
    GrantTokens: grantTokens,
    DryRun: flag,
  },
  (call, input) => {
    const source = decryptAsRequested({ ...call, action: 'kms:ReEncryptFrom' }, input.CiphertextBlob, {
      keyId: input.SourceKeyId,
      algorithm: input.SourceEncryptionAlgorithm,
      context: input.SourceEncryptionContext,
      operation: 'ReEncrypt',
    });
    const destination = encryptAsRequested({ ...call, action: 'kms:ReEncryptTo' }, source.plain, {
      keyId: input.DestinationKeyId,
      algorithm: input.DestinationEncryptionAlgorithm,
      context: input.DestinationEncryptionContext,
      // This gives the ciphertext the header that Encrypt gives.
      operation: 'Encrypt',
    });
    stopDryRun(input);
    call.usage.note(source.key, 'ReEncrypt', call);
    call.usage.note(destination.key, 'Encrypt', call);
    return {
      CiphertextBlob: destination.blob.toString('base64'),
      SourceKeyId: arnOf(source.key),
      KeyId: arnOf(destination.key),
      SourceEncryptionAlgorithm: source.algorithm,
      DestinationEncryptionAlgorithm: destination.algorithm,
      SourceKeyMaterialId: source.materialId,
      DestinationKeyMaterialId: destination.materialId,
    };
  },
);

/** What a request says about an encryption or a decryption. */
type Use<KeyId> = {
  readonly keyId: KeyId;
  readonly algorithm: string | undefined;
  readonly context: EncryptionContext | undefined;
  /** The name of the operation, for messages and for the header of a ciphertext. */
  readonly operation: string;
};

/** Encrypts with an RSA key when the request names one, else with a symmetric key. RSA ciphertexts name no material. */
function encryptAsRequested(call: CryptoAccess, plain: Buffer, { context = {}, ...use }: Use<string>) {
  const rsaResult = encryptWithRsa(withContext(call, context), plain, use);
  if (rsaResult !== undefined) return { ...rsaResult, materialId: undefined };
  const result = encryptUnder(call, use.keyId, plain, { context, operation: use.operation });
  return { ...result, algorithm: 'SYMMETRIC_DEFAULT' };
}

/** Decrypts with an RSA key when the request names one, else with a symmetric key. */
function decryptAsRequested(call: CryptoAccess, blob: Buffer, { context = {}, ...use }: Use<string | undefined>) {
  const rsaResult = decryptWithRsa(withContext(call, context), blob, use);
  if (rsaResult !== undefined) return { ...rsaResult, materialId: undefined };
  const result = decryptBlob(call, blob, { keyId: use.keyId, context, operation: use.operation });
  return { ...result, algorithm: 'SYMMETRIC_DEFAULT' };
}

export const generateDataKeyOperation = operation({ on: 'key' }, dataKeyShape, (call, input) => {
  const { plain, ...answer } = makeDataKey(call, input, 'GenerateDataKey');
  return { ...answer, Plaintext: plain.toString('base64') };
});

export const generateDataKeyWithoutPlaintext = operation({ on: 'key' }, dataKeyShape, (call, input) => {
  const { plain, ...answer } = makeDataKey(call, input, 'GenerateDataKeyWithoutPlaintext');
  plain.fill(0);
  return answer;
});

/**
 * Makes a data key, for both operations that make one. The answer also contains `plain`, which the caller must encode or zero.
 * @param name the name of the operation.
 * @throws ValidationException when the request has both or none of KeySpec and NumberOfBytes; or as {@link generateDataKey} does;
 * DryRunOperationException for a dry run.
 */
function makeDataKey(
  call: Call,
  input: {
    readonly KeyId: string;
    readonly KeySpec?: 'AES_256' | 'AES_128';
    readonly NumberOfBytes?: number;
    readonly EncryptionContext?: EncryptionContext;
    readonly DryRun?: boolean;
  },
  name: string,
) {
  // The request must have exactly one of the two.
  if ((input.KeySpec === undefined) === (input.NumberOfBytes === undefined))
    throw new AwsError('ValidationException', unverifiedText('data-key-size'));
  const length = input.NumberOfBytes ?? (input.KeySpec === 'AES_128' ? 16 : 32);
  const options = { context: input.EncryptionContext ?? {}, operation: name };
  const { key, blob, materialId, plain } = generateDataKey(call, input.KeyId, length, options);
  stopDryRun(input);
  call.usage.note(key, name, call);
  return { KeyId: arnOf(key), CiphertextBlob: blob.toString('base64'), KeyMaterialId: materialId, plain };
}
