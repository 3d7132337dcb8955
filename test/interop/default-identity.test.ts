import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { readAwsEnvironment } from '../../source/aws/environment.ts';
import { connect } from '../../source/steps/connect.ts';
import type { Connection } from '../../source/steps/facts.ts';
import { defaultIdentities, machineKey } from '../e2e/default-identities.ts';
import { environmentKeys, identityWorld, profileKeys } from '../e2e/identity-world.ts';
import { bareEnvironment } from '../e2e/program.ts';
import { roleService } from '../e2e/role-service.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { sampleOf } from '../seed.ts';
import { makeServices } from '../services.ts';

const skip = spawnSync('aws', ['--version']).status === 0 ? false : 'no aws';

for (const { name, config, environment, signer, role } of sampleOf(defaultIdentities, 3)) {
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
  const { services } = await makeServices(t, {
    endpoint,
    parts: { preset: {}, environment: await readAwsEnvironment(environmentKeys('secops1')) },
  });
  await services.session.connect('practice', 'us-east-1');
  const connection: Connection = {
    source: 'instance-role',
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    callerArn: 'arn:aws:sts::000000000000:assumed-role/machine/i-0',
    principalArn: 'arn:aws:iam::000000000000:role/machine',
  };
  for (const environment of [{}, environmentKeys('secops1'), { AWS_PROFILE: 'default' }]) {
    const [command] = connect.commands({ facts: { connection }, answers: {}, services });
    const env = { ...bareEnvironment(folder), ...machine.instance, ...environment };
    await promisify(execFile)('sh', ['-c', command?.shell ?? ''], { cwd: folder, env });
  }
  assert.deepEqual(signers(), [machineKey]);
});
