import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAwsEnvironment } from '../../source/aws/environment.ts';

test('an empty variable is as good as none: it holds no key, names no profile and no role', async () => {
  const names = [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_PROFILE',
    'AWS_DEFAULT_PROFILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ];
  const { hasKeys, hasRole, source } = await readAwsEnvironment(Object.fromEntries(names.map((name) => [name, ''])));
  assert.deepEqual([hasKeys, hasRole, source], [false, false, 'instance-role']);
});

test('an access key has two parts, and a role is named by any of its variables', async () => {
  const offers = async (...names: readonly string[]) => {
    const { hasKeys, hasRole } = await readAwsEnvironment(Object.fromEntries(names.map((name) => [name, 'x'])));
    return [hasKeys, hasRole];
  };
  assert.deepEqual(await offers('AWS_ACCESS_KEY_ID'), [false, false]);
  assert.deepEqual(await offers('AWS_SECRET_ACCESS_KEY'), [false, false]);
  assert.deepEqual(await offers('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'), [true, false]);
  for (const name of [
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
  ])
    assert.deepEqual(await offers(name), [false, true], name);
});
