import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DeleteImportedKeyMaterialCommand, DisableKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { finishedCeremony } from '../secrets/finished-ceremony.ts';
import { keyferry } from './program.ts';
import { TerminalSession } from './terminal-session.ts';

const changes = [
  ['PendingImport', 'deleted', (KeyId: string) => new DeleteImportedKeyMaterialCommand({ KeyId })],
  ['Disabled', 'enable-key', (KeyId: string) => new DisableKeyCommand({ KeyId })],
  [
    'PendingDeletion',
    'cancel-key-deletion',
    (KeyId: string) => new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }),
  ],
] as const;

for (const [state, word, command] of changes) {
  test(`a finished ceremony whose key is ${state} now says so, and not what its journal remembers`, async (t) => {
    const { kms, keyId, folder, endpoint, environment, w } = await finishedCeremony(t);
    await kms.send(command(keyId) as DisableKeyCommand);
    const place = ['--endpoint-url', endpoint, '--workdir', 'w'];
    const { status, stdout, stderr } = await keyferry(
      ['run', 'any name.yaml', ...place, '--json'],
      folder,
      environment,
    );
    assert.equal(status, 3, stderr);
    const result = JSON.parse(stdout);
    assert.equal(result.keyState, state);
    assert.equal(result.problem.code, state);
    assert.match(JSON.stringify(result.problem), new RegExp(word));
    assert.doesNotMatch(`${stdout}${stderr}`, /is Enabled/);
    const page = await keyferry(['run', 'any name.yaml', ...place], folder, environment);
    assert.equal(page.status, 3);
    assert.match(page.stdout, new RegExp(`^alias/my-first-key is ${state} in us-east-1, as of 20`));

    const session = new TerminalSession(['--workdir', w, '--endpoint-url', endpoint], {
      cwd: folder,
      env: environment,
    });
    t.after(() => session.kill('SIGKILL'));
    await session.shows(new RegExp(`alias/my-first-key is ${state} in us-east-1`));
    session.send('\r');
    assert.equal(await session.ends(), 3);
  });
}

test('a finished ceremony whose key KMS does not show says that its state is not known', async (t) => {
  const { folder, endpoint, environment, decide } = await finishedCeremony(t);
  const args = ['run', 'any name.yaml', '--endpoint-url', endpoint, '--workdir', 'w', '--json'];
  const shown = await keyferry(args, folder, environment);
  assert.equal(shown.status, 0, shown.stderr);
  assert.equal(JSON.parse(shown.stdout).keyState, 'Enabled');
  assert.match(JSON.parse(shown.stdout).keyStateAsOf, /^20\d\d-/);
  const record = readFileSync(join(folder, 'w', 'record.md'), 'utf8');
  assert.match(record, /\| Key state \| Enabled, as of 20\d\d-/);
  const refusal = { __type: 'AccessDeniedException', message: 'User is not authorized to perform: kms:DescribeKey' };
  const headers = { 'content-type': 'application/x-amz-json-1.1' };
  decide((call) => (call === 'kms:DescribeKey' ? { status: 400, headers, body: JSON.stringify(refusal) } : undefined));
  const { status, stdout } = await keyferry(args, folder, environment);
  assert.equal(status, 3);
  assert.equal(JSON.parse(stdout).keyState, null);
  assert.equal(JSON.parse(stdout).problem.code, 'AccessDeniedException');
});
