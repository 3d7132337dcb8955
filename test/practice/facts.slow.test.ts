import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { accountRegionFacts } from './facts/account-regions.ts';
import { aliasFacts } from './facts/aliases.ts';
import { bucketDefaultFacts } from './facts/bucket-defaults.ts';
import { bucketPolicyFacts } from './facts/bucket-policies.ts';
import { bucketRegionFacts } from './facts/bucket-regions.ts';
import { ciphertextFacts } from './facts/ciphertexts.ts';
import { customerKeyFacts } from './facts/customer-keys.ts';
import { errorTextFacts } from './facts/error-texts.ts';
import { World } from './facts/fact.ts';
import { iamPolicyFacts } from './facts/iam-policies.ts';
import { identityFacts } from './facts/identities.ts';
import { importFacts } from './facts/import-conditions.ts';
import { pairFacts } from './facts/imported-pairs.ts';
import { deletionFacts } from './facts/key-deletion.ts';
import { limitFacts } from './facts/key-limits.ts';
import { policyFacts } from './facts/key-policies.ts';
import { keyFacts } from './facts/keys.ts';
import { uploadErrorFacts } from './facts/kms-upload-errors.ts';
import { uploadFacts } from './facts/kms-uploads.ts';
import { materialDeletionFacts } from './facts/material-deletion.ts';
import { formFacts } from './facts/material-forms.ts';
import { multiRegionFacts } from './facts/multi-region.ts';
import { objectConditionFacts } from './facts/object-conditions.ts';
import { partitionFacts } from './facts/partitions.ts';
import { reEncryptionFacts } from './facts/re-encryption.ts';
import { rotationFacts } from './facts/rotations.ts';
import { s3ErrorFacts } from './facts/s3-errors.ts';
import { tokenFacts, wrappingFormatFacts } from './facts/tokens.ts';
import { wrappingFacts } from './facts/wrapping-pairs.ts';
import { startPractice } from './practising.ts';

/**
 * A row for each recorded fact that lies in the scope of practice AWS, by the sections of the facts sheet: 0 wire against
 * documents, 1 keys, 2 import, 3 S3, 5 IAM and STS. All rows share one practice AWS and its clock.
 */
const facts = [
  ...keyFacts,
  ...limitFacts,
  ...deletionFacts,
  ...aliasFacts,
  ...errorTextFacts,
  ...ciphertextFacts,
  ...pairFacts,
  ...policyFacts,
  ...wrappingFacts,
  ...formFacts,
  ...importFacts,
  ...materialDeletionFacts,
  ...rotationFacts,
  ...multiRegionFacts,
  ...bucketDefaultFacts,
  ...customerKeyFacts,
  ...bucketRegionFacts,
  ...reEncryptionFacts,
  ...s3ErrorFacts,
  ...uploadFacts,
  ...uploadErrorFacts,
  ...tokenFacts,
  ...wrappingFormatFacts,
  ...identityFacts,
  ...partitionFacts,
  ...accountRegionFacts,
  ...iamPolicyFacts,
  ...bucketPolicyFacts,
  ...objectConditionFacts,
].toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));

const numbered = (chapter: string, sections: number) =>
  Array.from({ length: sections }, (_, index) => `${chapter}.${index + 1}`);

describe('recorded facts', () => {
  let world: World | undefined;
  let stop: (() => Promise<void>) | undefined;
  before(async () => {
    const { practice, close } = await startPractice();
    world = new World(practice);
    stop = close;
  });
  after(async () => {
    await stop?.();
  });

  test('every part of the sheet has rows, and none stands twice', () => {
    const rows = facts.map(([section, fact]) => `${section} ${fact}`);
    assert.deepEqual(
      rows.filter((row, index) => rows.indexOf(row) !== index),
      [],
    );
    const sections = new Set(facts.map(([section]) => section.replace(/^0\..*/, '0')));
    const parts = ['0', ...numbered('1', 7), ...numbered('2', 8), ...numbered('3', 7), '5'];
    assert.deepEqual([...sections].toSorted(), parts.toSorted());
  });

  for (const [section, fact, show] of facts) {
    test(`${section} ${fact}`, async () => {
      assert.ok(world);
      await show(world);
    });
  }
});
