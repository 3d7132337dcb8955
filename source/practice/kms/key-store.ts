import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Call, World } from '../exchange.ts';
import { partitionOf } from '../partition.ts';
import { unverifiedText } from '../unverified.ts';
import { authorize, type KeyRequest } from './authority.ts';
import { arnOf, type KeyRecord, withoutBytes } from './key-record.ts';
import { bringUpToDate } from './key-time.ts';

/** What is needed to read and write keys: the store, the clock, and the called Region. */
export type KeyPlace = Pick<World, 'store' | 'now'> & { readonly region: string };

/** What is needed to find a key for a caller: the place, the caller, and the action that the caller wants. */
export type KeySearch = KeyPlace & KeyRequest;

type Row = { readonly doc: string };

/** Matches the id of a key: a UUID, or that of a multi-Region key. */
const keyIdForm = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
/** Matches the ARN of a key or an alias. Its groups: Region, account, `key` or `alias`, and the id or name. */
const arnForm = /^arn:[\w-]+:kms:([\w-]*):(\d*):(key|alias)\/(.+)$/;

/** Writes a new or changed key. Stores also which key each material belongs to. */
export function saveKey({ store }: Pick<KeyPlace, 'store'>, key: KeyRecord): void {
  store.run('INSERT OR REPLACE INTO kms_key VALUES (?, ?, ?)', key.region, key.keyId, JSON.stringify(key));
  for (const { id } of key.materials)
    store.run('INSERT OR REPLACE INTO kms_material_owner VALUES (?, ?, ?)', key.region, id, key.keyId);
}

/** Loads a key of the Region, up to date: see {@link loadFamily}. Gives `undefined` when the key does not exist. */
export function loadKey(place: KeyPlace, keyId: string): KeyRecord | undefined {
  return loadFamily(place, keyId).find((key) => key.region === place.region);
}

/**
 * Loads the records of a key: one record, or for a multi-Region key those of all Regions. First brings these records up to
 * date and saves the changes: removes expired bytes, deletes keys whose time has come, and ends rotations.
 */
export function loadFamily(place: KeyPlace, keyId: string): readonly KeyRecord[] {
  const now = place.now().getTime();
  const read = () => {
    const rows = keyId.startsWith('mrk-')
      ? place.store.all<Row>('SELECT doc FROM kms_key WHERE key_id = ? ORDER BY region', keyId)
      : place.store.all<Row>('SELECT doc FROM kms_key WHERE region = ? AND key_id = ?', place.region, keyId);
    return rows.map(({ doc }) => JSON.parse(doc) as KeyRecord);
  };
  const stored = read();
  if (bringUpToDate(stored, now) === stored) return stored;
  return place.store.change(() => {
    // Read again within the transaction: another process may have imported the expired bytes again.
    const before = read();
    const after = bringUpToDate(before, now);
    for (const key of after) saveKey(place, key);
    for (const deleted of before.filter((key) => !after.some(({ region }) => region === key.region)))
      forgetKey(place, deleted);
    return after;
  });
}

/** Gives every key of the Region, in the order of ListKeys. */
export function allKeys(place: KeyPlace): KeyRecord[] {
  return place.store
    .all<{ key_id: string }>('SELECT key_id FROM kms_key WHERE region = ? ORDER BY key_id', place.region)
    .flatMap(({ key_id }) => loadKey(place, key_id) ?? []);
}

/**
 * Finds the key that a request names, and checks that the caller may use it.
 * @param given the KeyId of the request: a key id, a key ARN or, with `with aliases`, an alias name or alias ARN.
 * @throws NotFoundException, InvalidArnException or AccessDeniedException, with recorded texts.
 */
export function findKey(place: KeySearch, given: string, aliases: 'with aliases' | 'without aliases'): KeyRecord {
  const key = findPermittedKey(place, given, aliases);
  // The control file can say that new material shows late. unverified: import-seen-late
  const age = place.now().getTime() - (key.lastImport ?? 0);
  return key.lastImport !== undefined && place.control.isStillWithoutMaterial(arnOf(key), age, place.requestId)
    ? { ...key, materials: key.materials.map(withoutBytes) }
    : key;
}

/** Finds a key as {@link findKey} does, but always with the material that was just imported. */
function findPermittedKey(place: KeySearch, given: string, aliases: 'with aliases' | 'without aliases'): KeyRecord {
  const key = findNamedKey(place, given, aliases);
  if (place.control.isStillHidden(arnOf(key), place.now().getTime() - key.created, place.requestId))
    throw noSuchKey(arnOf(key));
  authorize(place, key);
  return key;
}

/**
 * Reads, changes and writes a key in one transaction. Gives the changed key.
 * @throws as {@link findKey} does.
 */
export function changeKey(call: Call, keyId: string, change: (key: KeyRecord) => KeyRecord): KeyRecord {
  return call.store.change(() => {
    const changed = change(findPermittedKey(call, keyId, 'without aliases'));
    saveKey(call, changed);
    return changed;
  });
}

/**
 * Changes a key in all its Regions in one transaction, and gives the changed record of the called Region.
 * @param change gets the record of the called Region, and the records of all Regions, also of the called one. Gives the
 * records to write.
 */
export function changeFamily(
  call: Call & Pick<KeyRequest, 'conditions'>,
  keyId: string,
  change: (key: KeyRecord, family: readonly KeyRecord[]) => readonly KeyRecord[],
): KeyRecord {
  return call.store.change(() => {
    const key = findPermittedKey(call, keyId, 'without aliases');
    const changed = change(key, loadFamily(call, key.keyId));
    for (const one of changed) saveKey(call, one);
    return changed.find(({ region }) => region === key.region) ?? key;
  });
}

/** Gives the ARN of an alias. */
export function aliasArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${accountId}:${name}`;
}

/** Makes the error for a key that does not exist. */
function noSuchKey(arn: string): AwsError {
  return new AwsError('NotFoundException', `Key '${arn}' does not exist`);
}

/** Finds the key that a KeyId names. Checks no permission. */
function findNamedKey(place: KeySearch, given: string, aliases: 'with aliases' | 'without aliases'): KeyRecord {
  const [, region, account, kind, resource] = arnForm.exec(given) ?? [];
  const plainName = given.startsWith('alias/') ? given : undefined;
  const aliasName = kind === 'alias' ? `alias/${resource}` : plainName;
  // unverified: alias-in-import
  if (aliasName !== undefined && aliases === 'without aliases')
    throw new AwsError('InvalidArnException', 'Key Aliases are not supported for this operation.');
  if (region !== undefined && region !== place.region) throw new AwsError('NotFoundException', `Invalid arn ${region}`);
  if (aliasName !== undefined) return keyOfAlias(place, aliasName);
  const keyId = kind === 'key' ? (resource ?? '') : given;
  if (!keyIdForm.test(keyId)) throw new AwsError('NotFoundException', `Invalid keyId '${given}'`);
  if (account !== undefined && account !== accountId) {
    throw new AwsError(
      'AccessDeniedException',
      unverifiedText('foreign-key', { user: place.identity.arn, action: place.action }),
    );
  }
  const key = loadKey(place, keyId);
  if (!key) throw noSuchKey(kind === 'key' ? given : arnOf({ region: place.region, keyId }));
  return key;
}

/**
 * Deletes a key and its aliases. The list of its materials stays in the store, because KMS has one answer for a ciphertext of
 * a deleted key, and another answer for a ciphertext that no key made.
 */
function forgetKey({ store }: KeyPlace, { region, keyId }: KeyRecord): void {
  store.run('DELETE FROM kms_key WHERE region = ? AND key_id = ?', region, keyId);
  store.run('DELETE FROM kms_alias WHERE region = ? AND key_id = ?', region, keyId);
}

/**
 * Gives the key to which an alias points.
 * @throws NotFoundException when the alias or its key does not exist.
 */
function keyOfAlias(place: KeyPlace, name: string): KeyRecord {
  const row = place.store.first<{ key_id: string }>(
    'SELECT key_id FROM kms_alias WHERE region = ? AND name = ?',
    place.region,
    name,
  );
  const key = row && loadKey(place, row.key_id);
  if (!key)
    throw new AwsError('NotFoundException', unverifiedText('alias-missing', { arn: aliasArn(place.region, name) }));
  return key;
}
