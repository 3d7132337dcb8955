import type { Call } from '../exchange.ts';
import { makeAndSaveKey } from '../kms/create-key.ts';
import { defaultPolicy } from '../kms/key-policy.ts';

const name = 'alias/aws/s3';

/** Gives the alias of the AWS managed key for S3 in the Region. Makes the key and the alias when the Region does not have them. */
export function findOrMakeManagedKey(call: Call): string {
  const { store, region } = call;
  store.change(() => {
    if (!store.first('SELECT name FROM kms_alias WHERE region = ? AND name = ?', region, name)) {
      const key = makeAndSaveKey(call, {
        description: 'Default key that protects my S3 objects when no other key is defined',
        keySpec: 'SYMMETRIC_DEFAULT',
        keyUsage: 'ENCRYPT_DECRYPT',
        origin: 'AWS_KMS',
        manager: 'AWS',
        policy: defaultPolicy(region),
        tags: [],
        isMultiRegion: false,
      });
      store.run('INSERT INTO kms_alias VALUES (?, ?, ?, ?, ?)', region, name, key.keyId, key.created, key.created);
    }
  });
  return name;
}
