import { connect } from './connect.ts';
import { need } from './facts.ts';
import type { KeyferryStep, Services } from './services.ts';
import { confirmHosts, trustQuestion } from './trusted-endpoint.ts';

/**
 * The step {@link connect} for ceremonies that wrap a secret under a public key that KMS sends. For an endpoint that is neither
 * AWS's own nor practice AWS, the person must also type its host, to confirm it.
 */
export const connectToWrap: KeyferryStep = {
  ...connect,
  asksInProblems: [trustQuestion],

  async act(context) {
    const { services } = context;
    const connection = need(await connect.act(context), 'connection');
    const { source } = connection;
    return { connection: { ...connection, ...confirmHosts('connect', source, services, knownHosts(services)) } };
  },

  async restore(context) {
    const { facts, services } = context;
    const before = need(facts, 'connection');
    const changed = await connect.restore?.(context);
    const now = changed?.connection ?? before;
    const { trustedHosts = [] } = confirmHosts('connect', now.source, services, before.trustedHosts);
    // When the person has typed no further host, the fact has all of them already.
    const areAllNoted = trustedHosts.every((host) => before.trustedHosts?.includes(host));
    return areAllNoted ? changed : { connection: { ...now, trustedHosts } };
  },
};

/** Gives the hosts that the first import in this folder has confirmed. */
const knownHosts = ({ recorded }: Services) => recorded?.connection?.trustedHosts;
