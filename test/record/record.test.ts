import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { recordOf } from '../../source/ceremonies/first-import/record-of.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { openBackup } from '../../source/material/backup.ts';
import { keyCheckValue, zeroBlockCheckValue } from '../../source/material/check-value.ts';
import { recordAsJson } from '../../source/record/head.ts';
import { type CeremonyRecord, recordAsMarkdown } from '../../source/record/record.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { formsIn, needlesOf } from '../secrets/needles.ts';
import { type AllAnswers, beginImport, type RunningCeremony } from '../steps/ceremony.ts';

const { recipient, identityFile, identity } = ageIdentity(newFolder());

/** A finished ceremony whose key the person brought as a file, kept in memory and backed up. */
async function finished(t: TestContext, answers: AllAnswers = {}) {
  const own = join(newFolder(), 'my own.key');
  const key = randomBytes(32);
  writeFileSync(own, key, { mode: 0o600 });
  const ceremony = await beginImport(t, {
    answers: {
      'secret-key': { origin: 'file', file: own, keep: 'memory' },
      'describe-key': { description: 'Archive of invoices' },
      backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
      import: { expiry: 'date', 'valid-to': '30d' },
      ...answers,
    },
  });
  await ceremony.upTo();
  return { ceremony, key, own };
}

const fileOf = ({ services }: RunningCeremony, name: string) => services.folder.file(name);
const jsonOf = (ceremony: RunningCeremony): CeremonyRecord =>
  JSON.parse(readFileSync(fileOf(ceremony, 'record.json'), 'utf8'));
const pageOf = (ceremony: RunningCeremony) => readFileSync(fileOf(ceremony, 'record.md'), 'utf8');

test('the record states what KMS, S3 and the disk have', async (t) => {
  const { ceremony } = await finished(t);
  const { practice, facts, calls } = ceremony;
  const record = jsonOf(ceremony);
  const kms = practice.kms();
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: record.key.keyId }));
  assert.equal(record.key.keyArn, KeyMetadata?.Arn);
  assert.equal(record.key.keyState, KeyMetadata?.KeyState);
  assert.equal(record.key.description, KeyMetadata?.Description);
  assert.equal(record.key.createdAt, KeyMetadata?.CreationDate?.toISOString());
  assert.equal(record.material.keyMaterialId, KeyMetadata?.CurrentKeyMaterialId);
  assert.equal(record.material.validTo, KeyMetadata?.ValidTo?.toISOString());
  assert.equal(record.material.expirationModel, KeyMetadata?.ExpirationModel);
  const { Policy = '' } = await kms.send(new GetKeyPolicyCommand({ KeyId: record.key.keyId }));
  assert.deepEqual(record.key.policy, JSON.parse(Policy));
  assert.deepEqual(record.account, {
    accountId: '000000000000',
    region: 'us-east-1',
    callerArn: facts.connection?.callerArn,
    practice: true,
  });
  for (const { bucket, key, size, sha256, kmsKeyArn } of record.objects) {
    const head = await practice.s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    assert.deepEqual([head.ContentLength, head.SSEKMSKeyId], [size, kmsKeyArn]);
    assert.equal(sha256, sha256Of(readFileSync(fileOf(ceremony, key))));
  }
  assert.equal(record.objects.length, 1);
  assert.equal(
    record.wrapping.publicKeySha256,
    sha256Of(readFileSync(fileOf(ceremony, record.wrapping.publicKeyFile))),
  );
  assert.equal(record.backup?.sha256, sha256Of(readFileSync(fileOf(ceremony, 'my-first-key.key.age'))));
  // Every call but those of the last look, in their order, with the ids that AWS support asks for.
  const noted = calls.map(({ at, operation, requestId }) => ({ at, operation, requestId }));
  assert.deepEqual(
    record.calls.map(({ at, operation, requestId }) => ({ at, operation, requestId })),
    noted.slice(0, record.calls.length),
  );
  assert.ok(record.calls.some(({ operation }) => operation === 'KMS.ImportKeyMaterial'));
});

test('both check values on record are those of the key, and of the backup', async (t) => {
  const { ceremony } = await finished(t);
  const { secret } = jsonOf(ceremony);
  assert.ok(secret.origin !== 'elsewhere');
  assert.deepEqual(secret, {
    origin: 'file',
    bytes: 32,
    checkValue: { method: 'AES-CMAC', value: secret.checkValue.value },
    zeroBlockCheckValue: secret.zeroBlockCheckValue,
    plainKey: 'none',
    inKms: 'shown',
  });
  const opened = await openBackup(readFileSync(fileOf(ceremony, 'my-first-key.key.age')), {
    by: 'identities',
    identities: [identity],
  });
  assert.ok(!('trouble' in opened));
  using key = opened;
  assert.equal(keyCheckValue(key).value, secret.checkValue.value);
  assert.equal(zeroBlockCheckValue(key), secret.zeroBlockCheckValue);
  const values = `${secret.checkValue.value} (AES-CMAC), or ${secret.zeroBlockCheckValue} (zero block, which HSMs print)`;
  assert.ok(pageOf(ceremony).includes(`32 bytes, brought as a file. Key check value ${values}.`));
});

test('nothing in a record is secret: no key, no wrapped key, no credentials, and not where the own file lies', async (t) => {
  const { ceremony, key, own } = await finished(t);
  const { accessKeyId, secretAccessKey, sessionToken = '-' } = ceremony.practice.server.credentials;
  const wrapped = readFileSync(fileOf(ceremony, 'enc.aes.key'));
  const needles = [...needlesOf(key, 1), ...needlesOf(wrapped, 8)];
  for (const name of ['record.md', 'record.json']) {
    const bytes = readFileSync(fileOf(ceremony, name));
    assert.deepEqual(formsIn(bytes, needles), [], name);
    for (const told of [own, 'my own.key', identityFile, identity, accessKeyId, secretAccessKey, sessionToken])
      assert.equal(bytes.includes(told), false, `${name}: ${told}`);
    assert.equal(statSync(fileOf(ceremony, name)).mode & 0o777, 0o600);
  }
});

test('the page says for people what the JSON says for programs', async (t) => {
  const { ceremony } = await finished(t);
  const record = jsonOf(ceremony);
  const page = pageOf(ceremony);
  for (const told of [
    '# alias/my-first-key (practice)',
    `| Key ARN | \`${record.key.keyArn}\` |`,
    '| Description | Archive of invoices |',
    `| Key state | Enabled, as of ${record.key.keyStateAsOf} |`,
    `| Material id | \`${record.material.keyMaterialId}\` |`,
    `| Material | imported at ${record.material.importedAt}, expires at ${record.material.validTo} |`,
    `| Proof | a data key was made and opened at ${record.material.provedAt} |`,
    `The backup is \`my-first-key.key.age\`, encrypted with age to \`${recipient}\`. It was read back from the disk and opened to the same key.`,
    `Its SHA-256 is \`${record.backup?.sha256}\`.`,
    'It was in memory alone while it was imported.',
    `Copies of the key that Keyferry knew of, as of ${record.copies.asOf}: \`my-first-key.key.age\`; the file that it was taken from. AWS cannot give it back.`,
    `| Wrapping key | RSA_2048, SHA-256 \`${record.wrapping.publicKeySha256}\` |`,
    '| Administrators may delete the key | no |',
    `| \`s3://${record.objects[0]?.bucket}/keyferry-sample.txt\` | ${record.objects[0]?.size} | \`${record.objects[0]?.sha256}\` | key and contents |`,
  ])
    assert.ok(page.includes(told), `${told}\nin\n${page}`);
});

/** A record with some parts replaced. */
const withParts = (record: CeremonyRecord, parts: Partial<CeremonyRecord>): string =>
  recordAsMarkdown({ ...record, ...parts });

test('what became of the plain key, and how far a backup is proven, are told as they are', async (t) => {
  const { ceremony } = await finished(t);
  const record = jsonOf(ceremony);
  const { secret, backup } = record;
  assert.ok(backup !== undefined && secret.origin !== 'elsewhere');
  const file = 'plain_text_aes_key.bin';
  const keptSecret = { ...secret, plainKey: 'kept', file } as const;
  const copies = { ...record.copies, known: [...record.copies.known, { kind: 'plain file', file } as const] };
  const kept = withParts(record, { secret: keptSecret, copies });
  assert.match(kept, /It is in `plain_text_aes_key\.bin`\. AWS cannot give it back/);
  assert.match(
    withParts(record, { secret: keptSecret }),
    /It was kept in `plain_text_aes_key\.bin`, where it was no longer/,
  );
  assert.match(withParts(record, { secret: { ...secret, plainKey: 'destroyed' } }), /Its file was destroyed here\./);
  const written = withParts(record, { backup: { ...backup, proven: 'written' } });
  assert.match(written, /compared byte for byte; nothing here could open it\./);
  assert.doesNotMatch(written, /opened to the same key/);
  const gone = withParts(record, { copies: { ...copies, known: [] } });
  assert.match(gone, /The backup is `.*\*\*It was gone or had changed when this was written\.\*\*/);
  const plainFile = { kind: 'plain file', file } as const;
  const goneBesideKey = withParts(record, { copies: { ...copies, known: [plainFile] } });
  assert.match(
    goneBesideKey,
    /\*\*It was gone or had changed when this was written\.\*\*/,
    'another copy is no backup',
  );
  assert.doesNotMatch(recordAsMarkdown(record), /It was gone/);
  const { backup: _, ...declined } = record;
  assert.match(recordAsMarkdown(declined), /No backup was made here; it was declined\./);
  const underPassphrase = withParts(record, { backup: { ...backup, by: 'passphrase', recipients: [] } });
  assert.match(underPassphrase, /encrypted with age under a passphrase\./);
});

test('a record vouches for no secret and no backup that are not, or are not shown to be, the key in KMS', async (t) => {
  const { ceremony } = await finished(t);
  const record = jsonOf(ceremony);
  const { secret } = record;
  assert.ok(secret.origin !== 'elsewhere');
  const other = withParts(record, { secret: { ...secret, inKms: 'other' } });
  assert.match(other, /\*\*This secret is NOT the key in KMS\.\*\*/);
  assert.match(other, /It is \*\*not\*\* a backup of the key in KMS\./);
  const notShown = withParts(record, { secret: { ...secret, inKms: 'not shown' } });
  assert.match(notShown, /\*\*This secret is not shown to be the key in KMS\.\*\*/);
  for (const page of [other, notShown]) assert.doesNotMatch(page, /^The backup is `/m);
  assert.match(recordAsMarkdown(record), /^The backup is `/m);
  assert.doesNotMatch(recordAsMarkdown(record), /not shown|NOT the key/);
});

test('no name breaks a table of the record, or steers a terminal that shows it', async (t) => {
  const { ceremony } = await finished(t);
  const record = jsonOf(ceremony);
  const nasty = 'a|b`c\nd <img>\u001B[2J\u202E';
  const key = { ...record.key, description: nasty };
  const objects = record.objects.map((object) => ({ ...object, key: nasty }));
  const page = withParts(record, { key, objects });
  const rowOf = (text: string) => page.split('\n').find((line) => line.includes(text)) ?? '';
  assert.match(rowOf('| Description |'), /^\| Description \| a\\\|b\\`c d \\<img>[^\n]* \|$/);
  assert.match(rowOf('key and contents'), /^\| `s3:\/\/[^|]*a\\\|b'c d <img>[^\n]*` \| /);
  const steering = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/;
  assert.doesNotMatch(page, steering);
  const json = recordAsJson({ ...record, key, objects });
  assert.doesNotMatch(json, steering);
  assert.equal(JSON.parse(json).key.description, nasty);
});

test("endpoints that are not AWS's own stand in the record, and nothing where all are", async (t) => {
  const { ceremony } = await finished(t);
  const record = jsonOf(ceremony);
  assert.deepEqual([record.account.endpoint, record.account.endpoints], [undefined, undefined]);
  assert.doesNotMatch(pageOf(ceremony), /Endpoint/);
  const at = (more: Partial<CeremonyRecord['account']>) =>
    recordAsMarkdown({ ...record, account: { ...record.account, ...more } });
  assert.match(at({ endpoint: 'https://kms.corp.test' }), /\| Endpoint \| `https:\/\/kms\.corp\.test` \|/);
  assert.match(at({ endpoints: { s3: 'https://s3.corp.test' } }), /\| Endpoint of S3 \| `https:\/\/s3\.corp\.test` \|/);
  const facts = ceremony.facts.connection;
  assert.ok(facts);
  const endpoints = { s3: 'https://s3.corp.test' };
  const again = recordOf(
    { ...ceremony.facts, connection: { ...facts, endpoint: 'https://kms.corp.test', endpoints } },
    {
      journal: { file: 'j', lines: [], lastHash: '' },
      version: '0.0.0',
      copies: { asOf: '', copies: [], filesWithoutKey: [] },
    },
  );
  assert.deepEqual([again.account.endpoint, again.account.endpoints], ['https://kms.corp.test', endpoints]);
});
