import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { readCaller } from '../../source/aws/identity.ts';
import { MfaCode } from '../../source/aws/mfa-code.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { typedText } from '../typed-text.ts';
import { configFile, setNetwork } from './network-settings.ts';

/** Clients of a profile whose role wants a code, before practice AWS, whose sessions last an hour. */
async function clientsWithMfa(t: TestContext) {
  const aws = await startPracticeAws({ stateFolder: newFolder(), fixedCredentials: true });
  const { accessKeyId, secretAccessKey } = practiceIdentities.secops1.credentials;
  const config = configFile(`[profile ops]
aws_access_key_id = ${accessKeyId}
aws_secret_access_key = ${secretAccessKey}
[profile glass]
role_arn = arn:aws:iam::000000000000:role/BreakGlass
source_profile = ops
mfa_serial = arn:aws:iam::000000000000:mfa/secops-1
`);
  setNetwork(t, { ...config, AWS_ENDPOINT_URL_STS: aws.endpoint });
  const mfa = new MfaCode();
  const clients = await openClients({
    credentials: { from: 'profile', profile: 'glass' },
    region: 'us-east-1',
    endpointUrl: aws.endpoint,
    onCall: () => {},
    mfa,
  });
  t.after(async () => {
    clients.close();
    await aws.close();
  });
  return { clients, mfa };
}

/** Gives what answers the question that comes in the place of what a call gives. */
async function answerTo(call: Promise<unknown>) {
  const error = await call.then(
    () => assert.fail('nothing was asked'),
    (thrown: unknown) => thrown,
  );
  const { ask } = explainAwsError(error, { what: 'It did not happen.' });
  assert.ok(ask?.kind === 'secret', String(error));
  return (code: string) => {
    const text = typedText(code);
    const problem = ask.check?.(text);
    if (problem === undefined) ask.keep(text);
    text.destroy();
    return problem;
  };
}

test('the code is asked for once for all services, and again when the session nears its end', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const { clients, mfa } = await clientsWithMfa(t);
  const answer = await answerTo(clients.signIn());
  for (const wrong of ['12345', '1234567', '12345x', '']) assert.match(answer(wrong) ?? '', /six digits/);
  assert.equal(mfa.isGiven, false);
  assert.equal(answer('123456'), undefined);
  await clients.signIn();
  assert.equal(mfa.isGiven, false, 'a code is good once');
  assert.match((await readCaller(clients)).arn, /assumed-role\/BreakGlass/);
  // The SDK renews what ends within five minutes.
  t.mock.timers.setTime(Date.now() + 56 * 60_000);
  const again = await answerTo(readCaller(clients));
  assert.equal(again('123456'), undefined);
  assert.match((await readCaller(clients)).arn, /assumed-role\/BreakGlass/);
});

test('a code is held once, and overwritten when it is taken, forgotten or replaced', (t) => {
  const mfa = new MfaCode();
  const question = mfa.questionFor('ops', 'the-device');
  assert.match(question.help ?? '', /the-device/);
  assert.equal(question.ask, 'Which code does the MFA device of profile ops show?');
  assert.deepEqual(
    [question.id, question.label, question.form],
    ['mfa-code', 'MFA code', 'the six digits that the device shows'],
  );
  const destroyed = t.mock.method(SecretText.prototype, 'destroy');
  const typed = typedText('123456');
  question.keep(typed);
  assert.equal(mfa.isGiven, true);
  assert.deepEqual([mfa.take(), mfa.isGiven, mfa.take()], ['123456', false, '']);
  assert.equal(destroyed.mock.callCount(), 1);
  // What was typed is the person's own, and is still there.
  assert.equal(
    typed.use((bytes) => bytes.toString('latin1')),
    '123456',
  );
  question.keep(typed);
  question.keep(typedText('654321'));
  assert.equal(destroyed.mock.callCount(), 2);
  mfa.forget();
  assert.deepEqual([destroyed.mock.callCount(), mfa.isGiven], [3, false]);
});

test('a code that was not used is no longer valid at the next sign-in', async (t) => {
  const config = configFile(`[profile ops]
credential_process = false
[profile glass]
role_arn = arn:aws:iam::000000000000:role/BreakGlass
source_profile = ops
mfa_serial = arn:aws:iam::000000000000:mfa/secops-1
`);
  setNetwork(t, config);
  const mfa = new MfaCode();
  const credentials = { from: 'profile', profile: 'glass' } as const;
  const clients = await openClients({ credentials, region: 'us-east-1', onCall: () => {}, mfa });
  t.after(() => clients.close());
  const answer = await answerTo(clients.signIn());
  assert.equal(answer('123456'), undefined);
  await assert.rejects(clients.signIn(), /credential_process of profile ops gave no credentials/);
  assert.equal(mfa.isGiven, false);
});
