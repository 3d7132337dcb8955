import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { withCommandsToPaste } from '../../source/steps/practice-commands.ts';
import type { KeyferryCeremony, Services } from '../../source/steps/services.ts';
import { connectionOf, fetchedPair } from '../known-facts.ts';
import { makeServices } from '../services.ts';

const facts: Facts = {
  connection: connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin'),
  wrapping: fetchedPair,
};

function commandsOf({ steps }: KeyferryCeremony, id: string, services: Services, answers: Answers = {}) {
  const commands = steps.find((step) => step.id === id)?.commands({ facts, answers, services });
  return commands?.map(({ shell }) => shell) ?? [];
}

test('on practice AWS, commands to paste reach the one of this run, with its credentials, and nothing else', {
  skip: spawnSync('aws', ['--version']).status === 0 ? false : 'no aws',
}, async (t) => {
  const { services, practice } = await makeServices(t);
  await services.session.connect('practice', 'us-east-1');
  const shown = commandsOf(withCommandsToPaste(firstImport), 'describe-key', services, { alias: 'payments' });
  assert.match(
    shown[0] ?? '',
    /^export AWS_ACCESS_KEY_ID=\S+ \\\n {2}AWS_SECRET_ACCESS_KEY=\S+ \\\n {2}AWS_SESSION_TOKEN=\S+$/,
  );
  assert.match(shown[1] ?? '', new RegExp(`--endpoint-url ${practice.server.endpoint}\\)`));
  const env = { PATH: process.env.PATH, HOME: services.folder.path, AWS_EC2_METADATA_DISABLED: 'true' };
  await promisify(execFile)('bash', ['-euc', shown.join('\n')], { env });
  assert.deepEqual(
    commandsOf(withCommandsToPaste(firstImport), 'wrap', services).filter((shell) => shell.startsWith('export')),
    [],
    'openssl needs no credentials',
  );
});

test('commands for later name no port of practice AWS, and without its variable they reach nothing', async (t) => {
  const { services } = await makeServices(t);
  const before = commandsOf(withCommandsToPaste(firstImport), 'connect', services);
  await services.session.connect('practice', 'us-east-1');
  const later = commandsOf(firstImport, 'describe-key', services, { alias: 'payments' });
  for (const shell of [...before, ...later]) assert.match(shell, /--endpoint-url "\$AWS_ENDPOINT_URL"/);
});

test('while the date of an expiry is half typed there is no command to import without one', async (t) => {
  const { services } = await makeServices(t);
  const imported: Facts = {
    ...facts,
    description: { alias: 'alias/pay', description: '', acknowledged: true },
    wrapped: { file: 'enc.aes.key', bytes: 512, by: 'you' },
  };
  const step = firstImport.steps.find(({ id }) => id === 'import');
  const shellAt = (validTo: string) =>
    step?.commands({ facts: imported, answers: { expiry: 'date', 'valid-to': validTo }, services }) ?? [];
  assert.deepEqual(shellAt('2027-'), []);
  assert.match(shellAt('90d')[1]?.shell ?? '', /KEY_MATERIAL_EXPIRES/);
});
