import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { defaultIdentities, machineKey } from './default-identities.ts';
import { identityWorld } from './identity-world.ts';
import { roleService } from './role-service.ts';

for (const { name, config, environment, signer, role } of defaultIdentities) {
  test(`whom unfinished works as without flags: ${name}`, async (t) => {
    const { run, machine, requests, signers, folder } = await identityWorld(t, config);
    const service = await roleService(t, practiceIdentities.appDeployer);
    const { status, stderr } = await run(['unfinished'], {
      ...machine.instance,
      ...service.environment,
      ...environment,
    });
    if (typeof signer === 'string') {
      assert.equal(status, 0, stderr);
      assert.deepEqual(signers(), [signer]);
    } else {
      assert.equal(status, 1);
      assert.match(stderr, signer);
      assert.deepEqual(requests, []);
    }
    assert.equal(machine.asked.length > 0, signer === machineKey);
    assert.deepEqual(
      service.asked.map(({ action }) => action),
      role === undefined ? [] : [role],
    );
    assert.equal(existsSync(join(folder, 'has-run')), false);
  });
}
