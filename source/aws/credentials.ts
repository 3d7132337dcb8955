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
import { explainMfa, type ResolvedProfile, resolveProfile } from './profile-method.ts';
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
  /** For a profile. `isRole` is true when STS must give a role to get the credentials. */
  readonly ofProfile: (profile: ResolvedProfile, isRole: boolean) => InnerConfig;
};

type InnerConfig = NonNullable<NonNullable<Parameters<Providers['fromIni']>[0]>['clientConfig']>;

type Providers = typeof import('@aws-sdk/credential-providers');
/**
 * A function that gets credentials. Its argument is the SDK client that needs them: a call to STS uses the Region of the
 * client.
 */
type Provider = ReturnType<Providers['fromIni']>;

/** What a sign-in needs of the person: their screen (`expect`), their terminal (`lend`) and their MFA code. */
type Person = { readonly expect: Expect; readonly lend: Lend; readonly mfa: MfaCode };

/** What a sign-in needs of the SDK and of the person. */
type SignInTools = { readonly inner: InnerClients; readonly person: Person };

/** A logger that writes nothing. Without it the SDK writes warnings to the screen, such as one about a stream's length. */
export const silentLogger = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

/**
 * Gives the credentials themselves when they are fixed, otherwise a function that gets those of the chosen identity. When this
 * identity fails, no other one is tried. The SDK's default chain would go on to the next source, and at last to the role of the
 * machine.
 * @throws SignInError with the cause: the returned function throws it. An error that STS or another AWS service answered is
 * thrown unchanged.
 */
export async function makeCredentialProvider(source: CredentialSource, { inner, person }: SignInTools) {
  if (source.from === 'fixed') {
    const { accessKeyId, secretAccessKey, sessionToken } = source;
    return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
  }
  const providers = await import('@aws-sdk/credential-providers');
  switch (source.from) {
    case 'environment':
      return makeMachineProvider('Environment', { providers, inner });
    case 'profile':
      return makeProfileProvider(source.profile, { providers, inner }, person);
    case 'instance-role':
      return makeMachineProvider(roleOfMachine(process.env), { providers, inner });
  }
}

/** The SDK's providers, and the configurations for the clients inside them. */
type Tools = { readonly providers: Providers; readonly inner: InnerClients };

/**
 * Makes the provider for a profile. When the profile needs an MFA code and none was given yet, the provider throws a SignInError
 * with the question for the code, and the next call takes the answer.
 */
function makeProfileProvider(name: string, tools: Tools, { expect, lend, mfa }: Person): Provider {
  return async (caller) => {
    const config = await readSharedConfig();
    const found = resolveProfile(name, config, process.env);
    if (found.mfa !== undefined && !mfa.isGiven) {
      const { profile, serial } = found.mfa;
      throw new SignInError({ ...explainMfa(found.mfa), ask: mfa.questionFor(profile, serial) });
    }
    const machineSource = credentialSources.find((source) => source === found.method);
    // Only a profile with a role takes its credentials from another profile.
    const isRole = found.profile !== name || found.settings.role_arn !== undefined;
    // `fromIni` uses the files that readSharedConfig has just read. It follows credential_source only together with
    // role_arn; other SDKs follow it alone too, and so does Keyferry.
    const provider =
      machineSource !== undefined && !isRole
        ? makeSourceProvider(machineSource, tools)
        : tools.providers.fromIni({
            profile: name,
            logger: silentLogger,
            mfaCodeProvider: async () => mfa.take(),
            clientConfig: tools.inner.ofProfile(found, isRole),
          });
    // A credential_process may open the terminal to ask for a PIN or a touch. The screen must then be away.
    const endWait =
      found.method === 'process'
        ? await lend(`the program of profile ${found.profile}`)
        : expect(`credentials of profile ${name}`);
    try {
      return await explainErrors(provider, (error) => explainProfile(name, error, found))(caller);
    } finally {
      await endWait();
      // A code that was not used is no longer valid at the next sign-in.
      mfa.forget();
    }
  };
}

/**
 * Makes the provider for the environment or the role of this machine. It throws a SignInError when a variable is missing, when the
 * source is switched off, and when the source gives no credentials. An error that AWS gives passes unchanged: see
 * {@link explainErrors}.
 */
function makeMachineProvider(source: MachineSource, tools: Tools): Provider {
  const provider = explainErrors(makeSourceProvider(source, tools), (error) => explainSource(source, error));
  return async (caller) => {
    const missing = explainMissing(source, process.env);
    if (missing !== undefined) throw new SignInError(missing);
    return provider(caller);
  };
}

/** Gives the SDK's provider for a source, without explanations of its errors. */
function makeSourceProvider(source: MachineSource, { providers, inner }: Tools): Provider {
  switch (source) {
    case 'Environment':
      return providers.fromEnv();
    case 'TokenFile':
      return providers.fromTokenFile({ logger: silentLogger, clientConfig: inner.ofWebIdentity });
    case 'EcsContainer':
      return providers.fromHttp({ logger: silentLogger });
    case 'Ec2InstanceMetadata':
      return providers.fromInstanceMetadata({ logger: silentLogger });
  }
}

/**
 * Wraps a provider so that its errors become a SignInError with the explanation from `explain`. An error with an HTTP status
 * is an answer of AWS and passes unchanged, because the table of errors explains it.
 */
function explainErrors(provider: Provider, explain: (error: ProviderFailure) => SignInFailure): Provider {
  return async (caller) => {
    try {
      return await provider(caller);
    } catch (error) {
      const failure = error as ProviderFailure;
      throw failure.$metadata?.httpStatusCode === undefined ? new SignInError(explain(failure)) : failure;
    }
  };
}
