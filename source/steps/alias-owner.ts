import type { KeyMetadata } from '@aws-sdk/client-kms';
import { findAlias } from '../aws/aliases.ts';
import { isRefusal } from '../aws/eventual-consistency.ts';
import { describeKey as readKey } from '../aws/kms.ts';
import type { ConfirmQuestion } from '../ceremony/question.ts';
import { utc } from './dates.ts';
import type { AliasOwner } from './known-aliases.ts';
import { outcomeOf } from './past.ts';
import type { Services } from './services.ts';

// Pages: KMS API reference, UpdateAlias.

/**
 * Asks KMS which key has this alias. When the alias can be moved away from that key, remembers the key for
 * {@link moveAliasQuestions}. Asks nothing when this ceremony has begun to make or move the alias.
 * @returns why the alias cannot be used. `undefined` when it is free or can be moved, and when nobody knows: this ceremony has
 * begun with it, or KMS refused to list aliases. Then the call that makes or moves the alias tells.
 * @throws the SDK's error when KMS does not answer.
 */
export async function verifyAlias({ session, journal }: Services, alias: string): Promise<string | undefined> {
  const { knownAliases, clients } = session;
  // What KMS said before may not be true any more.
  knownAliases.note(alias, undefined);
  const hasBegun = ['create-alias', 'move-alias'].some((attempt) =>
    ['unknown', 'done'].includes(outcomeOf({ journal }, 'policy', attempt) ?? ''),
  );
  if (hasBegun) return undefined;
  try {
    const found = await findAlias(clients.kms, alias);
    if (found === undefined) return undefined;
    // AWS reserves some aliases for keys of its own. Such an alias points to no key.
    if (found.keyId === undefined) return `${alias} is reserved in ${clients.region}. Choose another.`;
    const owner = { keyId: found.keyId, ...(await aboutKey(clients.kms, found.keyId)) };
    if (owner.immovable !== undefined)
      return `${alias} is taken in ${clients.region}: it points to key ${owner.keyId}. ${owner.immovable} Choose another.`;
    knownAliases.note(alias, owner);
    return undefined;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/**
 * Describes the key that has the alias. Adds `immovable` when KMS would not move the alias away from that key. When KMS refuses to
 * show the key, says only that.
 */
async function aboutKey(
  kms: Services['session']['clients']['kms'],
  keyId: string,
): Promise<Pick<AliasOwner, 'about' | 'immovable'>> {
  try {
    const metadata = await readKey(kms, keyId);
    const { Origin, Description, KeyUsage, KeySpec } = metadata;
    // The sentence has room for the beginning of a description.
    const description = Description ? `, "${Description.slice(0, 60)}"` : '';
    const isSameKind = KeyUsage === 'ENCRYPT_DECRYPT' && KeySpec === 'SYMMETRIC_DEFAULT';
    return {
      about: `${stateWords(metadata)}, origin ${Origin}${description}`,
      // KMS API reference, UpdateAlias.
      ...(isSameKind ? {} : { immovable: `KMS does not move it from a key of another kind (${KeySpec}).` }),
    };
  } catch (error) {
    if (isRefusal(error)) return { about: 'which you may not look at' };
    throw error;
  }
}

/** Says in which state a key is. A key that waits for its deletion keeps its aliases until it is deleted. */
function stateWords(metadata: KeyMetadata): string {
  const { KeyState = '', DeletionDate } = metadata;
  if (KeyState === 'PendingDeletion' && DeletionDate !== undefined) return `to be deleted on ${utc(DeletionDate)}`;
  return KeyState === 'PendingImport' ? 'PendingImport, perhaps from an earlier try' : KeyState;
}

/** Asks for consent to move the alias from the key that {@link verifyAlias} has remembered. Asks nothing when there is none. */
export function moveAliasQuestions({ session }: Services, alias: string): readonly ConfirmQuestion[] {
  const owner = session.knownAliases.ownerOf(alias);
  if (owner === undefined) return [];
  return [
    {
      kind: 'confirm',
      id: 'move-alias',
      asked: 'always',
      ask: `Move ${alias} from that key to the new one.`,
      label: 'Move',
      form: `true, which moves ${alias} from key ${owner.keyId} (${owner.about}) to the new key; or give another alias`,
      mustTick: true,
      help: [
        `${alias} is taken in ${session.clients.region}: it points to key ${owner.keyId} (${owner.about}).`,
        'Once the new key is made, whatever encrypts by this alias uses the new key, and fails until your key is imported.',
        'What the old key has encrypted still opens with the old key, which stays as it is. To leave the alias where it is, go back and choose another.',
      ].join('\n'),
    },
  ];
}
