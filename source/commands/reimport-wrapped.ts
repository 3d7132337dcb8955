import { ceremonyOf } from '../ceremonies/all.ts';
import { conductLaterCeremony } from './conduct-later.ts';
import { laterFolder } from './later-folder.ts';
import type { InterfaceOptions } from './open-interface.ts';

/** Leads a person through a reimport from a wrapped file, on the screen or line by line. @returns the exit status. */
export function reimportWrapped(options: InterfaceOptions): Promise<number> {
  const ceremony = ceremonyOf('reimport-wrapped');
  return conductLaterCeremony(ceremony, options, () => laterFolder(ceremony.id, options));
}
