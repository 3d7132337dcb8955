import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { practise } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { othersKey } from '../steps/existing-ceremony.ts';
import { type Changes, ofEnvironment } from './answers.ts';
import { existingWith } from './existing-answers.ts';
import { keyferry } from './program.ts';
import { TerminalSession } from './terminal-session.ts';

const enter = '\r';

/** An account with a key of somebody else, called `alias/theirs`, and a folder in which Keyferry is run. */
async function account(t: TestContext) {
  const practice = await practise(t);
  const { endpoint, credentials } = practice.server;
  const key = await othersKey(practice, { alias: 'alias/theirs' });
  const cwd = newFolder();
  const { recipient, identityFile } = ageIdentity(cwd);
  const environment = environmentOf(credentials);
  const kms = practice.kms();
  return {
    practice,
    key,
    cwd,
    kms,
    environment: { ...environment, AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'us-east-1' },
    keyferry: (...args: readonly string[]) => keyferry([...args, '--endpoint-url', endpoint], cwd, environment),
    answers: (name: string, ...changes: readonly Changes[]) =>
      writeFileSync(join(cwd, name), existingWith(backedUp(recipient, identityFile), ofEnvironment, ...changes)),
    stateOf: async () => (await kms.send(new DescribeKeyCommand({ KeyId: key.keyId }))).KeyMetadata?.KeyState,
  };
}

test('unattended it imports into the key of somebody else, and the same command gives the same again', async (t) => {
  const { key, cwd, answers, ...here } = await account(t);
  answers('a.yaml');
  const first = await here.keyferry('run', 'a.yaml', '--json');
  assert.equal(first.status, 0, first.stderr);
  const result = JSON.parse(first.stdout);
  assert.deepEqual(
    [result.ended, result.ceremony, result.keyId, result.alias, result.keyState, result.secretInKms],
    ['finished', 'import-existing', key.keyId, 'alias/theirs', 'Enabled', 'shown'],
  );
  assert.deepEqual(result.existing.tags, [{ key: 'team', value: 'payments' }]);
  assert.deepEqual([result.existing.policyRead, result.existing.proven], [true, true]);
  assert.equal(result.workdir, join(cwd, 'keyferry-theirs'));
  const again = await here.keyferry('run', 'a.yaml', '--json');
  assert.equal(again.status, 0, again.stderr);
  assert.equal(JSON.parse(again.stdout).keyMaterialId, result.keyMaterialId);
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.startsWith('keyferry')),
    ['keyferry-theirs'],
  );
});

test('status says how its first material is imported, and afterwards lists it with the backup', async (t) => {
  const { key, cwd, answers, ...here } = await account(t);
  const status = async () => {
    const { stdout } = await here.keyferry('status', '--region', 'us-east-1', '--json');
    return JSON.parse(stdout).keys;
  };
  const page = await here.keyferry('status', '--region', 'us-east-1');
  assert.equal(page.status, 1, page.stderr);
  const command = /^ {4}keyferry (import-existing alias\/theirs --region us-east-1 --endpoint-url \S+)$/m.exec(
    page.stdout,
  );
  assert.ok(command?.[1] !== undefined, page.stdout);
  const begun = await here.keyferry(...command[1].split(' '));
  assert.match(begun.stderr, /^keyferry: import-existing asks on a terminal, and this is none/);

  answers('a.yaml');
  const made = await here.keyferry('run', 'a.yaml', '--json');
  assert.equal(made.status, 0, made.stderr);
  const [listed, ...others] = await status();
  assert.deepEqual(others, []);
  const { keyMaterialId } = JSON.parse(made.stdout);
  assert.deepEqual(
    [listed.keyArn, listed.aliases, listed.keyState, listed.materials[0].keyMaterialId, listed.due],
    [key.arn, ['alias/theirs'], 'Enabled', keyMaterialId, []],
  );
  assert.equal(listed.backup.workdir, join(cwd, 'keyferry-theirs'));
  assert.ok(Date.parse(listed.backup.provenAt) <= Date.now());
});

test('its folder is that of a finished import: its backup is checked, and its material comes back from there', async (t) => {
  const { key, cwd, answers, kms, stateOf, ...here } = await account(t);
  answers('a.yaml');
  const made = await here.keyferry('run', 'a.yaml', '--workdir', 'w', '--json');
  assert.equal(made.status, 0, made.stderr);
  const checked = await here.keyferry('check-backup', '--workdir', 'w', '--identity', 'age-identity.txt', '--yes');
  assert.equal(checked.status, 0, checked.stderr);
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: key.keyId }));
  writeFileSync(join(cwd, 'r.yaml'), 'ceremony: reimport\nbring-back:\n  expiry: keep\n  identity: age-identity.txt\n');
  const back = await here.keyferry('run', 'r.yaml', '--workdir', 'w', '--json');
  assert.equal(back.status, 0, back.stderr);
  assert.deepEqual([JSON.parse(back.stdout).keyState, await stateOf()], ['Enabled', 'Enabled']);
});

test('a folder is of one key and one ceremony: another is refused, and stays as it is', async (t) => {
  const { practice, cwd, answers, ...here } = await account(t);
  await othersKey(practice, { alias: 'alias/second' });
  answers('a.yaml');
  assert.equal((await here.keyferry('run', 'a.yaml', '--workdir', 'w')).status, 0);
  answers('b.yaml', { 'existing-key': { key: 'alias/second' } });
  const other = await here.keyferry('run', 'b.yaml', '--workdir', 'w');
  assert.equal(other.status, 2);
  assert.match(
    other.stderr,
    /^keyferry: .*b\.yaml:\d+: existing-key\.key: w holds the import into alias\/theirs\. Name another folder with --workdir\.$/m,
  );
  const named = await here.keyferry('import-existing', 'alias/second', '--plain', '--workdir', 'w');
  assert.equal(named.status, 2);
  assert.match(named.stderr, /Can't import into alias\/second here: the folder is of another key\./);
  writeFileSync(join(cwd, 'f.yaml'), 'connect:\n  region: us-east-1\n');
  const first = await here.keyferry('run', 'f.yaml', '--workdir', 'w');
  assert.equal(first.status, 3);
  assert.match(first.stderr, /A folder holds one key, and this one was begun with "Import into an existing key"\./);
});

test('what it shows as an example is taken as it stands, once the key is there', async (t) => {
  const { practice, cwd, environment, ...here } = await account(t);
  writeFileSync(join(cwd, 'passphrase.txt'), passphrase, { mode: 0o600 });
  await othersKey(practice, { alias: 'alias/by-others' });
  const example = await here.keyferry('run', '--example', 'import-existing');
  assert.equal(example.status, 0, example.stderr);
  writeFileSync(join(cwd, 'e.yaml'), example.stdout.replace('backup-passphrase.txt', 'passphrase.txt'));
  const made = await keyferry(['run', 'e.yaml', '--json'], cwd, environment);
  assert.equal(made.status, 2, made.stderr);
  assert.match(made.stderr, /connect\.source is missing/);
  writeFileSync(
    join(cwd, 'e.yaml'),
    example.stdout
      .replace('backup-passphrase.txt', 'passphrase.txt')
      .replace('# source: practice ', 'source: environment '),
  );
  const whole = await keyferry(['run', 'e.yaml', '--json'], cwd, environment);
  assert.equal(whole.status, 0, whole.stderr);
  assert.equal(JSON.parse(whole.stdout).alias, 'alias/by-others');
});

test('on the screen a key that waits is chosen from the list; stopped, the assistant goes on with it', async (t) => {
  const { practice, key, cwd, environment, stateOf } = await account(t);
  await othersKey(practice, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', Tags: [] });
  const session = new TerminalSession(['import-existing'], { cwd, env: environment });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Where should the key go?');
  session.send(enter);
  await session.shows('In which Region?');
  session.send(enter);
  await session.shows('Which KMS key should get its first material?');
  await session.shows('alias/theirs');
  session.send('theirs');
  await session.shows('1 of');
  session.send(enter);
  await session.shows('Import your key into this KMS key?');
  await session.shows('account root');
  session.send(enter);
  await session.shows('I understand the security');
  session.send(` ${enter}`);
  await session.shows('Which secret should the key be?');
  session.send('\u0003');
  await session.shows('Stop here?');
  session.send(enter);
  assert.equal(await session.ends(), 130);
  assert.match(session.transcript(), /To continue: keyferry import-existing/);
  assert.equal(existsSync(join(cwd, 'keyferry-theirs', 'journal.jsonl')), true);

  const later = new TerminalSession([], { cwd, env: environment });
  t.after(() => later.kill('SIGKILL'));
  await later.shows('Continue keyferry-theirs');
  later.send(enter);
  await later.shows('Which secret should the key be?');
  later.send(enter);
  await later.shows('Where may the plain key be');
  later.send('\u001B[B');
  later.send(enter);
  for (const [shows, keys] of [
    ['How should the backup be encrypted?', enter],
    ['Which passphrase should open the backup?', `${passphrase}${enter}`],
    ['Type the passphrase once more.', `${passphrase}${enter}`],
    ['How should the secret be wrapped?', enter],
    ['Who wraps the secret?', enter],
    ['Should the material expire?', enter],
    ['Who proves that the key works?', enter],
    ['Where should the first object go?', `\u001B[B\u001B[B${enter}`],
    ['What should become of', enter],
  ] as const) {
    await later.shows(shows);
    later.send(keys);
  }
  await later.shows('Somebody else made it at');
  later.send(enter);
  assert.equal(await later.ends(), 0);
  assert.equal(await stateOf(), 'Enabled');
  const record = JSON.parse(readFileSync(join(cwd, 'keyferry-theirs', 'record.json'), 'utf8'));
  assert.equal(record.key.keyId, key.keyId);
});

test('line by line, with the key on the command line: the same command goes on where it stopped', async (t) => {
  const { key, cwd, environment } = await account(t);
  const begin = (...more: readonly string[]) =>
    new TerminalSession(['import-existing', key.keyId, '--plain', ...more], { cwd, env: environment });
  const session = begin();
  t.after(() => session.kill('SIGKILL'));
  for (const [shows, line] of [
    ['Where should the key go?', ''],
    ['In which Region?', ''],
    ['Import your key into this KMS key?', ''],
    ['I understand the security', 'yes'],
  ] as const) {
    await session.shows(shows);
    await session.shows(/:\s*$/);
    session.send(`${line}${enter}`);
  }
  await session.shows('Which secret should the key be?');
  session.send('\u0003');
  assert.equal(await session.ends(), 130);
  assert.match(
    session.transcript().replaceAll(/\s+/g, ' '),
    new RegExp(`To continue: keyferry import-existing ${key.keyId}`),
  );

  const again = begin();
  t.after(() => again.kill('SIGKILL'));
  await again.shows('Which secret should the key be?');
  assert.doesNotMatch(again.transcript(), /Where should the key go/);
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.startsWith('keyferry')),
    ['keyferry-theirs'],
  );
});

test('without a terminal it says how to go on without one, and begins nothing', async (t) => {
  const { cwd, ...here } = await account(t);
  const { status, stderr } = await here.keyferry('import-existing', 'alias/theirs');
  assert.equal(status, 2);
  assert.match(stderr, /Nothing was begun\.\nLine by line, also with pipes: keyferry import-existing --plain\n/);
  assert.match(stderr, /run --example import-existing > existing\.yaml/);
  assert.deepEqual(
    readdirSync(cwd).filter((name) => name.startsWith('keyferry')),
    [],
  );
});
