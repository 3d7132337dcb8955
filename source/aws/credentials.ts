import type { Expect, Lend } from '../ceremony/waiting.ts';
import type { AwsSource } from './environment.ts';
import {
  credentialSources,
  explainMissing,
  explainSource,
  type MachineSource,
  roleOfMachine,
} from './machine-source.ts';
import type { MfaCode } from './mfa-code.ts';
import { explainProfile } from './profile-cause.ts';
import { findProfileWay, needsMfa, type ProfileWay } from './profile-way.ts';
import type { ProviderFailure } from './provider-failure.ts';
import { readSharedConfig } from './shared-config.ts';
import { SignInError, type SignInFailure } from './sign-in-error.ts';

/** Where credentials come from. `fixed` is for practice AWS, whose credentials are no secret. */
export type CredentialSource =
  | { readonly from: 'environment' }
  | { readonly from: 'instance-role' }
  | { readonly from: 'profile'; readonly profile: string }
  | {
      readonly from: 'fixed';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };

/** Gives the source of credentials for an identity. */
export function credentialsOf(source: AwsSource): CredentialSource {
  if (source === 'environment' || source === 'instance-role') return { from: source };
  return { from: 'profile', profile: source.slice('profile:'.length) };
}

/** How the clients inside a provider work: those of STS, single sign-on and sign-in. */
export type InnerClients = {
  /** For a role that STS gives to a web identity. */
  readonly ofWebIdentity: InnerConfig;
  /** For a profile whose credentials come this way. */
  readonly ofProfile: (way: ProfileWay, isRole: boolean) => InnerConfig;
};

type InnerConfig = NonNullable<NonNullable<Parameters<Providers['fromIni']>[0]>['clientConfig']>;

type Providers = typeof import('@aws-sdk/credential-providers');
/** Called with the client that asks, whose Region and connections an inner call to STS uses. */
type Provider = ReturnType<Providers['fromIni']>;

/**
 * The person who signs in: whom to tell what is waited for, whose terminal a program of the profile gets, and the code of
 * their MFA device.
 */
type Person = { readonly expect: Expect; readonly lend: Lend; readonly mfa: MfaCode };

type SigningIn = { readonly inner: InnerClients; readonly person: Person };

/** Nothing of the SDK may write to the screen, such as its warning about a stream's unknown length. */
export const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Gives the credentials of the chosen identity and of no other: a way that fails is never followed by the next one, as in
 * the SDK's default chain, whose last link is the role of the machine.
 * @throws SignInError from the provider, with the cause. What STS and other services of AWS answer passes as it is.
 */
export async function credentialProvider(source: CredentialSource, { inner, person }: SigningIn) {
  if (source.from === 'fixed') {
    const { accessKeyId, secretAccessKey, sessionToken } = source;
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  }
  const providers = await import('@aws-sdk/credential-providers');
  switch (source.from) {
    case 'environment':
      return ofMachine('Environment', { providers, inner });
    case 'profile':
      return ofProfile(source.profile, { providers, inner }, person);
    case 'instance-role':
      return ofMachine(roleOfMachine(process.env), { providers, inner });
  }
}

type Tools = { readonly providers: Providers; readonly inner: InnerClients };

function ofProfile(name: string, tools: Tools, { expect, lend, mfa }: Person): Provider {
  return async (caller) => {
    const config = await readSharedConfig();
    const found = findProfileWay(name, config, process.env);
    if (found.mfa !== undefined && !mfa.isGiven) {
      const { profile, serial } = found.mfa;
      throw new SignInError({ ...needsMfa(found.mfa), ask: mfa.questionFor(profile, serial) });
    }
    const machine = credentialSources.find((source) => source === found.way);
    const isRole = found.profile !== name || found.settings.role_arn !== undefined;
    // `fromIni` takes the files as they have just been read. It takes a credential_source only where that is for a role;
    // other SDKs take it alone too.
    const provider =
      machine !== undefined && !isRole
        ? sourceProvider(machine, tools)
        : tools.providers.fromIni({
            profile: name,
            logger: silent,
            mfaCodeProvider: async () => mfa.take(),
            clientConfig: tools.inner.ofProfile(found, isRole),
          });
    // What it writes to standard output and standard error is read here. For a PIN or a touch it opens the terminal.
    const came =
      found.way === 'process'
        ? await lend(`the program of profile ${found.profile}`)
        : expect(`credentials of profile ${name}`);
    try {
      return await explained(provider, (error) => explainProfile(name, error, found))(caller);
    } finally {
      await came();
      // A code that was not used is old by the next time.
      mfa.forget();
    }
  };
}

function ofMachine(source: MachineSource, tools: Tools): Provider {
  const provider = explained(sourceProvider(source, tools), (error) => explainSource(source, error));
  return async (caller) => {
    const missing = explainMissing(source, process.env);
    if (missing !== undefined) throw new SignInError(missing);
    return provider(caller);
  };
}

function sourceProvider(source: MachineSource, { providers, inner }: Tools): Provider {
  switch (source) {
    case 'Environment':
      return providers.fromEnv();
    case 'TokenFile':
      return providers.fromTokenFile({ logger: silent, clientConfig: inner.ofWebIdentity });
    case 'EcsContainer':
      return providers.fromHttp({ logger: silent });
    case 'Ec2InstanceMetadata':
      return providers.fromInstanceMetadata({ logger: silent });
  }
}

/** What AWS has answered is explained where all its answers are. */
function explained(provider: Provider, explain: (error: ProviderFailure) => SignInFailure): Provider {
  return async (caller) => {
    try {
      return await provider(caller);
    } catch (error) {
      const failure = error as ProviderFailure;
      throw failure.$metadata?.httpStatusCode === undefined ? new SignInError(explain(failure)) : failure;
    }
  };
}
