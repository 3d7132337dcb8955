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

/** Access keys, in the form in which a client uses them. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/**
 * The facts about a session that STS gives. `of` is the name of the assumed role; in a session without a role, the name of
 * the caller. `session` is the name of the session. `policy` is the session policy as JSON.
 */
export type Ticket = Required<Session> & { readonly of: string; readonly session: string; readonly policy?: string };

/** The access keys of a state folder. Every identity of the account has its own. */
export type CredentialBook = {
  credentialsOf(identity: PracticeIdentity): Credentials;
  /** Makes access keys for a session. The session token contains all facts about the session, so that nothing is stored. */
  issue(ticket: Ticket): Required<Credentials>;
  /**
   * Gives the owner of an access key. Gives `token` when an identity of the account has this access key, but not with this session
   * token. Gives `unknownKey` when nobody has the access key, or when STS gave it and the session token is missing or wrong.
   */
  identityOf(accessKeyId: string, token: string | undefined): PracticeIdentity | 'unknownKey' | 'token';
  secretOf(accessKeyId: string): string;
};

const tokenLabel = 'session token';

/**
 * Opens the access keys of a state folder. They are derived from the folder's HSM key, a file that only its owner can read.
 * Therefore no other user and no web page knows them. With `areFixed`, they are the same in every folder, for examples and tests,
 * and protect nothing.
 *
 * Some identities have a session token that STS did not give. Their requests may leave the token out: a person who has
 * copied only two of the three lines can still work.
 */
export function openCredentials({ derive, seal, unseal }: Hsm, areFixed: boolean): CredentialBook {
  const deriveBytes = (purpose: string): Buffer =>
    areFixed ? createHash('sha256').update(`practice only: ${purpose}`).digest() : derive(purpose);
  const accessKeyOf = ({ name, session }: PracticeIdentity) =>
    `${session ? 'ASIA' : 'AKIA'}${base32(deriveBytes(`access key of ${name}`))}`;
  const secretOf = (accessKeyId: string) => deriveBytes(`secret of ${accessKeyId}`).toString('base64url').slice(0, 40);
  const tokenOf = (accessKeyId: string) => deriveBytes(`token of ${accessKeyId}`).toString('base64url');
  const owners = new Map(allIdentities.map((identity) => [accessKeyOf(identity), identity]));
  return {
    credentialsOf(identity) {
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
      if (owner) return token === undefined || token === tokenOf(accessKeyId) ? owner : 'token';
      if (token === undefined) return 'unknownKey';
      // Only STS gives other access keys. Everything about their session is in the token.
      try {
        const text = unseal(Buffer.from(token, 'base64'), tokenLabel).toString('utf8');
        const ticket = JSON.parse(text) as Ticket & { accessKeyId: string };
        return ticket.accessKeyId === accessKeyId ? sessionIdentity(ticket) : 'unknownKey';
      } catch {
        // The text is a token of another state folder, or of somebody whom the account does not have, or not a token.
        return 'unknownKey';
      }
    },
    secretOf,
  };
}

/**
 * Gives the identity that a session of STS has: a role, a federated user, or the caller of GetSessionToken, which takes no session
 * policy.
 * @throws Error when the practice account has nobody of the name in the ticket.
 */
function sessionIdentity({ of: owner, session: sessionName, policy, ...facts }: Ticket): PracticeIdentity {
  // A session policy without statements, such as the empty text of GetFederationToken, allows nothing.
  const limits = policy === undefined ? {} : { sessionPolicy: statementsIn(policy) ?? [] };
  const role = roles.find((candidate) => candidate.name === owner);
  if (facts.from === 'AssumeRole' && role) return { ...roleSession(role, sessionName), session: facts, ...limits };
  const caller = identityNamed(owner);
  return facts.from === 'GetFederationToken'
    ? { ...federatedUser(sessionName, caller.denied), session: facts, ...limits }
    : { ...caller, name: `session/${owner}`, session: facts };
}

/** Makes the part of an access key id after its prefix: 16 characters, each from one byte. */
function base32(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 16)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
