import assert from 'node:assert/strict';
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  type AlgorithmSpec,
  CreateKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type ImportKeyMaterialCommandInput,
  KMSClient,
  type WrappingKeySpec,
} from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { controlFileName } from '../../source/practice/control.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { type PracticeAws, startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';

type Credentials = PracticeAws['credentials'];

/** A practice AWS of this test's own, its clients, and a clock that the test can move. */
export type Practice = {
  server: PracticeAws;
  folder: string;
  clock: { now: Date };
  kms: (region?: string, credentials?: Credentials) => KMSClient;
  s3: (region?: string, credentials?: Credentials) => S3Client;
};

/** Starts practice AWS in a fresh folder, or in `folder`; both end with the test. */
export async function practise(t: TestContext, given?: { folder?: string; settings?: Settings }): Promise<Practice> {
  const { practice, close } = await startPractice(given);
  t.after(close);
  return practice;
}

/** The same for whoever has no test at hand: `close` ends it. */
export async function startPractice(given?: {
  folder?: string;
  settings?: Settings;
}): Promise<{ practice: Practice; close: () => Promise<void> }> {
  const folder = given?.folder ?? newFolder();
  const clock = { now: new Date() };
  const server = await startPracticeAws({
    stateFolder: folder,
    now: () => clock.now,
    ...(given?.settings ? { settings: given.settings } : {}),
  });
  const config = (region: string, credentials: Credentials) => ({ region, credentials, endpoint: server.endpoint });
  const practice: Practice = {
    server,
    folder,
    clock,
    kms: (region = 'us-east-1', credentials = server.credentials) => new KMSClient(config(region, credentials)),
    s3: (region = 'us-east-1', credentials = server.credentials) => new S3Client(config(region, credentials)),
  };
  const close = async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { practice, close };
}

/** What a client of practice AWS is made with that does not try again, so that each refusal is seen. */
export const tryOnce = ({ endpoint, credentials }: Pick<PracticeAws, 'endpoint' | 'credentials'>) => ({
  region: 'us-east-1',
  endpoint,
  credentials,
  maxAttempts: 1,
});

/** Gives practice AWS these settings, and no others, from its next request on. */
export function setControl({ folder }: Pick<Practice, 'folder'>, settings: Settings): void {
  writeFileSync(join(folder, controlFileName), JSON.stringify(settings));
}

/** IAM denies the caller these actions, and no others, from the next request on. */
export function denyCaller(practice: Pick<Practice, 'folder'>, ...actions: string[]): void {
  setControl(practice, { deny: { SecurityAdmin: actions } });
}

/** The id of a fresh EXTERNAL key. */
export async function externalKey(kms: KMSClient): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  return must(KeyMetadata?.KeyId);
}

/** Wraps and imports material, with what the request needs and what the test adds to it. */
export async function importMaterial(
  kms: KMSClient,
  keyId: string,
  material: Buffer,
  more: Partial<ImportKeyMaterialCommandInput> = {},
) {
  const parameters = await parametersFor(kms, keyId);
  return kms.send(
    new ImportKeyMaterialCommand({
      KeyId: keyId,
      ImportToken: parameters.token,
      EncryptedKeyMaterial: wrap(material, parameters.publicKey, 'sha256'),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    }),
  );
}

/** A wrapping key and token. */
export async function parametersFor(
  kms: KMSClient,
  keyId: string,
  algorithm: AlgorithmSpec = 'RSAES_OAEP_SHA_256',
  spec: WrappingKeySpec = 'RSA_2048',
): Promise<{ token: Uint8Array; publicKey: Uint8Array }> {
  const answer = await kms.send(
    new GetParametersForImportCommand({ KeyId: keyId, WrappingAlgorithm: algorithm, WrappingKeySpec: spec }),
  );
  return { token: must(answer.ImportToken), publicKey: must(answer.PublicKey) };
}

/** RSA-OAEP under a wrapping public key in DER. */
export function wrap(material: Buffer, publicKey: Uint8Array, oaepHash: 'sha1' | 'sha256'): Buffer {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, material);
}

/** A key with fresh material in it, and that material. */
export async function enabledKey(kms: KMSClient): Promise<{ keyId: string; arn: string; material: Buffer }> {
  const keyId = await externalKey(kms);
  const material = randomBytes(32);
  const answer = await importMaterial(kms, keyId, material);
  return { keyId, arn: must(answer.KeyId), material };
}

/** The value, which the test cannot go on without. */
export function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('a value that the answer must have is missing');
  return value;
}

/** Asserts that AWS refuses a call with this code and, where given, these words. */
export async function refused(call: Promise<unknown>, name: string, message?: string): Promise<void> {
  await assert.rejects(call, message === undefined ? { name } : { name, message });
}
