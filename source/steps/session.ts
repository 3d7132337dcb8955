import { type AwsClients, type Call, type CredentialSource, openClients } from '../aws/clients.ts';
import type { Pause } from '../ceremony/waiting.ts';
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
  #clients: AwsClients | undefined;

  /** @param input.endpointUrl overrides every endpoint of AWS; practice AWS has its own. */
  constructor(input: {
    openPractice: () => Promise<PracticeAccess>;
    endpointUrl?: string | undefined;
    onCall: (call: Call) => void;
    pause?: Pause;
  }) {
    this.#openPractice = input.openPractice;
    this.#endpointUrl = input.endpointUrl;
    this.#onCall = input.onCall;
    this.#pause = input.pause;
  }

  /** The clients, after `connect`. */
  get clients(): AwsClients {
    if (this.#clients === undefined) throw new Error('There is no connection yet.');
    return this.#clients;
  }

  get connected(): boolean {
    return this.#clients !== undefined;
  }

  /** Makes clients for this source and Region; sends nothing. */
  async connect(source: Source, region: string): Promise<AwsClients> {
    this.close();
    if (source === 'practice') {
      const { endpoint, credentials } = await this.#openPractice();
      this.#clients = await this.#open({ from: 'fixed', ...credentials }, region, endpoint);
    } else {
      this.#clients = await this.#open(credentialsOf(source), region, this.#endpointUrl);
    }
    return this.#clients;
  }

  close(): void {
    this.#clients?.close();
    this.#clients = undefined;
  }

  #open(credentials: CredentialSource, region: string, endpointUrl: string | undefined): Promise<AwsClients> {
    return openClients({ credentials, region, endpointUrl, onCall: this.#onCall, pause: this.#pause });
  }
}

function credentialsOf(source: Exclude<Source, 'practice'>): CredentialSource {
  if (source === 'environment' || source === 'instance-role') return { from: source };
  return { from: 'profile', profile: source.slice('profile:'.length) };
}
