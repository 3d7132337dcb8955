import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Call, World } from '../exchange.ts';
import { partitionOf } from '../partition.ts';
import { unverifiedText } from '../unverified.ts';
import { authorize, type KeyRequest } from './authority.ts';
import { arnOf, type KeyRecord, withoutBytes } from './key-record.ts';
import { bringUpToDate } from './key-time.ts';

/** What is needed to read and write keys: the store, the clock, and the called Region. */
export type KeyAccess = Pick<World, 'store' | 'now'> & { readonly region: string };

/** What is needed to find a key for a caller: access to the keys, the caller, and the action that the caller wants. */
export type KeySearch = KeyAccess & KeyRequest;

type Row = { readonly doc: string };

/** Matches the id of a key: a UUID, or that of a multi-Region key. */
const keyIdForm = /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})$/;
/** Matches the ARN of a key or an alias. Its groups: Region, account, `key` or `alias`, and the id or name. */
const arnForm = /^arn:[\w-]+:kms:([\w-]*):(\d*):(key|alias)\/(.+)$/;

/** Writes a new or changed key. Also stores for each of its materials that it belongs to this key. */
export function saveKey({ store }: Pick<KeyAccess, 'store'>, key: KeyRecord): void {
  store.run('INSERT OR REPLACE INTO kms_key VALUES (?, ?, ?)', key.region, key.keyId, JSON.stringify(key));
  for (const { id } of key.materials)
    store.run('INSERT OR REPLACE INTO kms_material_owner VALUES (?, ?, ?)', key.region, id, key.keyId);
}

/** Loads a key of the Region, up to date: see {@link loadFamily}. Gives `undefined` when the key does not exist. */
export function loadKey(access: KeyAccess, keyId: string): KeyRecord | undefined {
  return loadFamily(access, keyId).find((key) => key.region === access.region);
}

/**
 * Loads the records of a key: one record, or for a multi-Region key those of all Regions. First brings these records up to
 * date and saves the changes: see {@link bringUpToDate}. A key whose time for deletion has come is deleted.
 */
export function loadFamily(access: KeyAccess, keyId: string): readonly KeyRecord[] {
  const now = access.now().getTime();
  const readRecords = () => {
    // Only the id of a multi-Region key begins with `mrk-`.
    const rows = keyId.startsWith('mrk-')
      ? access.store.all<Row>('SELECT doc FROM kms_key WHERE key_id = ? ORDER BY region', keyId)
      : access.store.all<Row>('SELECT doc FROM kms_key WHERE region = ? AND key_id = ?', access.region, keyId);
    return rows.map(({ doc }) => JSON.parse(doc) as KeyRecord);
  };
  const stored = readRecords();
  // The same list object means that nothing has changed.
  if (bringUpToDate(stored, now) === stored) return stored;
  return access.store.change(() => {
    // Read again within the transaction: another process may have imported the expired bytes again.
    const before = readRecords();
    const after = bringUpToDate(before, now);
    for (const key of after) saveKey(access, key);
    for (const deleted of before.filter((key) => !after.some(({ region }) => region === key.region)))
      forgetKey(access, deleted);
    return after;
  });
}

/** Gives every key of the Region, in the order of ListKeys. */
export function allKeys(access: KeyAccess): KeyRecord[] {
  return access.store
    .all<{ key_id: string }>('SELECT key_id FROM kms_key WHERE region = ? ORDER BY key_id', access.region)
    .flatMap(({ key_id }) => loadKey(access, key_id) ?? []);
}

/**
 * Finds the key that a request names, and checks that the caller may use it.
 * @param keyName the KeyId of the request: a key id, a key ARN or, with `with aliases`, an alias name or alias ARN.
 * @throws NotFoundException, InvalidArnException or AccessDeniedException, with recorded texts.
 */
export function findKey(access: KeySearch, keyName: string, aliases: 'with aliases' | 'without aliases'): KeyRecord {
  const key = findPermittedKey(access, keyName, aliases);
  // The control file can say that new material shows late. unverified: import-seen-late
  const age = access.now().getTime() - (key.lastImport ?? 0);
  return key.lastImport !== undefined && access.control.isStillWithoutMaterial(arnOf(key), age, access.requestId)
    ? { ...key, materials: key.materials.map(withoutBytes) }
    : key;
}

/** Finds a key as {@link findKey} does, but always with the material that was just imported. */
function findPermittedKey(access: KeySearch, keyName: string, aliases: 'with aliases' | 'without aliases'): KeyRecord {
  const key = findNamedKey(access, keyName, aliases);
  // The control file can say that a new key shows late.
  if (access.control.isStillHidden(arnOf(key), access.now().getTime() - key.created, access.requestId))
    throw noSuchKey(arnOf(key));
  authorize(access, key);
  return key;
}

/**
 * Reads, changes and writes a key in one transaction. Gives the changed key.
 * @throws as {@link findKey} does.
 */
export function changeKey(
  call: Call & Pick<KeyRequest, 'conditions' | 'isGrantedBy'>,
  keyId: string,
  change: (key: KeyRecord) => KeyRecord,
): KeyRecord {
  return call.store.change(() => {
    const changed = change(findPermittedKey(call, keyId, 'without aliases'));
    saveKey(call, changed);
    return changed;
  });
}

/**
 * Changes a key in all its Regions in one transaction. Gives the record of the called Region: the changed one, or the one as it
 * was when `change` gave none for this Region.
 * @param change gets the record of the called Region, and the records of all Regions, also of the called one. Gives the
 * records to write.
 * @throws as {@link findKey} does.
 */
export function changeFamily(
  call: Call & Pick<KeyRequest, 'conditions' | 'isGrantedBy'>,
  keyId: string,
  change: (key: KeyRecord, family: readonly KeyRecord[]) => readonly KeyRecord[],
): KeyRecord {
  return call.store.change(() => {
    const key = findPermittedKey(call, keyId, 'without aliases');
    const changed = change(key, loadFamily(call, key.keyId));
    for (const record of changed) saveKey(call, record);
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

/**
 * Finds the key that a KeyId names. Checks no permission.
 * @throws InvalidArnException for an alias when `aliases` forbids one; NotFoundException when the Region has no such key;
 * AccessDeniedException for a key of another account.
 */
function findNamedKey(access: KeySearch, keyName: string, aliases: 'with aliases' | 'without aliases'): KeyRecord {
  const [, region, account, kind, resource] = arnForm.exec(keyName) ?? [];
  const plainName = keyName.startsWith('alias/') ? keyName : undefined;
  const aliasName = kind === 'alias' ? `alias/${resource}` : plainName;
  // unverified: alias-in-import
  if (aliasName !== undefined && aliases === 'without aliases')
    throw new AwsError('InvalidArnException', 'Key Aliases are not supported for this operation.');
  if (region !== undefined && region !== access.region)
    throw new AwsError('NotFoundException', `Invalid arn ${region}`);
  const keyId = kind === 'key' ? (resource ?? '') : keyName;
  if (aliasName === undefined && !keyIdForm.test(keyId))
    throw new AwsError('NotFoundException', `Invalid keyId '${keyName}'`);
  if (account !== undefined && account !== accountId) {
    throw new AwsError(
      'AccessDeniedException',
      unverifiedText('foreign-key', { user: access.identity.arn, action: access.action }),
    );
  }
  if (aliasName !== undefined) return keyOfAlias(access, aliasName);
  const key = loadKey(access, keyId);
  if (!key) throw noSuchKey(kind === 'key' ? keyName : arnOf({ region: access.region, keyId }));
  return key;
}

/**
 * Deletes a key and its aliases. The list of its materials stays in the store, because KMS has one answer for a ciphertext of
 * a deleted key, and another answer for a ciphertext that no key made.
 */
function forgetKey({ store }: KeyAccess, { region, keyId }: KeyRecord): void {
  store.run('DELETE FROM kms_key WHERE region = ? AND key_id = ?', region, keyId);
  store.run('DELETE FROM kms_alias WHERE region = ? AND key_id = ?', region, keyId);
}

/**
 * Gives the key to which an alias points.
 * @throws NotFoundException when the alias or its key does not exist.
 */
function keyOfAlias(access: KeyAccess, name: string): KeyRecord {
  const row = access.store.first<{ key_id: string }>(
    'SELECT key_id FROM kms_alias WHERE region = ? AND name = ?',
    access.region,
    name,
  );
  const key = row && loadKey(access, row.key_id);
  if (!key)
    throw new AwsError('NotFoundException', unverifiedText('alias-missing', { arn: aliasArn(access.region, name) }));
  return key;
}
