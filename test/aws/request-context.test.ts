import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { createExternalKey } from '../../source/aws/kms.ts';
import { contextEntries, entriesOfLaterChoices } from '../../source/aws/request-context.ts';
import { notingKms } from './answering-clients.ts';

const known = (entries: ReturnType<typeof contextEntries>) =>
  Object.fromEntries(
    entries.map((each) => [each.ContextKeyName, `${each.ContextKeyType} ${each.ContextKeyValues?.join()}`]),
  );

const place = { region: 'eu-west-1', accountId: '111122223333' };

test('IAM is told all that is known of the requests to come, so that policies with conditions are judged as they will be', () => {
  const always = {
    'kms:KeyOrigin': 'string EXTERNAL',
    'kms:KeySpec': 'string SYMMETRIC_DEFAULT',
    'kms:KeyUsage': 'string ENCRYPT_DECRYPT',
    'kms:CallerAccount': 'string 111122223333',
    'kms:BypassPolicyLockoutSafetyCheck': 'boolean false',
    'aws:RequestedRegion': 'string eu-west-1',
    'aws:SecureTransport': 'boolean true',
    's3:x-amz-server-side-encryption': 'string aws:kms',
  };
  const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/1';
  // A key that exists already may not have these tags.
  assert.deepEqual(known(contextEntries({ ...place, keyArn })), {
    ...always,
    'kms:MultiRegion': 'boolean false',
    'aws:TagKeys': 'stringList keyferry:ceremony',
  });
  assert.deepEqual(known(contextEntries({ ...place, multiRegion: true, tags: [{ key: 'team', value: 'a' }] })), {
    ...always,
    'kms:MultiRegion': 'boolean true',
    'kms:MultiRegionKeyType': 'string PRIMARY',
    'aws:TagKeys': 'stringList keyferry:ceremony,team',
    'aws:RequestTag/keyferry:ceremony': 'string a ceremony',
    'aws:RequestTag/team': 'string a',
    'aws:ResourceTag/keyferry:ceremony': 'string a ceremony',
    'aws:ResourceTag/team': 'string a',
  });
  assert.deepEqual(known(entriesOfLaterChoices), {
    'kms:WrappingAlgorithm': 'string RSAES_OAEP_SHA_256',
    'kms:WrappingKeySpec': 'string RSA_4096',
    'kms:ExpirationModel': 'string KEY_MATERIAL_DOES_NOT_EXPIRE',
  });
});

test('what IAM is told of a new key is what the request for the key says', async () => {
  const { kms, sent } = notingKms({ KeyMetadata: { KeyId: 'k' } });
  const tags = [{ key: 'team', value: 'a' }];
  for (const multiRegion of [false, true]) {
    await createExternalKey(kms, { policy: '{}', description: '', ceremonyId: 'a ceremony', tags, multiRegion });
    const {
      Origin,
      KeySpec,
      KeyUsage,
      MultiRegion,
      Tags = [],
      ...more
    } = (sent.at(-1) ?? {}) as Partial<CreateKeyCommandInput>;
    assert.partialDeepStrictEqual(known(contextEntries({ ...place, tags, multiRegion })), {
      'kms:KeyOrigin': `string ${Origin}`,
      'kms:KeySpec': `string ${KeySpec}`,
      'kms:KeyUsage': `string ${KeyUsage}`,
      'kms:BypassPolicyLockoutSafetyCheck': `boolean ${more.BypassPolicyLockoutSafetyCheck ?? false}`,
      'kms:MultiRegion': `boolean ${MultiRegion}`,
      'aws:TagKeys': `stringList ${Tags.map(({ TagKey }) => TagKey).join()}`,
      ...Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [`aws:RequestTag/${TagKey}`, `string ${TagValue}`])),
    });
  }
});
