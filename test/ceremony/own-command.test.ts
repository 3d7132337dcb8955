import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commandPrefix, installedCommand } from '../../source/ceremony/own-command.ts';
import { keepEnvironment } from '../kept-environment.ts';

test('a command begins as this run was begun', () => {
  assert.equal(commandPrefix({}), 'keyferry');
  assert.equal(commandPrefix({ npm_lifecycle_event: 'start', npm_package_name: 'keyferry' }), 'npm start --silent --');
  assert.equal(commandPrefix({ npm_lifecycle_event: 'npx', npm_package_name: 'other' }), 'npx keyferry');
  // The start script of somebody's own project that has Keyferry installed; any other script of this one.
  assert.equal(commandPrefix({ npm_lifecycle_event: 'start', npm_package_name: 'other' }), 'keyferry');
  assert.equal(commandPrefix({ npm_lifecycle_event: 'test', npm_package_name: 'keyferry' }), 'keyferry');
});

test('words that a shell would read otherwise are quoted', () => {
  assert.equal(installedCommand(), 'keyferry');
  assert.equal(installedCommand("Anna's key"), String.raw`keyferry 'Anna'\''s key'`);
  assert.equal(installedCommand('--workdir', "Anna's key"), String.raw`keyferry --workdir 'Anna'\''s key'`);
});

test('a value that begins with a hyphen is joined to its flag', () => {
  assert.equal(installedCommand('encrypt', '--to', 's3://b', '--key', '-rf'), 'keyferry encrypt --to s3://b --key=-rf');
  for (const flag of [
    'endpoint-url',
    'identity',
    'key',
    'passphrase-file',
    'profile',
    'region',
    'state',
    'to',
    'workdir',
  ])
    assert.equal(installedCommand('x', `--${flag}`, '-a', 'b'), `keyferry x --${flag}=-a b`);
  assert.equal(installedCommand('run', '--workdir', '-a b'), "keyferry run --workdir='-a b'");
  assert.equal(
    installedCommand('status', '--practice', '--region', 'eu-west-1'),
    'keyferry status --practice --region eu-west-1',
  );
});

test('a file that is read later has the command of an installed Keyferry, however this run was started', async (t) => {
  keepEnvironment(t);
  Object.assign(process.env, { npm_lifecycle_event: 'start', npm_package_name: 'keyferry' });
  // The way in which a run was started is read once: this is the same module, read anew.
  const anew = new URL('../../source/ceremony/own-command.ts?anew', import.meta.url).href;
  const { installedCommand: installed, ownCommand }: typeof import('../../source/ceremony/own-command.ts') =
    await import(anew);
  assert.equal(ownCommand(), 'npm start --silent');
  assert.equal(ownCommand('status'), 'npm start --silent -- status');
  assert.equal(installed('status'), 'keyferry status');
});
