import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { frontOf } from '../cases/front.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, type Changes, exampleWith, ofEnvironment } from './answers.ts';
import { environmentKeys } from './identity-world.ts';
import { keyferry } from './program.ts';

/* What stands before AWS where people work, and who they are there. */

/** A first import as whoever the front makes of the caller. */
async function importBehind(t: TestContext, name: string, changes: Changes = {}) {
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  t.after(() => aws.close());
  const { endpoint } = await frontOf(t, name, aws.endpoint);
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(ofEnvironment, changes));
  const args = ['run', answers, '--endpoint-url', endpoint, '--workdir', 'w'];
  return { ...(await keyferry(args, folder, environmentOf(aws.credentials))), folder };
}

test('a proxy that only notes what it is asked is told with its status, and saw where Keyferry goes', async (t) => {
  const { endpoint, seen } = await frontOf(t, 'logging-proxy', 'http://127.0.0.1:9');
  const { status, stderr } = await keyferry(['unfinished', '--region', 'us-east-1'], newFolder(), {
    ...environmentKeys('secops1'),
    HTTPS_PROXY: endpoint,
  });
  assert.equal(status, 1);
  assert.ok(seen.includes('CONNECT kms.us-east-1.amazonaws.com:443'), seen.join());
  assert.match(stderr, /the proxy answered with status 503/);
});

test('the account root imports a key without naming anybody', async (t) => {
  const { status, stderr, folder } = await importBehind(t, 'root');
  assert.equal(status, 0, stderr);
  const { account } = JSON.parse(readFileSync(join(folder, 'w', 'record.json'), 'utf8'));
  assert.match(JSON.stringify(account), /arn:aws:iam::000000000000:root/);
});

for (const [name, who, says] of [
  [
    'federated-user',
    'federated-user/bob',
    /\.yaml:\d+: permissions\.administrators is missing\. It takes .*, or \[\] for the account root alone: a federated user has no user or role of its own/,
  ],
  [
    'govcloud',
    'assumed-role/SecurityAdmin/you',
    /permissions\.administrators is not given, and its default .* cannot be taken: .* is not of aws-us-gov, the part of AWS in which this account is/,
  ],
] as const) {
  test(`as ${who} of the front ${name}, nothing is created where the people of the key cannot be told`, async (t) => {
    const { status, stderr } = await importBehind(t, name);
    assert.equal(status, 2, stderr);
    assert.ok(stderr.includes('You are arn:') && stderr.includes(who), stderr);
    assert.match(stderr, says);
    assert.match(stderr, /nothing was created/);
  });
}
