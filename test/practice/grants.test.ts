import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refused } from './practising.ts';
import { type Input, userArn, withKms, withLockedKey } from './with-kms.ts';

test('grants are listed as they were made, all of them or those that were asked for, and revoked one by one', async (t) => {
  const { kms, key } = await withKms(t);
  const KeyId = await key();
  const first = { GranteePrincipal: userArn('chen'), Operations: ['Decrypt', 'Encrypt'], Name: 'first' };
  const { GrantId, GrantToken } = await kms('CreateGrant', { KeyId, ...first, RetiringPrincipal: userArn('bob') });
  assert.ok(GrantToken);
  const second = await kms('CreateGrant', { KeyId, GranteePrincipal: userArn('bob'), Operations: ['Decrypt'] });
  const list = async (more: Input = {}) => (await kms('ListGrants', { KeyId, ...more })).Grants;
  const idsOf = (grants: readonly Input[]) => grants.map((grant) => grant.GrantId);
  const both = [GrantId, second.GrantId].sort();
  assert.deepEqual(idsOf(await list()), both);
  const [{ CreationDate, ...entry }, ...others] = await list({ GrantId });
  assert.deepEqual([CreationDate instanceof Date, others], [true, []]);
  const IssuingAccount = 'arn:aws:iam::000000000000:root';
  assert.deepEqual(entry, { KeyId, GrantId, ...first, RetiringPrincipal: userArn('bob'), IssuingAccount });
  assert.deepEqual(idsOf(await list({ GranteePrincipal: userArn('bob') })), [second.GrantId]);
  const page = await kms('ListGrants', { KeyId, Limit: 1 });
  assert.deepEqual([idsOf(page.Grants), page.Truncated], [both.slice(0, 1), true]);
  assert.deepEqual(idsOf(await list({ Marker: page.NextMarker })), both.slice(1));

  await refused(kms('RevokeGrant', { KeyId, GrantId, DryRun: true }), 'DryRunOperationException');
  await kms('RevokeGrant', { KeyId, GrantId });
  assert.deepEqual(idsOf(await list()), [second.GrantId]);
  for (const name of ['RevokeGrant', 'RetireGrant'])
    await refused(kms(name, { KeyId, GrantId }), 'NotFoundException', `Grant ID ${GrantId} not found`);
  const byToken = { KeyId, GrantToken: second.GrantToken };
  await refused(kms('RetireGrant', byToken), 'InvalidGrantTokenException');
});

test('grants of a key and of a principal come sorted, each with its date, and with an empty name if it has none', async (t) => {
  const { kms, key, clock } = await withKms(t);
  const byBob = { RetiringPrincipal: userArn('bob'), GranteePrincipal: userArn('chen'), Operations: ['Decrypt'] };
  const [KeyId, other] = [await key(), await key()];
  const ids: string[] = [];
  for (const id of [KeyId, KeyId, KeyId, KeyId, KeyId, other])
    ids.push((await kms('CreateGrant', { KeyId: id, ...byBob })).GrantId);
  const service = { GranteeServicePrincipal: 'ec2.amazonaws.com', Operations: ['Decrypt'] };
  const { GrantId } = await kms('CreateGrant', { KeyId, ...service });
  const idsOf = (grants: readonly Input[]) => grants.map((grant) => grant.GrantId);
  const { Grants } = await kms('ListGrants', { KeyId });
  assert.deepEqual(idsOf(Grants), [...ids.slice(0, -1), GrantId].sort());
  for (const { CreationDate, Name } of Grants) assert.deepEqual([CreationDate, Name], [clock.now, '']);
  const ofService = await kms('ListGrants', { KeyId, GranteeServicePrincipal: service.GranteeServicePrincipal });
  assert.deepEqual(idsOf(ofService.Grants), [GrantId]);
  const retirable = await kms('ListRetirableGrants', { RetiringPrincipal: userArn('bob') });
  assert.deepEqual(idsOf(retirable.Grants), ids.toSorted());
});

test('a token retires the grant of its own key, and a key without grants has none to revoke or retire', async (t) => {
  const { kms, key } = await withKms(t);
  const made: Array<readonly [KeyId: string, token: string]> = [];
  for (const KeyId of [await key(), await key()])
    made.push([
      KeyId,
      (await kms('CreateGrant', { KeyId, GranteePrincipal: userArn('bob'), Operations: ['Decrypt'] })).GrantToken,
    ]);
  for (const [KeyId, GrantToken] of made) {
    await kms('RetireGrant', { GrantToken });
    assert.deepEqual((await kms('ListGrants', { KeyId })).Grants, []);
  }
  const KeyId = await key();
  for (const name of ['RevokeGrant', 'RetireGrant'])
    await refused(kms(name, { KeyId, GrantId: 'a' }), 'NotFoundException', 'Grant ID a not found');
  await refused(kms('RetireGrant'), 'InvalidGrantTokenException');
});

test('a grant names known operations, and one principal or service for each of its parts', async (t) => {
  const { kms, key } = await withKms(t);
  const KeyId = await key();
  const create = (more: Input) =>
    kms('CreateGrant', { KeyId, GranteePrincipal: userArn('chen'), Operations: ['Decrypt'], ...more });
  for (const Operations of [[], ['Decrypt', 'ScheduleKeyDeletion']])
    await assert.rejects(create({ Operations }), {
      name: 'ValidationException',
      message: /^1 validation error detected: Value '\[.*\]' at 'operations' failed to satisfy constraint: /,
    });
  const twice = { RetiringPrincipal: userArn('bob'), RetiringServicePrincipal: 'ec2.amazonaws.com' };
  const words = 'You must specify either RetiringPrincipal or RetiringServicePrincipal, but not both.';
  await refused(create(twice), 'ValidationException', words);
  await refused(create({ DryRun: true }), 'DryRunOperationException');
  assert.deepEqual((await kms('ListGrants', { KeyId })).Grants, []);
});

test('constraints bind every use with an encryption context, and no other operation', async (t) => {
  const { kms, KeyId, chen } = await withLockedKey(t);
  const Operations = ['Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'DescribeKey'];
  const Constraints = { EncryptionContextSubset: { a: 'b' } };
  const grantee = { KeyId, GranteePrincipal: userArn('chen') };
  await kms('CreateGrant', { ...grantee, Operations: [...Operations, 'ReEncryptFrom', 'ReEncryptTo'], Constraints });
  await kms('DescribeKey', { KeyId }, chen);
  const right = { EncryptionContext: { a: 'b' } };
  const { CiphertextBlob } = await kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
  const underContext = (await kms('Encrypt', { KeyId, Plaintext: Buffer.of(1), ...right })).CiphertextBlob;
  await refused(kms('Decrypt', { CiphertextBlob }, chen), 'AccessDeniedException');
  await kms('Decrypt', { CiphertextBlob: underContext, ...right }, chen);
  for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']) {
    await refused(kms(name, { KeyId, KeySpec: 'AES_256' }, chen), 'AccessDeniedException');
    await kms(name, { KeyId, KeySpec: 'AES_256', ...right }, chen);
  }
  const move = (given: Input) => kms('ReEncrypt', { DestinationKeyId: KeyId, ...given }, chen);
  const fromRight = { CiphertextBlob: underContext, SourceEncryptionContext: { a: 'b' } };
  const toRight = { DestinationEncryptionContext: { a: 'b' } };
  await move({ ...fromRight, ...toRight });
  await refused(move(fromRight), 'AccessDeniedException');
  await refused(move({ CiphertextBlob, ...toRight }), 'AccessDeniedException');
});

test('a grant can be for one session of a role alone', async (t) => {
  const { kms, KeyId, kmsClient, server } = await withLockedKey(t);
  const auditor = kmsClient('us-east-1', server.credentialsOf('Auditor'));
  const session = (name: string) => `arn:aws:sts::000000000000:assumed-role/Auditor/${name}`;
  const grant = (GranteePrincipal: string) =>
    kms('CreateGrant', { KeyId, GranteePrincipal, Operations: ['DescribeKey'] });
  await grant(session('another'));
  await refused(kms('DescribeKey', { KeyId }, auditor), 'AccessDeniedException');
  await grant(session('practice'));
  await kms('DescribeKey', { KeyId }, auditor);
});
