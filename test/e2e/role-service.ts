import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { serve } from '../loopback-server.ts';
import type { FixedIdentity } from '../practice/fixed-identities.ts';

/** A request for a role, and the id of the access key that signed it. */
export type RoleRequest = { readonly action: string; readonly signedBy: string | undefined };

/**
 * Gives out the credentials of a practice identity as STS does for AssumeRole and AssumeRoleWithWebIdentity, and IAM
 * Identity Center for GetRoleCredentials, whoever asks, and fresh tokens where a sign-in of either kind has ended; practice
 * AWS has none of these. Ends with the test.
 * @param refusal an error code with which it answers instead.
 */
export async function roleService(t: TestContext, { credentials, arn }: FixedIdentity, refusal?: string) {
  const asked: RoleRequest[] = [];
  const { accessKeyId, secretAccessKey, sessionToken = 'none' } = credentials;
  const expiration = Date.now() + 3_600_000;
  const fresh = { refreshToken: 'another', expiresIn: 3600 };
  const tokens: Readonly<Record<string, object>> = {
    'POST /token': { ...fresh, accessToken: 'fresh', tokenType: 'Bearer' },
    'POST /v1/token': {
      ...fresh,
      accessToken: { accessKeyId, secretAccessKey, sessionToken },
      tokenType: 'aws_sigv4',
    },
  };
  const server = createServer(async (request, response) => {
    const action = new URLSearchParams(await text(request)).get('Action') ?? `${request.method} ${request.url}`;
    asked.push({ action, signedBy: /Credential=([^/]+)/.exec(request.headers.authorization ?? '')?.[1] });
    const ofIdentityCenter = action.startsWith('GET /federation/credentials');
    if (refusal !== undefined) {
      response.writeHead(403, { 'x-amzn-errortype': refusal });
      const message = 'This role is not for you';
      response.end(
        ofIdentityCenter
          ? JSON.stringify({ message })
          : `<ErrorResponse><Error><Code>${refusal}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
      return;
    }
    if (action in tokens) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(tokens[action]));
      return;
    }
    if (ofIdentityCenter) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ roleCredentials: { accessKeyId, secretAccessKey, sessionToken, expiration } }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/xml' });
    response.end(
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result><Credentials>` +
        `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>${secretAccessKey}</SecretAccessKey>` +
        `<SessionToken>${sessionToken}</SessionToken><Expiration>${new Date(expiration).toISOString()}</Expiration>` +
        `</Credentials><AssumedRoleUser><Arn>${arn}</Arn><AssumedRoleId>AROAX:x</AssumedRoleId></AssumedRoleUser>` +
        `</${action}Result></${action}Response>`,
    );
  });
  const { endpoint } = await serve(t, server);
  return { asked, environment: { AWS_ENDPOINT_URL_STS: endpoint, AWS_ENDPOINT_URL_SSO: endpoint } };
}
