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

/** The configurations of the clients inside a credential provider: those of STS, single sign-on and sign-in. */
export type InnerClients = {
  /** For the STS client that gets a role for a web identity. */
  readonly ofWebIdentity: InnerConfig;
  /** For a profile. `isRole` is true when STS gives a role on the way to the credentials. */
  readonly ofProfile: (way: ProfileWay, isRole: boolean) => InnerConfig;
};

type InnerConfig = NonNullable<NonNullable<Parameters<Providers['fromIni']>[0]>['clientConfig']>;

type Providers = typeof import('@aws-sdk/credential-providers');
/** A function that gets credentials. Its argument is the client that asks: an inner call to STS uses its Region. */
type Provider = ReturnType<Providers['fromIni']>;

/** What a sign-in needs of the person: their screen (`expect`), their terminal (`lend`) and their MFA code. */
type Person = { readonly expect: Expect; readonly lend: Lend; readonly mfa: MfaCode };

type SigningIn = { readonly inner: InnerClients; readonly person: Person };

/** A logger that writes nothing. Without it the SDK writes warnings to the screen, such as one about a stream's length. */
export const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Gives the credentials of the chosen identity, or a function that gets them. When this identity fails, no other one is
 * tried. The SDK's default chain would go on to the next source, and at last to the role of the machine.
 * @throws SignInError with the cause, from the function that it gives. An error that STS or another AWS service answered is
 * thrown unchanged.
 */
export async function makeCredentialProvider(source: CredentialSource, { inner, person }: SigningIn) {
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

/** Makes the provider for a profile. It asks for the MFA code first, when the profile needs one. */
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
    // `fromIni` uses the files that readSharedConfig has just read. It follows credential_source only together with
    // role_arn; other SDKs follow it alone too, and so does Keyferry.
    const provider =
      machine !== undefined && !isRole
        ? sourceProvider(machine, tools)
        : tools.providers.fromIni({
            profile: name,
            logger: silent,
            mfaCodeProvider: async () => mfa.take(),
            clientConfig: tools.inner.ofProfile(found, isRole),
          });
    // A credential_process may ask for a PIN or a touch, and opens the terminal for that. Its output is only read.
    const endWait =
      found.way === 'process'
        ? await lend(`the program of profile ${found.profile}`)
        : expect(`credentials of profile ${name}`);
    try {
      return await withExplanation(provider, (error) => explainProfile(name, error, found))(caller);
    } finally {
      await endWait();
      // A code that was not used is no longer valid at the next sign-in.
      mfa.forget();
    }
  };
}

/** Makes the provider for the environment or the role of this machine. */
function ofMachine(source: MachineSource, tools: Tools): Provider {
  const provider = withExplanation(sourceProvider(source, tools), (error) => explainSource(source, error));
  return async (caller) => {
    const missing = explainMissing(source, process.env);
    if (missing !== undefined) throw new SignInError(missing);
    return provider(caller);
  };
}

/** Gives the SDK's provider for a source, without explanations of its errors. */
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

/**
 * Wraps a provider: its errors become a SignInError with the words of `explain`. An error with an HTTP status is an answer
 * of AWS and passes unchanged; the table of errors explains it.
 */
function withExplanation(provider: Provider, explain: (error: ProviderFailure) => SignInFailure): Provider {
  return async (caller) => {
    try {
      return await provider(caller);
    } catch (error) {
      const failure = error as ProviderFailure;
      throw failure.$metadata?.httpStatusCode === undefined ? new SignInError(explain(failure)) : failure;
    }
  };
}
