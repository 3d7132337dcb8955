import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { answersFile, exampleWith } from './answers.ts';
import { identityWorld } from './identity-world.ts';

test('a program that waits for a person longer than AWS may take to answer is waited for', async (t) => {
  const config = '[profile touch]\ncredential_process = sh -c "sleep 16; cat credentials.json"\n';
  const { run, folder, signers } = await identityWorld(t, config);
  const { accessKeyId, secretAccessKey } = practiceIdentities.secops1.credentials;
  const keys = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify({ Version: 1, ...keys }));
  const answers = answersFile(folder, exampleWith());
  const { status, stderr } = await run(['run', answers, '--profile', 'touch', '--workdir', 'w']);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /Asking AWS who you are\n {2}Waiting for the program of profile touch\n/);
  assert.deepEqual(signers(), [accessKeyId]);
});
