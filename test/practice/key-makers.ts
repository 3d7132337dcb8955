import { randomBytes } from 'node:crypto';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DisableKeyCommand,
  ReplicateKeyCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from '@aws-sdk/client-kms';
import { importMaterial, must, type Practice } from './practising.ts';

/** A key that a test made, and its bytes. */
export type MadeKey = { readonly keyId: string; readonly arn: string; readonly material: Buffer };

/** Longer than any state that passes by itself, in milliseconds. */
export const pastPassing = 10_000;

/** Makes an EXTERNAL key with material in it. */
export async function importedKey(
  { kms }: Practice,
  input: Partial<CreateKeyCommandInput> = {},
  material: Buffer = randomBytes(32),
): Promise<MadeKey> {
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }));
  const keyId = must(KeyMetadata?.KeyId);
  await importMaterial(kms(), keyId, material);
  return { keyId, arn: must(KeyMetadata?.Arn), material };
}

/** Makes a multi-Region primary in us-east-1 and a replica of it in eu-west-1, both with the material. */
export async function replicatedKey(practice: Practice): Promise<MadeKey> {
  const key = await importedKey(practice, { MultiRegion: true });
  await practice.kms().send(new ReplicateKeyCommand({ KeyId: key.keyId, ReplicaRegion: 'eu-west-1' }));
  passTime(practice);
  await importMaterial(practice.kms('eu-west-1'), key.keyId, key.material);
  return key;
}

/** Lets states such as Creating pass. */
export function passTime({ clock }: Practice, milliseconds: number = pastPassing): void {
  clock.now = new Date(clock.now.getTime() + milliseconds);
}

/** How to bring an EXTERNAL, symmetric, multi-Region primary in us-east-1 into each state of the table of key states. */
export const keyStates: Record<string, (practice: Practice) => Promise<MadeKey>> = {
  Enabled: (practice) => importedKey(practice, { MultiRegion: true }),
  async Disabled(practice) {
    const key = await importedKey(practice, { MultiRegion: true });
    await practice.kms().send(new DisableKeyCommand({ KeyId: key.keyId }));
    return key;
  },
  async PendingDeletion(practice) {
    const key = await importedKey(practice, { MultiRegion: true });
    await practice.kms().send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
    return key;
  },
  async PendingReplicaDeletion(practice) {
    const key = await replicatedKey(practice);
    await practice.kms().send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
    return key;
  },
  async PendingImport({ kms }) {
    const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL', MultiRegion: true }));
    return { keyId: must(KeyMetadata?.KeyId), arn: must(KeyMetadata?.Arn), material: randomBytes(32) };
  },
  async Creating(practice) {
    const far = await importedKey({ ...practice, kms: () => practice.kms('eu-west-1') }, { MultiRegion: true });
    await practice.kms('eu-west-1').send(new ReplicateKeyCommand({ KeyId: far.keyId, ReplicaRegion: 'us-east-1' }));
    return { ...far, arn: far.arn.replace('eu-west-1', 'us-east-1') };
  },
  async Updating(practice) {
    const far = { ...practice, kms: () => practice.kms('eu-west-1') };
    const key = await importedKey(far, { MultiRegion: true });
    await practice.kms('eu-west-1').send(new ReplicateKeyCommand({ KeyId: key.keyId, ReplicaRegion: 'us-east-1' }));
    passTime(practice);
    await importMaterial(practice.kms(), key.keyId, key.material);
    await practice
      .kms('eu-west-1')
      .send(new UpdatePrimaryRegionCommand({ KeyId: key.keyId, PrimaryRegion: 'us-east-1' }));
    return { ...key, arn: key.arn.replace('eu-west-1', 'us-east-1') };
  },
};
