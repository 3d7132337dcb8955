import { createServer } from 'node:http';
import type { TestContext } from 'node:test';
import { serve } from '../loopback-server.ts';
import type { FixedIdentity } from '../practice/fixed-identities.ts';

const metadataPath = '/latest/meta-data/iam/security-credentials/';

/**
 * A machine with a role: its instance metadata service (IMDSv2) and the credentials endpoint of a container, on loopback.
 * Both hand out the credentials of a practice identity; `asked` is every request that came. Ends with the test.
 * @param statuses paths that are refused with a status instead.
 */
export async function machineRole(
  t: TestContext,
  { credentials }: FixedIdentity,
  statuses: Readonly<Record<string, number>> = {},
) {
  const asked: string[] = [];
  const answer = JSON.stringify({
    Code: 'Success',
    Type: 'AWS-HMAC',
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    Token: credentials.sessionToken ?? 'none',
    Expiration: new Date(Date.now() + 6 * 3_600_000).toISOString(),
  });
  const pages: Readonly<Record<string, string>> = {
    'PUT /latest/api/token': 'session-token',
    [`GET ${metadataPath}`]: 'machine-role',
    [`GET ${metadataPath}machine-role`]: answer,
    'GET /container': answer,
  };
  const server = createServer((request, response) => {
    const page = `${request.method} ${request.url}`;
    asked.push(page);
    const needsToken = page.startsWith(`GET ${metadataPath}`);
    const refused = needsToken && request.headers['x-aws-ec2-metadata-token'] !== 'session-token' ? 401 : undefined;
    const status = statuses[request.url ?? ''] ?? refused ?? (page in pages ? 200 : 404);
    response.writeHead(status).end(status === 200 ? pages[page] : '{"Code":"NotAllowed","Message":"no role here"}');
  });
  const { endpoint } = await serve(t, server);
  return {
    asked,
    /** What makes this an instance in the eyes of an SDK. */
    instance: { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint, AWS_EC2_METADATA_DISABLED: 'false' },
    /** What a container is told of its credentials. */
    container: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}/container` },
  };
}
