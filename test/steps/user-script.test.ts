import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../source/steps/facts.ts';
import { userProofCommands, userProofText, userUploadCommands } from '../../source/steps/user-proof.ts';
import { connectionOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

const keyId = '11111111-2222-4333-8444-555555555555';
const keyArn = `arn:aws:kms:us-east-1:000000000000:key/${keyId}`;

/** What a user of a key gets from somebody with this connection. */
function given(connection: Partial<NonNullable<Facts['connection']>> = {}, alias = 'alias/a') {
  const facts: Facts = {
    connection: { ...connectionOf('arn:aws:iam::000000000000:role/Admin'), source: 'profile:admin', ...connection },
    key: { keyId, keyArn, alias, createdAt: '' },
  };
  const services = { ...makeOfflineServices(), practiceState: '/practice' };
  const text = userProofText(facts, services);
  return { text, lines: text.split('\n'), facts, services };
}

test('the script of a user says for which key it is, fails at the first error, and has uploads as comments alone', () => {
  const { text, lines } = given();
  assert.equal(lines[0], '#!/usr/bin/env bash');
  assert.equal(lines[1], '# For a user of the KMS key alias/a: proves that the key works.');
  assert.ok(given({}, keyId).lines[1]?.includes(`KMS key ${keyArn}:`), 'a key without an alias goes by its ARN');
  assert.ok(lines.indexOf('set -euo pipefail') < lines.indexOf(`KEY_ARN=${keyArn}`));
  for (const words of ['s3 cp', 'keyferry encrypt', 'Nothing in these two files is secret'])
    assert.ok(
      lines.some((line) => line.includes(words)) &&
        lines.filter((line) => line.includes(words)).every((line) => line.startsWith('#')),
      words,
    );
  assert.match(text, /\n# Make an encrypted data key\nDATA_KEY=/);
  assert.match(text, /\n# Upload a file under the key, .*\n# {3}keyferry encrypt FILE --to s3:\/\/BUCKET --key /);
  assert.match(text, /\necho 'Written: user-proof\.json\. Send it to whoever gave you user-proof\.sh\.'\n/);
  assert.doesNotMatch(text, /practice|AWS_ENDPOINT_URL|--profile|admin/i);
});

test('the script names the endpoint and the practice AWS at which the key is, and no identity of whoever made it', () => {
  const at = given({ endpoint: 'https://a.test/x y' });
  assert.ok(at.lines.includes("export AWS_ENDPOINT_URL='https://a.test/x y'"));
  assert.match(at.text, /--endpoint-url 'https:\/\/a\.test\/x y'/);
  const own = given({ source: 'practice' });
  assert.ok(
    own.lines.includes(
      '# For practice AWS, first paste the lines that this prints: keyferry practice-aws --state /practice',
    ),
  );
  assert.match(own.text, /keyferry encrypt .* --practice --region us-east-1/);
  const other = given({ source: 'environment', practice: true });
  assert.ok(
    other.lines.includes('# This is practice AWS: first paste the lines that keyferry practice-aws has printed.'),
  );
  assert.doesNotMatch(other.text, /--practice/);
});

test('all commands for a user are for somebody else, so that no script of the person runs them', () => {
  const { facts, services } = given();
  const commands = [...userProofCommands(facts, services), ...userUploadCommands(facts, services)];
  assert.ok(commands.length > 5);
  for (const { isForOther, says } of commands) assert.equal(isForOther, true, says);
});
