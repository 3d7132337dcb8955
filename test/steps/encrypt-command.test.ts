import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { encryptCommand } from '../../source/steps/encrypt-command.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { connectionOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';

const facts = {
  connection: connectionOf('arn:aws:iam::000000000000:user/alice'),
  key: { keyId: '1', keyArn: 'arn', alias: 'alias/a', createdAt: '' },
} satisfies Facts;
const ofProfile = { ...facts, connection: { ...facts.connection, source: 'profile:ops' } } as const;
const earlier = { objects: [], openingFiles: [], copies: [] };

/** The command for a folder. What is known of a first import decides whether it names the account and the Region. */
function commandIn(
  path: string,
  of: Facts,
  more: Partial<Services> = {},
  ...to: [{ bucket: string; prefix: string }?]
) {
  const services = {
    ...makeOfflineServices(new CeremonyFolder(path, false)),
    preset: { endpointUrl: 'https://kms.corp.test' },
    ...more,
  };
  return encryptCommand(of, services, ...to);
}

test('the command for more files finds its folder, its account and its Region wherever these are not at hand', () => {
  const here = join(process.cwd(), 'keyferry-a');
  const start = 'keyferry encrypt FILE --key alias/a --to s3://BUCKET';
  assert.equal(commandIn(here, ofProfile), start, 'the folder is found by its name');
  assert.equal(commandIn(here, ofProfile, { earlier, recorded: facts }), start);
  assert.equal(commandIn(join(process.cwd(), 'mine'), ofProfile), `${start} --workdir mine`);
  assert.equal(commandIn('/elsewhere/keyferry-a', ofProfile), `${start} --workdir /elsewhere/keyferry-a`);
  // In another directory, where it does not find the folder, the command must not connect to AWS itself.
  assert.equal(commandIn(here, facts), `${start} --practice`);
  assert.equal(commandIn(join(process.cwd(), 'mine'), facts), `${start} --workdir mine`);
  assert.equal(
    commandIn(here, ofProfile, { earlier }),
    `${start} --profile ops --region us-east-1 --endpoint-url https://kms.corp.test`,
  );
  assert.match(commandIn(here, facts, { earlier }), / --practice --region us-east-1 /);
  const to = { bucket: 'b', prefix: 'p/' };
  assert.equal(commandIn(here, ofProfile, {}, to), 'keyferry encrypt FILE --key alias/a --to s3://b/p/');
});
