import { type Facts, need } from '../../steps/facts.ts';
import type { KeyNow } from '../../steps/key-now.ts';
import type { Services } from '../../steps/services.ts';
import { keyResult, recordPath } from '../later-conclusion.ts';

/** Gives the result of a finished reimport, which `--json` prints for programs. @param now the state that KMS told just now. */
export function reimportResult(facts: Facts, now: KeyNow, services: Services) {
  const { materials } = need(facts, 'broughtBack');
  return {
    ...keyResult(facts, now),
    nothingToDo: materials.length === 0,
    materials,
    proof: facts.proof ?? null,
    readable: facts.readable ?? null,
    workdir: services.folder.path,
    ...(materials.length === 0 ? {} : { record: recordPath(services) }),
  };
}
