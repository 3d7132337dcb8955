import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { cryptographyFacts } from './facts/cryptography.ts';
import { World } from './facts/fact.ts';
import { importFacts } from './facts/imports.ts';
import { keyFacts } from './facts/keys.ts';
import { nameFacts } from './facts/names.ts';
import { rotationFacts } from './facts/rotations.ts';
import { bucketFacts } from './facts/s3-buckets.ts';
import { encryptionFacts } from './facts/s3-encryption.ts';
import { startPractice } from './practising.ts';

/**
 * A row for each recorded fact that lies in the scope of practice AWS, by the sections of the facts sheet: 0 wire against
 * documents, 1 keys, 2 import, 3 S3. All rows share one practice AWS and its clock.
 */
const facts = [
  ...keyFacts,
  ...nameFacts,
  ...cryptographyFacts,
  ...importFacts,
  ...rotationFacts,
  ...encryptionFacts,
  ...bucketFacts,
].toSorted(([one], [other]) => one.localeCompare(other, 'en', { numeric: true }));

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
    const counts = Object.entries(Object.groupBy(facts, ([section]) => section.replace(/^0\..*/, '0')));
    const sections = counts.map(([section, rows]) => `${section}: ${rows?.length}`).join(', ');
    console.log(`facts: ${facts.length} rows (${sections})`);
  });

  for (const [section, fact, show] of facts) {
    test(`${section} ${fact}`, async () => {
      assert.ok(world);
      await show(world);
    });
  }
});
