import type { Probe } from '../aws/endpoint-probe.ts';
import type { Check } from './check.ts';

/** AWS accepts a signature whose time differs by at most five minutes (IAM user guide, "Signing AWS API requests"). */
const mostSeconds = 5 * 60;

/** From this difference on the person is warned, before the difference grows past the limit. */
const warningSeconds = 60;

/**
 * Compares the clock of this computer with the time in the answer of a service. Warns from a difference of one minute on, and when
 * no service gave its time. Fails when the difference is more than five minutes.
 * @param probes the answers of the services. The first one that has a time is used.
 */
export function checkClock(probes: readonly (readonly [service: string, probe: Probe | undefined])[]): Check {
  const id = 'clock';
  const [serviceTime] = probes.flatMap(([service, probe]) =>
    probe?.aheadMs === undefined ? [] : [{ service, aheadSeconds: Math.round(probe.aheadMs / 1000) }],
  );
  if (serviceTime === undefined)
    return { id, state: 'warning', what: 'The clock was not compared: no service gave its time.', facts: {} };
  const { service, aheadSeconds } = serviceTime;
  // The probe says how many seconds AWS is ahead of this clock. The person reads how far this clock is ahead of AWS.
  const offsetSeconds = -aheadSeconds;
  const facts = { service, offsetSeconds };
  const difference = Math.abs(offsetSeconds);
  const what =
    difference < 2
      ? `This machine's clock agrees with ${service}'s clock.`
      : `This machine's clock is ${difference} s ${offsetSeconds > 0 ? 'ahead of' : 'behind'} ${service}'s clock.`;
  if (difference < warningSeconds) return { id, state: 'fine', what, facts };
  const next = ['Set it by the network: sudo timedatectl set-ntp true', 'Then look: date -u'];
  if (difference > mostSeconds)
    return { id, state: 'fails', what, why: 'Past 5 minutes AWS refuses signatures.', next, facts };
  return { id, state: 'warning', what, why: 'Past 5 minutes AWS would refuse signatures.', next, facts };
}
