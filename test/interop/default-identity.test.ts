import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { installedCommand } from '../../source/ceremony/own-command.ts';
import { connect } from '../../source/steps/connect.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { defaultIdentities, machineKey } from '../e2e/default-identities.ts';
import { environmentKeys, identityWorld, profileKeys } from '../e2e/identity-world.ts';
import { bareEnvironment } from '../e2e/program.ts';
import { roleService } from '../e2e/role-service.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';

const skip = spawnSync('aws', ['--version']).status === 0 ? false : 'no aws';

for (const { name, config, environment, signer, role } of defaultIdentities) {
  test(`aws works as the same without flags: ${name}`, { skip }, async (t) => {
    const { machine, requests, signers, folder, endpoint } = await identityWorld(t, config);
    const service = await roleService(t, practiceIdentities.appDeployer);
    const env = { ...bareEnvironment(folder), ...machine.instance, ...service.environment, ...environment };
    const args = ['kms', 'list-keys', '--region', 'us-east-1', '--endpoint-url', endpoint];
    const called = promisify(execFile)('aws', args, { cwd: folder, env });
    if (typeof signer === 'string') {
      await called;
      assert.deepEqual(signers(), [signer]);
    } else {
      await assert.rejects(called);
      assert.deepEqual(requests, []);
    }
    assert.equal(machine.asked.length > 0, signer === machineKey);
    assert.deepEqual(
      service.asked.map(({ action }) => action),
      role === undefined ? [] : [role],
    );
  });
}

test('the command that is shown for the role of the machine uses it, whatever else is at hand', { skip }, async (t) => {
  const { machine, signers, folder, endpoint } = await identityWorld(t, `[default]\n${profileKeys('appDeployer')}`);
  for (const environment of [{}, environmentKeys('secops1'), { AWS_PROFILE: 'default' }]) {
    const services = {
      session: { connected: true, clients: { endpointUrl: endpoint } },
      environment: { source: 'environment' },
      preset: {},
      ownCommand: installedCommand,
    } as unknown as Services;
    const facts = { connection: { source: 'instance-role', region: 'us-east-1' } } as Facts;
    const [command] = connect.commands({ facts, answers: {}, services });
    const env = { ...bareEnvironment(folder), ...machine.instance, ...environment };
    await promisify(execFile)('sh', ['-c', command?.shell ?? ''], { cwd: folder, env });
  }
  assert.deepEqual(signers(), [machineKey]);
});
