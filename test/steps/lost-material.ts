import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import {
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import type { Answers } from '../../source/ceremony/question.ts';
import { newFolder } from '../new-folder.ts';
import { importMaterial } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo, sealedUnder } from '../secrets/sealed.ts';
import { beginImport, type RunningCeremony } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());

export { recipient };

/** What opens the backups that are made here. */
export const opened = { identity: identityFile };

/** A finished first import whose only copy is its backup. */
export async function finished(t: TestContext, expiry: Answers = {}, backup: Answers = toRecipient) {
  const answers = { 'secret-key': { keep: 'memory' }, backup, import: expiry };
  const ceremony = await beginImport(t, { answers });
  await ceremony.upTo();
  return ceremony;
}

const toRecipient: Answers = { how: 'recipients', recipients: [recipient], identity: identityFile };

export const kmsOf = ({ practice }: RunningCeremony) => practice.kms();
export const keyOf = ({ facts }: RunningCeremony) => ({ KeyId: facts.key?.keyId });

export const loseMaterial = (ceremony: RunningCeremony, KeyMaterialId?: string) =>
  kmsOf(ceremony).send(new DeleteImportedKeyMaterialCommand({ ...keyOf(ceremony), KeyMaterialId }));

export async function stateOf(ceremony: RunningCeremony): Promise<string | undefined> {
  return (await kmsOf(ceremony).send(new DescribeKeyCommand(keyOf(ceremony)))).KeyMetadata?.KeyState;
}

export async function materialsOf(ceremony: RunningCeremony) {
  const input = { ...keyOf(ceremony), IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } as const;
  return (await kmsOf(ceremony).send(new ListKeyRotationsCommand(input))).Rotations ?? [];
}

/** Rotates the key into new material. @returns the path of its only copy, a backup to a recipient or under a passphrase. */
export async function rotated(ceremony: RunningCeremony, lock: string | { readonly passphrase: string }) {
  const bytes = randomBytes(32);
  const path = join(newFolder(), 'rotated.key.age');
  if (typeof lock === 'string') await sealedTo(lock, bytes, path);
  else await sealedUnder(lock.passphrase, bytes, path);
  await importMaterial(kmsOf(ceremony), keyOf(ceremony).KeyId ?? '', bytes, { ImportType: 'NEW_KEY_MATERIAL' });
  await kmsOf(ceremony).send(new RotateKeyOnDemandCommand(keyOf(ceremony)));
  ceremony.practice.clock.now = new Date(ceremony.practice.clock.now.getTime() + 3_600_000);
  await stateOf(ceremony);
  return path;
}
