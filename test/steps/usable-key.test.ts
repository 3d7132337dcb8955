import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { findImportedKey } from '../../source/steps/find-key.ts';
import { unfitForEncryption } from '../../source/steps/fit-for-encryption.ts';
import { nothingSent } from '../../source/steps/look-at-key.ts';
import { findUsableKey } from '../../source/steps/usable-key.ts';
import { must, practise } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { beginImport, problemOf } from './ceremony.ts';
import { beginEncrypt } from './encrypting.ts';

test('a key that cannot encrypt objects now is refused with the reason and the cure', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const make = async (input: Partial<CreateKeyCommandInput> = {}) => {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand(input));
    return must(KeyMetadata?.KeyId);
  };
  const disabled = await make();
  await kms.send(new DisableKeyCommand({ KeyId: disabled }));
  const leaving = await make();
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: leaving, PendingWindowInDays: 7 }));
  const waiting = await make({ Origin: 'EXTERNAL' });
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    [disabled, /^It is Disabled\.$/, /To enable it: aws kms enable-key --key-id /],
    [leaving, /^It will be deleted at .* After that nobody can read what is under it\.$/, /cancel-key-deletion/],
    [waiting, /^It waits for its first material\.$/, /keyferry import-existing arn:aws:kms:/],
    ['alias/nobody', /There is no key alias\/nobody in this account and Region/, /Name the key/],
    [
      'arn:aws:kms:eu-west-1:000000000000:key/x',
      /That key is in eu-west-1; you are connected to us-east-1/,
      /Name the key/,
    ],
    [
      'arn:aws:kms:us-east-1:111122223333:key/x',
      /Keyferry encrypts under keys of the account that it is/,
      /Name the key/,
    ],
  ];
  for (const [key, why, cure] of cases) {
    const ceremony = await beginEncrypt(t, { practice, key });
    const problem = await problemOf(ceremony.upTo());
    assert.match(problem.why ?? '', why);
    assert.match(problem.next.join('\n'), cure);
    assert.deepEqual(ceremony.changes, [], 'nothing was changed');
  }
});

test('where the key was asked for, another one can be chosen when it fits no more', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const key = must(KeyMetadata?.KeyId);
  await kms.send(new DisableKeyCommand({ KeyId: key }));
  const remediesOf = async (step: typeof findUsableKey, given: { readonly key?: string }) => {
    const ceremony = await beginEncrypt(t, { practice, ...given });
    const facts = await ceremony.upTo('connect');
    const { services } = ceremony;
    const { signal } = new AbortController();
    const attempt = () => Promise.reject(new Error('Nothing is tried here.'));
    const told = { report: () => {}, pause: async () => {}, attempt, signal };
    const { remedies } = await problemOf(step.act({ facts, answers: { key }, services, ...told }));
    return remedies?.map(({ label }) => label);
  };
  for (const step of [findUsableKey, findImportedKey]) {
    assert.deepEqual(await remediesOf(step, {}), ['Choose another key']);
    assert.equal(await remediesOf(step, { key }), undefined);
  }
});

test('a key whose material is gone is refused with the command that brings it back', async (t) => {
  const first = await beginImport(t);
  const recorded = await first.upTo();
  const { practice } = first;
  await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: recorded.key?.keyId }));
  const ceremony = await beginEncrypt(t, { practice, path: first.services.folder.path, recorded });
  const { code, why, next } = await problemOf(ceremony.upTo());
  assert.equal(code, 'PendingImport');
  assert.match(why ?? '', /KMS does not hold its material any more/);
  assert.match(next.join('\n'), /Bring the same 32 bytes back: keyferry reimport --workdir /);
});

test('a key of another kind, one of AWS, and one whose key store is away are refused, whatever their origin', async (t) => {
  const { services } = await makeServices(t);
  const problemWith = (metadata: object) =>
    unfitForEncryption(
      { KeyId: 'k', KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', KeyState: 'Enabled', ...metadata },
      services,
      {},
    );
  const whyOf = (metadata: object) => problemWith(metadata)?.why;
  for (const Origin of ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])
    assert.equal(whyOf({ Origin }), undefined);
  assert.match(whyOf({ KeySpec: 'RSA_2048' }) ?? '', /a key of the kind RSA_2048 for ENCRYPT_DECRYPT/);
  assert.match(
    whyOf({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }) ?? '',
    /HMAC_256 for GENERATE_VERIFY_MAC/,
  );
  assert.match(whyOf({ KeyManager: 'AWS' }) ?? '', /which AWS manages for one service/);
  assert.match(whyOf({ KeyState: 'Unavailable', Origin: 'AWS_CLOUDHSM' }) ?? '', /its key store is not connected/);
  assert.match(whyOf({ KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'SIGN_VERIFY' }) ?? '', /for SIGN_VERIFY; S3 encrypts/);
  assert.match(whyOf({ KeyState: 'Unavailable', Origin: 'EXTERNAL_KEY_STORE' }) ?? '', /store is not connected/);
  assert.match(whyOf({ KeyState: 'Creating' }) ?? '', /^It is Creating now\.$/);
  const leaving = 'It will be deleted. After that nobody can read what is under it.';
  for (const [KeyState, DeletionDate, why] of [
    ['PendingDeletion', undefined, leaving],
    ['PendingReplicaDeletion', undefined, leaving],
    ['PendingDeletion', new Date('2027-03-01T11:59:00Z'), leaving.replace('.', ' at 2027-03-01 11:59 UTC.')],
  ] as const) {
    const problem = problemWith({ KeyState, DeletionDate });
    assert.equal(problem?.why, why);
    assert.match(
      problem.next.join('\n'),
      /^To keep it: .*cancel-key-deletion.*\nThen enable it: .*\nThen start again\.$/,
    );
  }
  for (const [metadata, kind, code] of [
    [{ KeyManager: 'AWS' }, 'fixable', undefined],
    [{ KeySpec: 'RSA_2048' }, 'fixable', undefined],
    [{ KeyState: 'Disabled' }, 'fixable', 'Disabled'],
    [{ KeyState: 'PendingDeletion' }, 'fixable', 'PendingDeletion'],
    [{ KeyState: 'PendingImport' }, 'fixable', 'PendingImport'],
    [{ KeyState: 'Creating' }, 'waiting', 'Creating'],
  ] as const) {
    const problem = problemWith(metadata);
    assert.deepEqual(
      [problem?.kind, problem?.what, problem?.state, problem?.code],
      [kind, "Can't encrypt under k.", nothingSent, code],
    );
  }
});
