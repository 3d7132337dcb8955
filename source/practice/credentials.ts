import { createHash, randomBytes } from 'node:crypto';
import { roles } from './account.ts';
import type { Hsm } from './hsm.ts';
import {
  allIdentities,
  federatedUser,
  identityNamed,
  type PracticeIdentity,
  roleSession,
  type Session,
} from './identities.ts';
import { statementsIn } from './policy-document.ts';

/** Access keys as a client uses them. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** What STS gives a session for: to whom, and, for roles and federated users, under which name. */
export type Ticket = Required<Session> & { readonly of: string; readonly session: string; readonly policy?: string };

/** The access keys of a state folder: every identity of the account has its own. */
export type CredentialBook = {
  of(identity: PracticeIdentity): Credentials;
  /** Access keys for a session; the token tells all about it, so that nothing is kept. */
  issue(ticket: Ticket): Required<Credentials>;
  /** Whose access key this is, or what is wrong with it, or with the token that came with it. */
  identityOf(accessKeyId: string, token: string | undefined): PracticeIdentity | 'unknownKey' | 'token';
  secretOf(accessKeyId: string): string;
};

const tokenLabel = 'session token';

/**
 * Opens the access keys of a state folder. They are made from the secret of its HSM, a file that only its owner reads, so
 * that no other program and no web page knows them; `fixed` ones are the same in every folder, for examples and tests,
 * and keep nobody out. The token of a session that STS did not give is accepted and not demanded: a person who copies two
 * lines out of three is not stopped by it.
 */
export function openCredentials({ derive, seal, open }: Hsm, fixed: boolean): CredentialBook {
  const drawn = (what: string): Buffer =>
    fixed ? createHash('sha256').update(`practice only: ${what}`).digest() : derive(what);
  const accessKeyOf = ({ name, session }: PracticeIdentity) =>
    `${session ? 'ASIA' : 'AKIA'}${base32(drawn(`access key of ${name}`))}`;
  const secretOf = (accessKeyId: string) => drawn(`secret of ${accessKeyId}`).toString('base64url').slice(0, 40);
  const tokenOf = (accessKeyId: string) => drawn(`token of ${accessKeyId}`).toString('base64url');
  const owners = new Map(allIdentities.map((identity) => [accessKeyOf(identity), identity]));
  return {
    of(identity) {
      const accessKeyId = accessKeyOf(identity);
      return {
        accessKeyId,
        secretAccessKey: secretOf(accessKeyId),
        ...(identity.session ? { sessionToken: tokenOf(accessKeyId) } : {}),
      };
    },
    issue(ticket) {
      const accessKeyId = `ASIA${base32(randomBytes(16))}`;
      const sealed = seal(Buffer.from(JSON.stringify({ ...ticket, accessKeyId })), tokenLabel);
      return { accessKeyId, secretAccessKey: secretOf(accessKeyId), sessionToken: sealed.toString('base64') };
    },
    identityOf(accessKeyId, token) {
      const owner = owners.get(accessKeyId);
      if (owner || token === undefined) {
        const isRight = token === undefined || token === tokenOf(accessKeyId);
        return !owner ? 'unknownKey' : isRight ? owner : 'token';
      }
      try {
        const opened = open(Buffer.from(token, 'base64'), tokenLabel).toString('utf8');
        const ticket = JSON.parse(opened) as Ticket & { accessKeyId: string };
        return ticket.accessKeyId === accessKeyId ? bearerOf(ticket) : 'unknownKey';
      } catch {
        // A token of another state folder, or none at all.
        return 'unknownKey';
      }
    },
    secretOf,
  };
}

function bearerOf({ of, session: name, policy, ...session }: Ticket): PracticeIdentity {
  const limits = policy === undefined ? {} : { sessionPolicy: statementsIn(policy) ?? [] };
  const role = roles.find((one) => one.name === of);
  if (session.from === 'AssumeRole' && role) return { ...roleSession(role, name), session, ...limits };
  const caller = identityNamed(of);
  return session.from === 'GetFederationToken'
    ? { ...federatedUser(name, caller.denied), session, ...limits }
    : { ...caller, name: `session/${of}`, session };
}

/** The 16 characters behind the prefix of an access key. */
function base32(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
