import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { readAwsEnvironment } from '../../source/aws/environment.ts';
import { placeInUse } from '../../source/commands/place-in-use.ts';
import { keepEnvironment } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';

/** Sets the variables of this process that say where to connect, until the test is over. */
function setPlace(t: TestContext, set: Readonly<Record<string, string>>): void {
  const nowhere = newFolder();
  const files = { AWS_CONFIG_FILE: `${nowhere}/config`, AWS_SHARED_CREDENTIALS_FILE: `${nowhere}/credentials` };
  const names = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_DEFAULT_PROFILE', ...Object.keys(files)];
  keepEnvironment(t);
  for (const name of names) delete process.env[name];
  Object.assign(process.env, files, set);
}

for (const [set, options, region, regionFrom] of [
  [{}, {}, 'us-east-1', 'default'],
  [{ AWS_DEFAULT_REGION: 'eu-west-1' }, {}, 'eu-west-1', 'AWS_DEFAULT_REGION'],
  [{ AWS_REGION: 'eu-west-2', AWS_DEFAULT_REGION: 'eu-west-1' }, {}, 'eu-west-2', 'AWS_REGION'],
  [{ AWS_REGION: 'eu-west-2' }, { region: 'eu-west-3' }, 'eu-west-3', '--region'],
] as const) {
  test(`${JSON.stringify({ ...set, ...options })}: the Region is ${region}, and it is said that ${regionFrom} says so`, async (t) => {
    setPlace(t, set);
    const place = placeInUse(options, await readAwsEnvironment(process.env));
    assert.deepEqual([place.region, place.regionFrom], [region, regionFrom]);
  });
}

test('the Region of a profile counts where neither a flag nor a variable names one', async (t) => {
  setPlace(t, {});
  const environment = {
    ...(await readAwsEnvironment(process.env)),
    profiles: [{ name: 'ops', region: 'eu-north-1' }],
  };
  const of = (options: Parameters<typeof placeInUse>[0], region?: string) =>
    placeInUse(options, { ...environment, region });
  assert.deepEqual(of({ profile: 'ops' }), {
    source: 'profile:ops',
    sourceFrom: '--profile',
    region: 'eu-north-1',
    regionFrom: 'the profile',
  });
  assert.equal(of({ profile: 'ops' }, 'eu-west-1').region, 'eu-west-1');
  assert.equal(of({ profile: 'other' }).regionFrom, 'default');
  assert.deepEqual([of({ practice: true }).source, of({ practice: true }).sourceFrom], ['practice', '--practice']);
});
