import { type AwsClients, openClients } from '../aws/clients.ts';
import { type CredentialSource, credentialsOf } from '../aws/credentials.ts';
import { MfaCode } from '../aws/mfa-code.ts';
import type { ObservedCall } from '../aws/note-calls.ts';
import type { Patience } from '../aws/patience.ts';
import type { Expect, Lend, Pause } from '../ceremony/waiting.ts';
import type { Source } from './facts.ts';
import { KnownAliases } from './known-aliases.ts';

/** How to reach practice AWS. These credentials are valid for practice AWS only. */
export type PracticeAccess = {
  readonly endpoint: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/** The connection of one run to one account and Region. */
export class AwsSession {
  readonly #openPractice: () => Promise<PracticeAccess>;
  readonly #endpointUrl: string | undefined;
  readonly #onCall: (call: ObservedCall) => void;
  readonly #pause: Pause | undefined;
  readonly #expect: Expect | undefined;
  readonly #lend: Lend | undefined;
  readonly #patience: Patience | undefined;
  readonly #mfa = new MfaCode();
  /** Which keys have the aliases that the person has named. */
  readonly knownAliases = new KnownAliases();
  #clients: AwsClients | undefined;
  #practice: PracticeAccess | undefined;

  /**
   * @param input.openPractice starts practice AWS, when the source is practice.
   * @param input.endpointUrl replaces every endpoint of AWS, but not that of practice AWS.
   * @param input.onCall is called for each call to AWS.
   * @param input.expect shows a person that the session waits for something.
   * @param input.lend gives the terminal to a program that a profile names.
   * @param input.patience time limits that replace the standard limits, for tests.
   */
  constructor(input: {
    openPractice: () => Promise<PracticeAccess>;
    endpointUrl?: string | undefined;
    onCall: (call: ObservedCall) => void;
    pause?: Pause;
    expect?: Expect;
    lend?: Lend;
    patience?: Patience;
  }) {
    this.#openPractice = input.openPractice;
    this.#endpointUrl = input.endpointUrl;
    this.#onCall = input.onCall;
    this.#pause = input.pause;
    this.#expect = input.expect;
    this.#lend = input.lend;
    this.#patience = input.patience;
  }

  /**
   * Gives the clients of the connection.
   * @throws Error before `connect` has succeeded.
   */
  get clients(): AwsClients {
    if (this.#clients === undefined) throw new Error('There is no connection yet.');
    return this.#clients;
  }

  /** How to reach practice AWS, when the connection is to the practice AWS that this run has started. */
  get practice(): PracticeAccess | undefined {
    return this.#practice;
  }

  /** Tells whether `connect` has succeeded. */
  get isConnected(): boolean {
    return this.#clients !== undefined;
  }

  /**
   * Ends the connection that there is. Then makes clients for this source and Region and gets their credentials, but calls no KMS,
   * S3, IAM or STS operation of the ceremony. This may take minutes, when the profile names a program that waits for a person.
   * @param inspect gets the clients before anything is sent, and may throw to stop the connection.
   * @throws SignInError when the source gives no credentials.
   */
  async connect(
    source: Source,
    region: string,
    inspect: (clients: AwsClients) => void = () => {},
  ): Promise<AwsClients> {
    this.close();
    const { clients, practice } = await this.#clientsFor(source, region);
    try {
      inspect(clients);
      await clients.signIn();
    } catch (error) {
      clients.close();
      throw error;
    }
    this.#clients = clients;
    this.#practice = practice;
    return clients;
  }

  /** Ends the connection. Without a connection, does nothing. */
  close(): void {
    this.#clients?.close();
    this.#clients = undefined;
    this.#practice = undefined;
  }

  /** Opens the clients for a source of credentials. Starts practice AWS when the source is practice. */
  async #clientsFor(
    source: Source,
    region: string,
  ): Promise<{ readonly clients: AwsClients; readonly practice?: PracticeAccess }> {
    if (source !== 'practice') return { clients: await this.#open(credentialsOf(source), region, this.#endpointUrl) };
    const practice = await this.#openPractice();
    const { endpoint, credentials } = practice;
    return { clients: await this.#open({ from: 'fixed', ...credentials }, region, endpoint), practice };
  }

  #open(credentials: CredentialSource, region: string, endpointUrl: string | undefined): Promise<AwsClients> {
    return openClients({
      credentials,
      region,
      endpointUrl,
      onCall: this.#onCall,
      pause: this.#pause,
      expect: this.#expect,
      lend: this.#lend,
      mfa: this.#mfa,
      ...(this.#patience === undefined ? {} : { patience: this.#patience }),
    });
  }
}
