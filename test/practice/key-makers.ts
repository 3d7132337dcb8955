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
const pastPassing = 10_000;

/** Makes an EXTERNAL key with material in it. */
async function importedKey(
  { kms }: Practice,
  input: Partial<CreateKeyCommandInput> = {},
  material: Buffer = randomBytes(32),
): Promise<MadeKey> {
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }));
  const keyId = must(KeyMetadata?.KeyId);
  await importMaterial(kms(), keyId, material);
  return { keyId, arn: must(KeyMetadata?.Arn), material };
}

/** Lets time pass on the clock of practice AWS: enough for states such as Creating to end, or `milliseconds`. */
export function passTime({ clock }: Pick<Practice, 'clock'>, milliseconds: number = pastPassing): void {
  clock.now = new Date(clock.now.getTime() + milliseconds);
}

/** What kind of key a state is made for, and its material. */
export type Kind = {
  readonly input: Partial<CreateKeyCommandInput>;
  readonly material: () => Buffer;
};

const symmetric: Kind = { input: {}, material: () => randomBytes(32) };

/** Brings an EXTERNAL multi-Region key in us-east-1 into a state: a primary, but for Creating, which only a replica has. */
export async function keyInState(
  practice: Practice,
  state: (typeof keyStates)[number],
  { input, material }: Kind = symmetric,
): Promise<MadeKey> {
  const here = practice.kms();
  const there = practice.kms('eu-west-1');
  const family = { ...input, MultiRegion: true };
  const made = () => importedKey(practice, family, material());
  const far = () => importedKey({ ...practice, kms: () => there }, family, material());
  switch (state) {
    case 'Enabled': {
      return made();
    }
    case 'Disabled': {
      const key = await made();
      await here.send(new DisableKeyCommand({ KeyId: key.keyId }));
      return key;
    }
    case 'PendingDeletion': {
      const key = await made();
      await here.send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
      return key;
    }
    case 'PendingReplicaDeletion': {
      const key = await made();
      await here.send(new ReplicateKeyCommand({ KeyId: key.keyId, ReplicaRegion: 'eu-west-1' }));
      passTime(practice);
      await here.send(new ScheduleKeyDeletionCommand({ KeyId: key.keyId }));
      return key;
    }
    case 'PendingImport': {
      const { KeyMetadata } = await here.send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...family }));
      return { keyId: must(KeyMetadata?.KeyId), arn: must(KeyMetadata?.Arn), material: material() };
    }
    case 'Creating': {
      const key = await far();
      await there.send(new ReplicateKeyCommand({ KeyId: key.keyId, ReplicaRegion: 'us-east-1' }));
      return { ...key, arn: key.arn.replace('eu-west-1', 'us-east-1') };
    }
    case 'Updating': {
      const key = await far();
      await there.send(new ReplicateKeyCommand({ KeyId: key.keyId, ReplicaRegion: 'us-east-1' }));
      passTime(practice);
      await importMaterial(here, key.keyId, key.material);
      await there.send(new UpdatePrimaryRegionCommand({ KeyId: key.keyId, PrimaryRegion: 'us-east-1' }));
      return { ...key, arn: key.arn.replace('eu-west-1', 'us-east-1') };
    }
  }
}

/** The columns of the table of key states. */
export const keyStates = [
  'Enabled',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Creating',
  'Updating',
] as const;
