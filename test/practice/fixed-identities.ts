import { type Credentials, openCredentials } from '../../source/practice/credentials.ts';
import type { Hsm } from '../../source/practice/hsm.ts';
import { identityNamed, type PracticeIdentity } from '../../source/practice/identities.ts';

/** An identity of practice AWS with the access keys that it has wherever they are fixed. */
export type FixedIdentity = PracticeIdentity & { readonly credentials: Credentials };

// Fixed access keys need no HSM.
const book = openCredentials({} as Hsm, true);

function fixed(name: string): FixedIdentity {
  const identity = identityNamed(name);
  return { ...identity, credentials: book.credentialsOf(identity) };
}

/** Those who sign in tests whose configuration is written before practice AWS runs, with `fixedCredentials`. */
export const practiceIdentities = {
  securityAdmin: fixed('SecurityAdmin'),
  secops1: fixed('secops-1'),
  appDeployer: fixed('app-deployer'),
} as const;
