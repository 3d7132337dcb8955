import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { needIdentityPermission } from '../identity-policy.ts';
import { unverifiedText } from '../unverified.ts';
import { authorize } from './authority.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import { needState } from './key-states.ts';
import { aliasArn, findKey, loadKey } from './key-store.ts';
import { aliasName, keyId, limit, marker } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

/** An alias as it is stored. Times are in milliseconds since 1970. */
type Row = { readonly name: string; readonly key_id: string; readonly created: number; readonly updated: number };

const maxPerKey = 50;

/** The aliases of AWS managed keys, which every account has. An alias gets its key when the service first needs the key. */
const predefinedAliases = ['alias/aws/ebs', 'alias/aws/lambda', 'alias/aws/s3', 'alias/aws/secretsmanager'];

/**
 * CreateAlias. Each operation that changes an alias needs the permission of IAM for the alias, and the permission for the key of
 * the alias. UpdateAlias needs it for the old key and for the new one.
 */
export const createAlias = operation({ on: 'key' }, { AliasName: aliasName, TargetKeyId: keyId }, (call, input) => {
  checkNameAndPermission(call, input.AliasName);
  call.store.change(() => {
    const target = findKey(call, input.TargetKeyId, 'without aliases');
    needState('CreateAlias', target);
    if (aliasRow(call, input.AliasName)) {
      const arn = aliasArn(call.region, input.AliasName);
      throw new AwsError('AlreadyExistsException', unverifiedText('alias-exists', { arn }));
    }
    needRoom(call, target);
    const now = call.now().getTime();
    call.store.run(
      'INSERT INTO kms_alias VALUES (?, ?, ?, ?, ?)',
      call.region,
      input.AliasName,
      target.keyId,
      now,
      now,
    );
  });
  return undefined;
});

export const updateAlias = operation({ on: 'key' }, { AliasName: aliasName, TargetKeyId: keyId }, (call, input) => {
  checkNameAndPermission(call, input.AliasName);
  call.store.change(() => {
    const row = needAliasRow(call, input.AliasName);
    const target = findKey(call, input.TargetKeyId, 'without aliases');
    needState('UpdateAlias', target);
    const oldTarget = loadKey(call, row.key_id);
    if (oldTarget) authorize(call, oldTarget);
    // An alias can change only to a key of the same usage, and only when both keys are symmetric or both are not.
    const kindOf = (key: KeyRecord) => `${key.keyUsage} ${key.keySpec === 'SYMMETRIC_DEFAULT'}`;
    if (oldTarget && kindOf(oldTarget) !== kindOf(target))
      throw new AwsError('ValidationException', unverifiedText('alias-other-kind'));
    call.store.run(
      'UPDATE kms_alias SET key_id = ?, updated = ? WHERE region = ? AND name = ?',
      target.keyId,
      call.now().getTime(),
      call.region,
      input.AliasName,
    );
  });
  return undefined;
});

export const deleteAlias = operation({ on: 'key' }, { AliasName: aliasName }, (call, input) => {
  checkNameAndPermission(call, input.AliasName);
  call.store.change(() => {
    const key = loadKey(call, needAliasRow(call, input.AliasName).key_id);
    if (key) authorize(call, key);
    call.store.run('DELETE FROM kms_alias WHERE region = ? AND name = ?', call.region, input.AliasName);
  });
  return undefined;
});

export const listAliases = operation(
  { on: 'account' },
  { KeyId: { ...keyId, required: false }, Limit: { ...limit, max: 100 }, Marker: marker },
  (call, input) => {
    const target = input.KeyId === undefined ? undefined : findKey(call, input.KeyId, 'without aliases');
    const rows = call.store.all<Row>('SELECT * FROM kms_alias WHERE region = ? ORDER BY name', call.region);
    const storedAliases = rows
      .filter((row) => target === undefined || row.key_id === target.keyId)
      .map((row) => ({
        AliasName: row.name,
        AliasArn: aliasArn(call.region, row.name),
        TargetKeyId: row.key_id,
        CreationDate: row.created / 1000,
        LastUpdatedDate: row.updated / 1000,
      }));
    const aliasesWithoutKey = predefinedAliases
      .filter((name) => target === undefined && !rows.some((row) => row.name === name))
      .map((name) => ({ AliasName: name, AliasArn: aliasArn(call.region, name) }));
    const sorted = [...storedAliases, ...aliasesWithoutKey].sort((a, b) => (a.AliasName < b.AliasName ? -1 : 1));
    return page('Aliases', sorted, (alias) => alias.AliasName, input, 50);
  },
);

/**
 * Checks the name of an alias, and that IAM allows the operation on this alias.
 * @throws ValidationException or InvalidAliasNameException for the name, AccessDeniedException when IAM does not allow it.
 */
function checkNameAndPermission(call: Call, name: string): void {
  if (!name.startsWith('alias/')) {
    throw new AwsError(
      'ValidationException',
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    );
  }
  if (name.startsWith('alias/aws/')) throw new AwsError('InvalidAliasNameException', unverifiedText('alias-reserved'));
  needIdentityPermission(call, call.action, aliasArn(call.region, name));
}

/** @throws LimitExceededException when the key has the largest number of aliases already. */
function needRoom({ store, region }: Call, target: KeyRecord): void {
  const count = store.all('SELECT name FROM kms_alias WHERE region = ? AND key_id = ?', region, target.keyId).length;
  if (count >= maxPerKey)
    throw new AwsError('LimitExceededException', unverifiedText('alias-limit', { arn: arnOf(target) }));
}

/** Gives the row of an alias, or `undefined` when there is no such alias. */
function aliasRow({ store, region }: Call, name: string): Row | undefined {
  return store.first<Row>('SELECT * FROM kms_alias WHERE region = ? AND name = ?', region, name);
}

/**
 * Loads the row of an alias.
 * @throws NotFoundException when there is none.
 */
function needAliasRow(call: Call, name: string): Row {
  const row = aliasRow(call, name);
  if (!row)
    throw new AwsError('NotFoundException', unverifiedText('alias-missing', { arn: aliasArn(call.region, name) }));
  return row;
}
