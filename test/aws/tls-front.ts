import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';

export type Authority = {
  /** The file with its certificate. */
  readonly file: string;
  /** A server's key and certificate of that authority. */
  readonly key: string;
  readonly cert: string;
};

const names = [
  '*.us-east-1.amazonaws.com',
  '*.s3.us-east-1.amazonaws.com',
  'iam.amazonaws.com',
  '*.sso.us-east-1.amazonaws.com',
  '*.signin.aws.amazon.com',
  'localhost',
];

/** An authority of our own with a certificate for hosts of AWS; nothing where openssl is missing. */
export function makeAuthority(): Authority | undefined {
  const folder = newFolder();
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const alternatives = [...names.map((name) => `DNS:${name}`), 'IP:127.0.0.1'].join(',');
  writeFileSync(at('ext'), `subjectAltName=${alternatives}\n`);
  try {
    openssl('req', '-x509', ...ecKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Inspection');
    openssl('req', ...ecKey, '-keyout', 'key.pem', '-out', 'csr.pem', '-subj', '/CN=proxy');
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'ext', '-days', '2'];
    openssl('x509', '-req', '-in', 'csr.pem', ...by, '-out', 'cert.pem');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return { file: at('ca.pem'), key: readFileSync(at('key.pem'), 'utf8'), cert: readFileSync(at('cert.pem'), 'utf8') };
}

/**
 * Speaks TLS before an endpoint that speaks plain HTTP, and gives its port. Ends with the test.
 * @param groups the groups of the key exchange that it takes, as OpenSSL names them; without them, those of this Node.
 * @param without the name of a header that it leaves out of each answer.
 */
export async function tlsFront(
  t: TestContext,
  endpoint: string,
  { key, cert }: Authority,
  { groups, without }: { readonly groups?: string | undefined; readonly without?: string } = {},
): Promise<number> {
  const { hostname, port } = new URL(endpoint);
  const server = createServer({ key, cert, ...(groups === undefined ? {} : { ecdhCurve: groups }) }, (from, answer) => {
    const { method, url: path, headers } = from;
    const onward = request({ hostname, port, method, path, headers }, (response) => {
      const headers = Object.entries(response.headers).filter(([name]) => name !== without);
      answer.writeHead(response.statusCode ?? 500, Object.fromEntries(headers));
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    from.pipe(onward);
  });
  const { port: front } = await serve(t, server);
  return front;
}
