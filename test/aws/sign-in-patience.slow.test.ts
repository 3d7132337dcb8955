import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { type Spoil, spoil, spoils } from '../faults/spoiled-answer.ts';
import { serve } from '../loopback-server.ts';
import { ample, short } from './impatient-clients.ts';
import { accessKeyLines, configFile, setNetwork } from './network-settings.ts';
import { signOn, ssoProfile } from './signed-on.ts';

/* The services that give credentials are asked inside the SDK, and are waited for like all others. */

const config = `[profile role]
role_arn = arn:aws:iam::000000000000:role/Admin
source_profile = keys
[profile keys]
${accessKeyLines}${ssoProfile}`;

/** What is told where the service of credentials answers in this way, and how much it could send. */
async function told(t: TestContext, profile: string, how: Spoil) {
  let sent = 0;
  const server = createServer((request, answer) => {
    request.resume();
    answer.on('close', () => {
      sent += answer.socket?.bytesWritten ?? 0;
    });
    spoil(answer, how, 20);
  });
  const { endpoint } = await serve(t, server);
  setNetwork(t, { ...configFile(config), AWS_ENDPOINT_URL_STS: endpoint, AWS_ENDPOINT_URL_SSO: endpoint });
  signOn(t);
  const credentials = { from: 'profile', profile } as const;
  // What is too long does not end by the clock.
  const patience = how.includes('endless') ? ample : short;
  const clients = await openClients({ credentials, region: 'us-east-1', onCall: () => {}, patience });
  t.after(() => clients.close());
  const error = await clients.signIn().then(
    () => assert.fail('It signed in.'),
    (thrown: unknown) => thrown,
  );
  return { problem: explainAwsError(error, { what: 'x' }), sent };
}

for (const profile of ['role', 'sso']) {
  for (const how of spoils) {
    test(`a sign-in of the profile ${profile} whose answer is ${how} ends in words`, { timeout: 60_000 }, async (t) => {
      const { problem, sent } = await told(t, profile, how);
      assert.match(
        problem.why ?? '',
        how.includes('endless')
          ? /sent more (than 0\.1 MB where AWS sends a short answer|headers than AWS does)/
          : /no answer came (within 0 s|in time)|less than 1 kB came in 0 s/,
      );
      assert.doesNotMatch(JSON.stringify(problem), /unforeseen|login/);
      assert.ok(sent < 20_000_000, `${sent} bytes were taken`);
    });
  }
}
