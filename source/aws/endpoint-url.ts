import { isLoopback } from './practice-server.ts';
import { SettingsError } from './settings-error.ts';

/**
 * Checks an endpoint that a flag, the environment or a profile names.
 * @returns the endpoint as it is used: see {@link withoutPassword}.
 * @throws SettingsError when it is no URL, or when it is plain HTTP to another machine.
 */
export function checkedEndpoint(given: string): string {
  const endpoint = withoutPassword(given);
  if (!isHttpUrl(endpoint))
    throw new SettingsError({
      why: `The endpoint "${endpoint}" is no address that starts with http:// or https://.`,
      next: [whereToLook],
    });
  const url = new URL(endpoint);
  if (url.protocol === 'http:' && !isThisMachine(url.hostname))
    throw new SettingsError({
      why: `The endpoint http://${url.host} is plain HTTP to another machine. Nothing would show who answers there, and others on the way could read and change all that is sent.`,
      next: ['Use its address with https://.', whereToLook],
    });
  return endpoint;
}

/** Tells whether a host is this machine: nothing that is sent to 127.0.0.0/8 leaves it (RFC 1122, section 3.2.1.3). */
const isThisMachine = (hostname: string) => isLoopback(hostname) || /^127(\.\d{1,3}){3}$/.test(hostname);

/** Gives an endpoint without a user and a password: Keyferry does not use them, and nobody must see them. */
export function withoutPassword(endpoint: string): string {
  return endpoint.replace(/^([^/?#]*)\/\/[^/?#]*@/, '$1//');
}

const whereToLook = 'Check --endpoint-url, AWS_ENDPOINT_URL in the environment and endpoint_url of the profile.';

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}

/**
 * Refuses to connect while Node is told not to check certificates: then anybody on the way could answer in the place of AWS.
 * @throws SettingsError when `NODE_TLS_REJECT_UNAUTHORIZED` is 0 (Node.js documentation, "Command-line API").
 */
export function refuseUncheckedCertificates(env: Readonly<Record<string, string | undefined>>): void {
  if (env.NODE_TLS_REJECT_UNAUTHORIZED !== '0') return;
  throw new SettingsError({
    why: 'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: Node checks no certificate, so that anybody on the way could answer in the place of AWS, and hand out a wrapping key of their own.',
    next: [
      'Take it out: unset NODE_TLS_REJECT_UNAUTHORIZED',
      'Where a proxy has a certificate authority of its own, name that: export AWS_CA_BUNDLE=FILE.pem',
    ],
  });
}
