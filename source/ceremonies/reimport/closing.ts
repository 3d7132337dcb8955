import { basename } from 'node:path';
import type { Problem } from '../../ceremony/problem.ts';
import type { BroughtMaterial } from '../../record/reimport-record.ts';
import { utc } from '../../steps/dates.ts';
import { type Facts, need } from '../../steps/facts.ts';
import { expiryCommand, type KeyNow, keyStateWords } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { lostNameWords, problemNow, readableWords } from '../after-import.ts';
import { recordNames } from './record.ts';

/**
 * Gives the lines of the last page of a reimport: the state of the key now, what came back, what could be read with it, and
 * what the person must do. `problem` is absent when nothing is left to do.
 * @param now the state that KMS told just now.
 */
export function reimportClosing(
  facts: Facts,
  now: KeyNow,
  services: Services,
): { readonly lines: readonly string[]; readonly problem?: Problem } {
  const { materials } = need(facts, 'broughtBack');
  const problem = problemNow(facts, now, services);
  const lines = [
    keyStateWords(facts, now),
    '',
    need(facts, 'key').keyArn,
    '',
    ...(materials.length === 0
      ? [
          'Nothing to do: KMS has every material with its expiry.',
          `To change when it expires: ${expiryCommand(services)}`,
        ]
      : materials.map(materialLine)),
    ...readableWords(facts),
    ...lostNameWords(facts, services),
    ...(problem === undefined
      ? []
      : ['', problem.why ?? problem.what, '', 'Yours to do', ...problem.next.map((line) => `- ${line}`)]),
    ...(materials.length === 0 ? [] : ['', `Record: ${services.folder.shown}/${recordNames(services).markdown}`]),
  ];
  return { lines, ...(problem === undefined ? {} : { problem }) };
}

/** Gives the title of the last page for a reimport that left no problem. */
export function doneTitle({ broughtBack }: Facts): string {
  const materials = broughtBack?.materials ?? [];
  if (materials.length === 0) return 'Nothing was missing';
  return materials.every(({ wasThere }) => wasThere) ? 'The expiry is changed' : 'The material is back';
}

function materialLine({ keyMaterialId, checkValue, file, validTo, wasThere }: BroughtMaterial): string {
  const expiry = validTo === null ? 'it does not expire' : `it expires at ${utc(new Date(validTo))}`;
  const done = wasThere ? 'was imported again' : 'came back';
  return `Material ${keyMaterialId.slice(0, 8)} ${done} from ${basename(file)} (key check value ${checkValue}); ${expiry}.`;
}
