import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { answersFile, type Changes, exampleWith, memoryAlone, ofEnvironment } from './answers.ts';
import { keyferry } from './program.ts';
import { TerminalSession } from './terminal-session.ts';

const day = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * day);

/** Practice AWS with a proxy before it, and a folder in which a person works with it. */
async function world(t: TestContext) {
  const stateFolder = newFolder();
  const aws = await startPracticeAws({ stateFolder });
  t.after(() => aws.close());
  const proxy = await between(aws.endpoint);
  t.after(proxy.close);
  const folder = newFolder();
  const { accessKeyId, secretAccessKey } = aws.credentials;
  const environment = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
  const run = (...args: readonly string[]) =>
    keyferry([...args, '--endpoint-url', proxy.endpoint], folder, environment);
  const { recipient, identityFile } = ageIdentity(folder);
  return {
    folder,
    environment,
    endpoint: proxy.endpoint,
    decide: proxy.decide,
    seed: (region: string, keys: Parameters<typeof seedKeys>[2]) => seedKeys(stateFolder, region, keys),
    run,
    status: async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await run('status', ...args, '--json');
      return { status, stderr, found: JSON.parse(stdout) };
    },
    /** A first import with a backup, in `keyferry-NAME`. */
    ceremony: (name: string, ...changes: readonly Changes[]) => {
      const alias = { 'describe-key': { alias: `alias/${name}` } };
      const backup = backedUp(recipient, identityFile);
      const answers = exampleWith(ofEnvironment, memoryAlone, backup, alias, ...changes);
      return run('run', answersFile(folder, answers), '--json');
    },
    control: (settings: object) => writeFileSync(join(stateFolder, 'practice-control.json'), JSON.stringify(settings)),
  };
}

test('status shows what AWS tells of keys with what folders here know, on a page and as JSON', async (t) => {
  const { folder, ceremony, run, seed, status } = await world(t);
  const empty = await status('--region', 'us-east-1');
  assert.deepEqual([empty.status, empty.found.keys, empty.found.regions], [0, [], [{ region: 'us-east-1' }]]);

  const made = await ceremony('soon', { import: { expiry: 'date', 'valid-to': '20d' } });
  assert.equal(made.status, 0, made.stderr);
  assert.equal((await ceremony('half', { wrap: { by: 'me', file: 'absent.bin' } })).status, 3);
  const [own] = seed('us-east-1', [{ validTo: null, alias: 'alias/archive' }, { origin: 'AWS_KMS' }]);
  const { status: exit, found } = await status('--region', 'us-east-1');
  assert.equal(exit, 1);
  assert.deepEqual(Object.keys(found), ['asOf', 'account', 'regions', 'keys']);
  assert.equal(found.account, '000000000000');
  const { keyArn } = JSON.parse(made.stdout);
  const [soon, half, archive] = found.keys;
  const { provenAt } = soon.backup;
  assert.ok(Math.abs(Date.parse(provenAt) - Date.now()) < day);
  const [material] = soon.materials;
  assert.deepEqual(soon, {
    keyArn,
    region: 'us-east-1',
    aliases: ['alias/soon'],
    keyState: 'Enabled',
    materials: [
      {
        keyMaterialId: material.keyMaterialId,
        state: 'CURRENT',
        importState: 'IMPORTED',
        validTo: soon.earliestExpiry,
        description: material.description,
      },
    ],
    earliestExpiry: soon.earliestExpiry,
    backup: { provenAt, workdir: join(folder, 'keyferry-soon') },
    due: [{ what: 'Expiry', at: soon.earliestExpiry }],
  });
  assert.match(material.description, /key check value/);
  assert.deepEqual(
    [half.aliases, half.materials, half.due],
    [['alias/half'], [], [{ what: 'PendingImport', at: null }]],
  );
  assert.ok(archive.keyArn.endsWith(own?.keyId ?? '-'));
  assert.deepEqual([archive.earliestExpiry, archive.backup, archive.due], [null, null, []]);

  const { stdout, status: shown } = await run('status', '--region', 'us-east-1');
  assert.equal(shown, 1);
  assert.match(stdout, /^! alias\/soon +Enabled +expires in 19 d +proven /m);
  assert.match(stdout, /^x alias\/half +Pending import +never had material +no backup known$/m);
  assert.match(stdout, /^ {4}keyferry --workdir keyferry-half$/m);
  assert.match(stdout, /^ {4}keyferry expiry --workdir keyferry-soon$/m);
  assert.match(stdout, /\n2 keys need something\./);
  const later = await status('--region', 'us-east-1', '--within', '10d');
  assert.deepEqual(
    later.found.keys.map((key: { due: readonly { what: string }[] }) => key.due.length),
    [1, 0, 0],
  );
});

test('expired material of a finished ceremony is told with its folder and the reimport, by status and unfinished', async (t) => {
  const { ceremony, control, run, status } = await world(t);
  const made = await ceremony('gone', { import: { expiry: 'date', 'valid-to': '1d' } });
  assert.equal(made.status, 0, made.stderr);
  // Two practice days pass in two seconds.
  control({ clockSpeed: 100_000 });
  for (;;) {
    const { found } = await status('--region', 'us-east-1');
    if (found.keys[0].keyState === 'PendingImport') break;
  }
  const { stdout } = await run('unfinished', '--region', 'us-east-1');
  assert.match(stdout, /Bring it back: keyferry reimport --workdir keyferry-gone\n/);
  assert.doesNotMatch(stdout, /not here|schedule-key-deletion/);
  const page = await run('status', '--region', 'us-east-1');
  assert.equal(page.status, 1);
  assert.match(page.stdout, /^ {4}keyferry reimport --workdir keyferry-gone$/m);
});

test('all Regions of the account are looked at, and one that is denied is shown and gives status 2', async (t) => {
  const { control, run, seed, status } = await world(t);
  seed('eu-west-1', [{ validTo: inDays(5), alias: 'alias/west' }]);
  seed('me-south-1', [{ validTo: null, alias: 'alias/south' }]);
  const whole = await status('--all-regions');
  assert.equal(whole.status, 1, whole.stderr);
  const names = whole.found.regions.map(({ region }: { region: string }) => region);
  assert.ok(['us-east-1', 'eu-west-1', 'me-south-1'].every((region) => names.includes(region)));
  assert.ok(!names.includes('ap-east-1'), 'a Region that is off is not asked');
  assert.deepEqual(
    whole.found.keys.map(({ aliases }: { aliases: readonly string[] }) => aliases[0]),
    ['alias/west', 'alias/south'],
  );

  const deny = { Effect: 'Deny', Action: 'kms:*', Resource: '*' };
  const inSouth = { StringEquals: { 'aws:RequestedRegion': 'me-south-1' } };
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  control({ policies: { SecurityAdmin: [{ Statement: [allow, { ...deny, Condition: inSouth }] }] } });
  const partly = await status('--region', 'eu-west-1', '--region', 'me-south-1');
  assert.equal(partly.status, 2);
  assert.equal(partly.found.keys.length, 1);
  const [west, south] = partly.found.regions;
  assert.equal(west.error, undefined);
  assert.match(south.error, /^Can't look at the keys of me-south-1\. .*explicit deny.* \[AccessDeniedException\]$/);
  const page = await run('status', '--region', 'eu-west-1', '--region', 'me-south-1');
  assert.equal(page.status, 2);
  assert.match(page.stdout, /^eu-west-1\n! alias\/west /m);
  assert.match(page.stdout, /^! Can't look at the keys of me-south-1\./m);
  assert.match(page.stdout, /Not everything could be looked at: more may be due\.\n$/);

  control({ deny: { SecurityAdmin: ['account:ListRegions'] } });
  const { status: exit, stderr } = await run('status', '--all-regions');
  assert.equal(exit, 2);
  assert.match(stderr, /x Can't look at your keys\.[\s\S]*account:ListRegions/);
});

test('where nobody can ask, status is 2 with words, and as JSON it names no account', async (t) => {
  const { folder, run, status, decide } = await world(t);
  decide((call) => (call === 'sts:GetCallerIdentity' ? 'cut' : undefined));
  const { status: exit, found, stderr } = await status('--region', 'us-east-1');
  assert.deepEqual([exit, found.account, found.keys], [2, null, []]);
  assert.match(found.regions[0].error, /^Can't look at your keys\. The connection to /);
  assert.match(stderr, /x Can't look at your keys\./);
  const wrong = await run('status', '--within', 'soon');
  assert.deepEqual([wrong.status, wrong.stdout], [2, '']);
  assert.match(wrong.stderr, /Give days or hours, such as 30d or 12h\./);
  const absent = await keyferry(['status', '--practice'], folder);
  assert.equal(absent.status, 2);
  assert.match(absent.stderr, /There is no practice account here/);
  const hint = /For the practice account here, add --practice\./;
  assert.doesNotMatch(stderr, hint);
  mkdirSync(join(folder, 'keyferry-practice-aws'));
  assert.match((await run('status', '--region', 'us-east-1')).stderr, hint);
});

test('a password in --endpoint-url is in nothing that status prints', async (t) => {
  const { folder, environment, endpoint, seed } = await world(t);
  seed('us-east-1', [{ alias: 'alias/waiting' }]);
  const withPassword = endpoint.replace('//', '//me:s3cret@');
  const flags = ['--region', 'us-east-1', '--endpoint-url', withPassword];
  const { status, stdout, stderr } = await keyferry(['status', ...flags], folder, environment);
  assert.equal(status, 1, stderr);
  assert.match(stdout, new RegExp(`import-existing alias/waiting --region us-east-1 --endpoint-url ${endpoint}$`, 'm'));
  assert.doesNotMatch(stdout + stderr, /s3cret/);
});

test('a person who stops while AWS is silent has the terminal back at once, with status 130', async (t) => {
  const { folder, control, environment, endpoint } = await world(t);
  control({ faults: [{ operation: 'kms:ListKeys', do: 'silent' }] });
  const flags = ['--region', 'us-east-1', '--endpoint-url', endpoint];
  const session = new TerminalSession(['status', ...flags], { cwd: folder, env: environment });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Waiting for 127.0.0.1');
  session.send('\u0003');
  assert.equal(await session.ends(10), 130);
  assert.match(session.transcript(), /keyferry: stopped by SIGINT\./);
});

test('status shows the keys of the practice account here', async (t) => {
  const folder = newFolder();
  const stateFolder = join(folder, 'keyferry-practice-aws');
  seedKeys(stateFolder, 'us-east-1', [{ validTo: null, alias: 'alias/practised' }]);
  const { status, stdout } = await keyferry(['status', '--practice'], folder);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.equal(status, 0);
  assert.match(stdout, /^ {2}alias\/practised +Enabled +does not expire +no backup known$/m);
});
