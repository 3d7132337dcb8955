import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awsCommand, findNamedKeyCommand, keyArnVariable, onOneLine } from '../../source/steps/aws-command-line.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { makeOfflineServices, withClients } from '../offline-services.ts';

type Source = NonNullable<Facts['connection']>['source'];

const identity = 'sts get-caller-identity';
const from = (source: Source) => ({ connection: { source, region: 'eu-west-1' } });

test('a command goes to the account, the Region and the endpoint of the connection, and before one to none of its own', (t) => {
  const offline = makeOfflineServices();
  const lineFor = (facts: Parameters<typeof awsCommand>[0], services: Services) =>
    onOneLine(awsCommand(facts, services, identity));
  const start = `aws ${identity}`;
  assert.equal(lineFor({}, offline), start);
  assert.equal(lineFor(from('environment'), offline), `${start} --region eu-west-1`);
  assert.equal(lineFor(from('environment'), withClients(t, {})), `${start} --region eu-west-1`);
  assert.equal(lineFor(from('profile:ops team'), offline), `${start} --profile 'ops team' --region eu-west-1`);
  const endpoint = 'https://kms.corp.test/?a=1&b=2';
  assert.equal(
    lineFor(from('environment'), withClients(t, { endpointUrl: endpoint })),
    `${start} --region eu-west-1 --endpoint-url '${endpoint}'`,
  );
  const practice = `${start} --region eu-west-1 --endpoint-url`;
  assert.equal(lineFor(from('practice'), withClients(t, { endpointUrl: endpoint })), `${practice} "$AWS_ENDPOINT_URL"`);
  const practiceNow = { endpoint: 'http://127.0.0.1:4599' } as NonNullable<Services['practiceNow']>;
  assert.equal(lineFor(from('practice'), { ...offline, practiceNow }), `${practice} http://127.0.0.1:4599`);
});

test('the role of the machine is forced only where aws would choose other credentials here', () => {
  const services = makeOfflineServices();
  const isForced = (source: Source, chosenByAws: Services['environment']['source']) => {
    const environment = { ...services.environment, source: chosenByAws };
    return awsCommand(from(source), { ...services, environment }, identity).startsWith('env -u AWS_ACCESS_KEY_ID ');
  };
  assert.equal(isForced('instance-role', 'environment'), true);
  assert.equal(isForced('instance-role', 'profile:default'), true);
  assert.equal(isForced('instance-role', 'instance-role'), false);
  assert.equal(isForced('environment', 'profile:default'), false);
  const environment = { ...services.environment, source: 'environment' } as const;
  assert.match(
    awsCommand(from('instance-role'), { ...services, environment }, identity),
    /AWS_CONFIG_FILE=\/dev\/null AWS_SHARED_CREDENTIALS_FILE=\/dev\/null aws sts get-caller-identity/,
  );
});

test('options are quoted for the shell, and none can pass for another option', () => {
  const line = onOneLine(
    awsCommand({}, makeOfflineServices(), 'kms sign', {
      'key-id': keyArnVariable,
      'dry-run': true,
      message: "it's",
      policy: '--version',
      output: 'text',
    }),
  );
  assert.equal(
    line,
    `aws kms sign --key-id "$KEY_ARN" --dry-run --message 'it'\\''s' --policy=--version --output text`,
  );
});

test('the command that finds a key says by what it finds it, and the ARN where that is known', () => {
  const services = makeOfflineServices();
  const key = { keyId: 'k', keyArn: 'arn:k', alias: 'alias/a', createdAt: '' };
  const found = (facts: Facts, name: string) => findNamedKeyCommand(facts, services, name);
  assert.equal(found({}, 'alias/a').says, 'Find the key by its alias');
  assert.equal(found({}, 'k').says, 'Find the key by its name');
  assert.equal(found({ key }, 'alias/a').says, 'Find the key by its alias: arn:k');
  const { shell, makes } = found({}, 'alias/a');
  assert.equal(
    onOneLine(shell),
    'KEY_ARN=$(aws kms describe-key --key-id alias/a --query KeyMetadata.Arn --output text)',
  );
  assert.equal(makes, 'KEY_ARN');
});
