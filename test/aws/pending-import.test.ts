import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseReading } from '../../source/aws/problems/catalogue.ts';
import { recogniseErrors } from '../../source/aws/problems/recognise.ts';

test('a key that waits for material it has had is told with the command that brings it back', () => {
  const [found] = recogniseErrors('KMSInvalidStateException: arn:aws:kms:us-east-1:1:key/1 is pending import.');
  assert.ok(found !== undefined);
  assert.match(chooseReading(found.entry, found).next[0] ?? '', /into the same KMS key: .*reimport$/);
});
