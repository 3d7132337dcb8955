import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { accountId } from './account.ts';
import { openClock } from './clock.ts';
import { openControl } from './control.ts';
import type { Settings } from './control-settings.ts';
import { type Credentials, openCredentials } from './credentials.ts';
import { serverName } from './door.ts';
import type { Exchange, HttpResponse, World } from './exchange.ts';
import { ConnectionCut } from './faults.ts';
import { openHsm } from './hsm.ts';
import { defaultIdentity, identityNamed } from './identities.ts';
import { openUsageLog } from './kms/usage-log.ts';
import { openWrappingPairs } from './kms/wrapping-pairs.ts';
import { openLog } from './log.ts';
import { route } from './router.ts';
import { openBodyFolder } from './s3/body-folder.ts';
import { sweepBodies } from './s3/body-sweep.ts';
import { openStore, UnfitStateFolder } from './store.ts';
import { answerUnreadable } from './unreadable-request.ts';

export { UnfitStateFolder };

/** A running practice AWS: KMS, S3, STS, IAM and the Regions of the account at one address. */
export type PracticeAws = {
  /** The URL, such as `http://127.0.0.1:4599`. */
  endpoint: string;
  /** The access keys of the default identity, which may do everything. */
  credentials: Credentials;
  /**
   * Gives the access keys of any identity of the account, by name.
   * @throws Error for an unknown name.
   */
  credentialsOf(name: string): Credentials;
  accountId: string;
  /** Stops the server and releases the state folder. Further calls do nothing. */
  close(): Promise<void>;
};

/** The server listens only on this address, so that other machines cannot reach practice AWS. */
const loopback = '127.0.0.1';

/**
 * Starts practice AWS.
 * @param options.stateFolder is made (0700) when missing. Several processes may serve the same folder at the same time.
 * @param options.port with 0, the default, the system chooses a free port.
 * @param options.now a clock for tests, in place of the clock of the state folder.
 * @param options.settings the settings of the command line, such as faults. The control file takes precedence.
 * @param options.fixedCredentials when true, the access keys are the same in every state folder.
 * @param options.newPairAfter how many milliseconds after an answer to GetParametersForImport a new wrapping key is made. Later
 * answers use it.
 * @param options.tell gets the lines of the log, for the person who runs practice AWS.
 * @throws UnfitStateFolder when the state folder is not for this user alone; the error of the system when the port is taken
 * (EADDRINUSE) or the folder cannot be used.
 */
export async function startPracticeAws(options: {
  stateFolder: string;
  port?: number;
  now?: () => Date;
  settings?: Settings;
  fixedCredentials?: boolean;
  newPairAfter?: number;
  tell?: (line: string) => void;
}): Promise<PracticeAws> {
  const store = openStore(options.stateFolder);
  try {
    openBodyFolder(options.stateFolder);
    sweepBodies(store);
    const hsm = openHsm(options.stateFolder);
    const credentials = openCredentials(hsm, options.fixedCredentials ?? false);
    const credentialsOf = (name: string) => credentials.credentialsOf(identityNamed(name));
    const wrappingPairs = openWrappingPairs(store, hsm, options.newPairAfter);
    const settings = options.settings ?? {};
    const log = openLog(options.stateFolder, options.tell);
    const clock = openClock(store);
    if (settings.clockSpeed !== undefined) clock.setSpeed(settings.clockSpeed);
    const control = openControl(options.stateFolder, settings, {
      complain: log.note,
      speedChanged: clock.setSpeed,
    });
    const now = options.now ?? clock.now;
    const usage = openUsageLog({ store, now });
    const world: World = { store, hsm, wrappingPairs, credentials, control, usage, log, now, started: Date.now() };
    const server = makeServer(world);
    const port = await listenOn(server, options.port ?? 0);
    let closing: Promise<void> | undefined;
    const stop = async () => {
      wrappingPairs.close();
      await closeServer(server);
      clock.release();
      usage.flush();
      store.close();
    };
    return {
      endpoint: `http://${loopback}:${port}`,
      credentials: credentialsOf(defaultIdentity),
      credentialsOf,
      accountId,
      async close() {
        closing ??= stop();
        return closing;
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

/** Makes the HTTP server. It does not listen yet. */
function makeServer(world: World): Server {
  // An upload may take any time. A request without a Host header gets its answer from `refuseStrangers`, not from Node.
  const server = createServer({ maxHeaderSize: 32 * 1024, requestTimeout: 0, requireHostHeader: false });
  server.on('request', (request, response) => void serve(world, request, response, 'comes at once'));
  server.on('clientError', answerUnreadable);
  server.on('checkContinue', (request, response) => void serve(world, request, response, 'waits for 100 Continue'));
  // AWS ignores every other value of the header `Expect`.
  server.on('checkExpectation', (request, response) => void serve(world, request, response, 'comes at once'));
  return server;
}

/** Answers one HTTP request. @param bodyStart when the client sends the body: at once, or only after `100 Continue`. */
async function serve(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  bodyStart: 'comes at once' | 'waits for 100 Continue',
): Promise<void> {
  /** True when the client sends its body without waiting, or was told to send it. */
  let isBodyComing = bodyStart === 'comes at once';
  const [path = '/', ...queryParts] = (request.url ?? '/').split('?');
  const rawQuery = queryParts.join('?');
  const exchange: Exchange = {
    method: request.method ?? 'GET',
    path,
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: request.headers,
    body() {
      if (!isBodyComing) {
        isBodyComing = true;
        response.writeContinue();
      }
      return bytesOf(request);
    },
  };
  try {
    const answer = await route(world, exchange);
    // A client that still waits for "100 Continue" when the answer comes may send its body or not. The connection is
    // closed, because its next bytes could be this body or a new request.
    await send(response, isBodyComing ? answer : { ...answer, headers: { ...answer.headers, connection: 'close' } });
    // Discards the part of the body that no operation has read.
    request.resume();
  } catch {
    // A fault cuts the connection, the client has gone, or a stored body could not be read to its end.
    response.destroy();
  }
}

/**
 * Yields the bytes of a request's body.
 * @throws ConnectionCut when the client closes the connection before the end.
 */
async function* bytesOf(request: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    // When the reader stops early, the connection must stay open, so that the answer still arrives.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {
    throw new ConnectionCut();
  }
}

/** Sends an answer. A body that is a stream is sent as it comes. */
async function send(response: ServerResponse, answer: HttpResponse): Promise<void> {
  response.statusCode = answer.status;
  response.setHeaders(new Map(Object.entries({ server: serverName, ...answer.headers })));
  if (answer.body instanceof Readable) {
    await pipeline(answer.body, response);
  } else {
    // The headers go with the body, so that Node adds the length of the body. An empty answer gets `Content-Length: 0`, as from S3.
    response.end(answer.body);
  }
}

/** Makes the server listen on a port; 0 lets the system choose. Gives the port. */
async function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, loopback, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Stops the server and cuts its open connections. */
async function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
