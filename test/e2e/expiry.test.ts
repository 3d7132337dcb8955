import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { newFolder } from '../new-folder.ts';
import { inPractice } from '../practice/in-practice.ts';
import { exampleWith } from './answers.ts';
import { piped } from './piped.ts';
import { keyferry } from './program.ts';

const unattended = (answers: string) => ['run', answers, '--practice', '--workdir', 'w', '--json'];

/** A folder with a finished first import in `w`, under a passphrase, made by the example. */
async function finished(): Promise<{ folder: string; keyId: string }> {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.yaml'), (await keyferry(['run', '--example'], folder)).stdout);
  const { status, stdout, stderr } = await keyferry(unattended('a.yaml'), folder);
  assert.equal(status, 0, stderr);
  return { folder, keyId: JSON.parse(stdout).keyId };
}

test('unattended its example works as it stands, and a reimport keeps the expiry that it gave', async () => {
  const { folder, keyId } = await finished();
  const example = (await keyferry(['run', '--example', 'expiry'], folder)).stdout;
  writeFileSync(join(folder, 'e.yaml'), example);
  writeFileSync(join(folder, 'unasked.yaml'), example.replace(/^ {2}shorten: true.*\n/m, ''));

  const unasked = await keyferry(unattended('unasked.yaml'), folder);
  assert.equal(unasked.status, 3, unasked.stderr);
  assert.match(JSON.parse(unasked.stdout).problem.why, /change-expiry\.shorten is missing\./);

  const changed = await keyferry(unattended('e.yaml'), folder);
  assert.equal(changed.status, 0, changed.stderr);
  const { ceremony, keyState, materials, record } = JSON.parse(changed.stdout);
  assert.deepEqual([ceremony, keyState, materials[0].before], ['expiry', 'Enabled', 'never']);
  const told = await inPractice(join(folder, 'w'), async (kms) => {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
    return KeyMetadata?.ValidTo?.toISOString();
  });
  assert.deepEqual([materials[0].asked, materials[0].after], [told, told]);
  assert.match(readFileSync(record, 'utf8'), new RegExp(`\\| never \\| ${told} \\| ${told} \\|`));

  const refused = await keyferry(unattended('e.yaml'), folder);
  assert.equal(refused.status, 3, refused.stderr);
  const { code, next } = JSON.parse(refused.stdout).problem;
  assert.equal(code, 'PendingImport');
  assert.match(next[0], /: \S.* reimport --workdir w$/);

  writeFileSync(
    join(folder, 'r.yaml'),
    'ceremony: reimport\nbring-back:\n  expiry: keep\n  passphrase-file: backup-passphrase.txt\n',
  );
  const back = await keyferry(unattended('r.yaml'), folder);
  assert.equal(back.status, 0, back.stderr);
  assert.equal(JSON.parse(back.stdout).materials[0].validTo, told);
});

test('line by line it says what KMS has now, and takes an answer for what is sooner', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.yaml'), exampleWith());
  const made = await keyferry(unattended('a.yaml'), folder);
  assert.equal(made.status, 0, made.stderr);
  const lines = ['2', '90d', 'yes', '', '', ''];
  const { status, stdout, stderr } = await piped(['expiry', '--plain', '--workdir', 'w'], lines, folder);
  assert.equal(status, 0, stdout + stderr);
  const said = stdout.replaceAll(/\s+/g, ' ');
  assert.match(
    said,
    /Material [0-9a-f]{8}: there, the current one, key check value [0-9A-F]{10}: it does not expire\./,
  );
  assert.match(said, /This ends what does not expire now\. That is what I want\./);
  assert.match(said, /KMS says that it expires at .* Before: it does not expire\./);
  const records = readdirSync(join(folder, 'w')).filter((name) => /^record-expiry-\d{8}T\d{6}Z\.(md|json)$/.test(name));
  assert.equal(records.length, 2);
});

test('a folder of another key is refused, and the folder that knows the named key is found', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'a.yaml'), exampleWith());
  const made = await keyferry(['run', 'a.yaml', '--practice', '--json'], folder);
  assert.equal(made.status, 0, made.stderr);
  const { workdir, alias } = JSON.parse(made.stdout);
  const other = await keyferry(['expiry', '--plain', '--key', 'alias/other', '--workdir', workdir], folder);
  assert.equal(other.status, 2);
  assert.match(other.stderr, /Can't change the expiry of alias\/other here: the folder is of another key\./);
  const found = await piped(['expiry', '--plain', '--key', alias], ['1', ''], folder);
  assert.equal(found.status, 0, found.stdout + found.stderr);
  assert.match(found.stdout, /Nothing to do: the material expires when you want it to\./);
});

test('without a terminal the command says how else it runs, and begins nothing', async () => {
  const folder = newFolder();
  const { status, stderr } = await keyferry(['expiry'], folder);
  assert.equal(status, 2);
  assert.match(stderr, /^keyferry: expiry asks on a terminal, and this is none\. Nothing was begun\.$/m);
  assert.match(stderr, / run --example expiry > expiry\.yaml, then \S.* run expiry\.yaml$/m);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('keyferry')),
    [],
  );
});
