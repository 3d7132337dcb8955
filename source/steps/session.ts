import { type AwsClients, type Call, openClients } from '../aws/clients.ts';
import { type CredentialSource, credentialsOf } from '../aws/credentials.ts';
import { MfaCode } from '../aws/mfa-code.ts';
import type { Patience } from '../aws/patience.ts';
import type { Expect, Lend, Pause } from '../ceremony/waiting.ts';
import type { Source } from './facts.ts';

/** What practice AWS tells of itself; its credentials open nothing else. */
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
  readonly #onCall: (call: Call) => void;
  readonly #pause: Pause | undefined;
  readonly #expect: Expect | undefined;
  readonly #lend: Lend | undefined;
  readonly #patience: Patience | undefined;
  readonly #mfa = new MfaCode();
  #clients: AwsClients | undefined;

  /**
   * @param input.endpointUrl overrides every endpoint of AWS; practice AWS has its own.
   * @param input.patience other limits than the standard ones, for tests.
   */
  constructor(input: {
    openPractice: () => Promise<PracticeAccess>;
    endpointUrl?: string | undefined;
    onCall: (call: Call) => void;
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

  /** The clients, after `connect`. */
  get clients(): AwsClients {
    if (this.#clients === undefined) throw new Error('There is no connection yet.');
    return this.#clients;
  }

  get connected(): boolean {
    return this.#clients !== undefined;
  }

  /**
   * Makes clients for this source and Region and gets their credentials; asks nothing of the services. That may take as
   * long as a person takes, where a profile's program waits for one.
   * @param inspect sees the clients before anything is sent, and may throw.
   * @throws SignInError where the source gives no credentials.
   */
  async connect(
    source: Source,
    region: string,
    inspect: (clients: AwsClients) => void = () => {},
  ): Promise<AwsClients> {
    this.close();
    const clients = await this.#clientsFor(source, region);
    try {
      inspect(clients);
      await clients.signIn();
    } catch (error) {
      clients.close();
      throw error;
    }
    this.#clients = clients;
    return clients;
  }

  close(): void {
    this.#clients?.close();
    this.#clients = undefined;
  }

  async #clientsFor(source: Source, region: string): Promise<AwsClients> {
    if (source !== 'practice') return this.#open(credentialsOf(source), region, this.#endpointUrl);
    const { endpoint, credentials } = await this.#openPractice();
    return this.#open({ from: 'fixed', ...credentials }, region, endpoint);
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
