import { createHash } from 'node:crypto';
import type { Hsm } from './hsm.ts';
import { allIdentities, type PracticeIdentity } from './identities.ts';

/** Access keys as a client uses them. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** The access keys of a state folder: every identity of the account has its own. */
export type CredentialBook = {
  of(identity: PracticeIdentity): Credentials;
  /** Whose access key this is, if anybody's. */
  identityOf(accessKeyId: string): PracticeIdentity | undefined;
  secretOf(accessKeyId: string): string;
};

/**
 * Opens the access keys of a state folder. They are made from the secret of its HSM, a file that only its owner reads, so
 * that no other program and no web page knows them; `fixed` ones are the same in every folder, for examples and tests,
 * and keep nobody out. The access keys of sessions come with a token, which is accepted and not demanded: a person who
 * copies two lines out of three is not stopped by it.
 */
export function openCredentials({ derive }: Pick<Hsm, 'derive'>, fixed: boolean): CredentialBook {
  const drawn = (what: string): Buffer =>
    fixed ? createHash('sha256').update(`practice only: ${what}`).digest() : derive(what);
  const accessKeyOf = (identity: PracticeIdentity) =>
    `${identity.isSession ? 'ASIA' : 'AKIA'}${base32(drawn(`access key of ${identity.arn}`)).slice(0, 16)}`;
  const secretOf = (accessKeyId: string) => drawn(`secret of ${accessKeyId}`).toString('base64url').slice(0, 40);
  const owners = new Map(allIdentities.map((identity) => [accessKeyOf(identity), identity]));
  return {
    of(identity) {
      const accessKeyId = accessKeyOf(identity);
      return {
        accessKeyId,
        secretAccessKey: secretOf(accessKeyId),
        ...(identity.isSession ? { sessionToken: drawn(`token of ${accessKeyId}`).toString('base64url') } : {}),
      };
    },
    identityOf: (accessKeyId) => owners.get(accessKeyId),
    secretOf,
  };
}

/** Base 32 as the access keys and unique ids of IAM have it. */
function base32(bytes: Uint8Array): string {
  return [...bytes].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}
