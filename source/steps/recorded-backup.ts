import { basename } from 'node:path';
import { need } from './facts.ts';
import { lookAtBackup } from './look-at-backup.ts';
import { type KeyferryStep, recordedFacts } from './services.ts';

/** Reads from the record which key the backup should hold, and looks at the backup without opening it. Asks AWS nothing. */
export const recordedBackup: KeyferryStep = {
  id: 'recorded-backup',
  asks: [],
  needs: [],
  provides: ['secret', 'key', 'look'],
  title: 'Backup',
  done: 'Backup found',
  place: 'you',
  lasting: false,
  why: 'The record in the folder says which key the backup should hold. A copy of the folder says the same.',
  goesWrong: ['The folder of the ceremony is gone. Its journal has the key check value.'],

  questions: () => [],
  commands: () => [],

  async act({ services, report }) {
    const look = lookAtBackup(services);
    report({ id: 'file', label: `${basename(look.file)} is an age file`, state: 'done' });
    const recorded = recordedFacts(services);
    return { secret: need(recorded, 'secret'), key: need(recorded, 'key'), look };
  },

  foresee({ services }) {
    const recorded = recordedFacts(services);
    return { secret: need(recorded, 'secret'), key: need(recorded, 'key'), look: lookAtBackup(services) };
  },

  receipt: (facts) => `Backup found: ${basename(need(facts, 'look').file)}`,
};
