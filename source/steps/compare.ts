import { identityPath } from './backup-file.ts';
import { valuesOfBackup } from './backup-values.ts';
import { need, secretInKms } from './facts.ts';
import { ageDecryptCommand } from './key-file-commands.ts';
import { openForCheck, openingForCheck } from './open-backup.ts';
import { keyHere } from './secret-key-fact.ts';
import { type KeyferryStep, recordedFacts } from './services.ts';

// Pages: KMS developer guide, "Reimport key material".

/** Opens the backup and compares the check value of its key with the recorded one. Asks AWS nothing. */
export const compare: KeyferryStep = {
  id: 'compare',
  asks: ['passphrase-file', 'identity'],
  needs: ['look', 'secret'],
  provides: ['compared'],
  leadsTo: ['compare'],
  title: 'Record',
  done: 'Compared with the record',
  place: 'you',
  lasting: false,
  why: 'Equal key check values mean equal keys. This compares with the record, and not with KMS: only an import lets KMS say it.',
  goesWrong: ['Other bytes were imported than the secret on record. Then the backup is not the key in KMS.'],

  questions: ({ facts, services }) => [openingForCheck(need(facts, 'look'), services, 'Nothing is sent.')],

  commands({ facts, answers, services }) {
    const { file, by } = need(facts, 'look');
    const openCommand = ageDecryptCommand(file, by, identityPath(answers, services));
    return [{ says: 'Open the backup, and see that it holds 32 bytes', shell: `${openCommand} | wc -c` }];
  },

  async act({ facts, answers, services }) {
    const secret = await openForCheck(need(facts, 'look'), answers, services);
    const recordedSecret = need(facts, 'secret');
    const values = valuesOfBackup(secret, recordedSecret);
    services.secrets.forget();
    // The record may say that KMS refused the recorded secret as other bytes. Then no copy of this secret is the key in KMS.
    const recordedInKms = secretInKms(recordedFacts(services));
    const hasRecordedValue = values.checkValue === keyHere(recordedSecret)?.checkValue.value;
    // Of a key elsewhere, only the check value that its keeper stated is on record.
    const isRecorded = values.asStated ?? hasRecordedValue;
    const same = isRecorded && recordedInKms !== 'other';
    return { compared: { same, ...values, secretInKms: recordedInKms, comparedAt: services.clock().toISOString() } };
  },

  receipt: (facts) => `The record says: ${need(facts, 'compared').same ? 'the same key' : 'another key'}`,
};
