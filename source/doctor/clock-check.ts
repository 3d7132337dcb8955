import type { Probe } from '../aws/endpoint-probe.ts';
import type { Check } from './check.ts';

/** AWS general reference, "Signature Version 4": a signature counts for five minutes around its time. */
const mostSeconds = 5 * 60;

/** From this difference on the person is warned, before it grows past the limit. */
const noticedSeconds = 60;

/** Checks how far the clock of this computer differs from the time in the first answer of AWS. */
export function checkClock(probes: readonly (readonly [service: string, probe: Probe | undefined])[]): Check {
  const id = 'clock';
  const [found] = probes.flatMap(([service, probe]) =>
    probe?.aheadMs === undefined ? [] : [{ service, aheadSeconds: Math.round(probe.aheadMs / 1000) }],
  );
  if (found === undefined)
    return { id, state: 'warning', what: 'The clock was not compared: no service gave its time.', facts: {} };
  const { service, aheadSeconds } = found;
  // A probe says how far AWS is ahead. A person wants to know how far their own clock is off. `|| 0` makes 0 of -0.
  const offsetSeconds = -aheadSeconds || 0;
  const facts = { service, offsetSeconds };
  const off = Math.abs(offsetSeconds);
  const what =
    off < 2
      ? `This machine's clock agrees with ${service}'s clock.`
      : `This machine's clock is ${off} s ${offsetSeconds > 0 ? 'ahead of' : 'behind'} ${service}'s clock.`;
  if (off < noticedSeconds) return { id, state: 'fine', what, facts };
  const next = ['Set it by the network: sudo timedatectl set-ntp true', 'Then look: date -u'];
  if (off > mostSeconds)
    return { id, state: 'fails', what, why: 'Past 5 minutes AWS refuses signatures.', next, facts };
  return { id, state: 'warning', what, why: 'Past 5 minutes AWS would refuse signatures.', next, facts };
}
