import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Option, Question } from '../ceremony/question.ts';
import { proveWrapping } from '../material/proof.ts';
import { wrapMaterial } from '../material/wrap.ts';
import { recommendedPair } from '../material/wrapping-algorithms.ts';
import { awsCommand } from './aws-command-line.ts';
import { valuesOfBackup } from './backup-values.ts';
import { checkBackupCommand } from './check-backup-command.ts';
import { utc } from './dates.ts';
import { importChoices } from './disabled-key.ts';
import { type Facts, need } from './facts.ts';
import { fetchPair } from './import-pair.ts';
import { reportTls } from './import-tls.ts';
import { openForCheck, openingForCheck } from './open-backup.ts';
import { readExpiriesBack } from './read-expiries-back.ts';
import { askWhetherSame } from './same-material.ts';
import type { KeyferryStep, Services } from './services.ts';

// Pages: KMS developer guide, "Logging AWS KMS API calls with AWS CloudTrail", "Reimport key material".

/** Imports the bytes of the backup as the material that KMS holds already. KMS takes them only if they are the same. */
export const reImport: KeyferryStep = {
  id: 're-import',
  asks: ['passphrase-file', 'identity', 'proceed'],
  needs: ['connection', 'secret', 'key', 'imported', 'check'],
  provides: ['answer', 'toDisable'],
  leadsTo: ['re-import'],
  title: 'Answer of KMS',
  done: 'Answered by KMS',
  place: 'KMS',
  lasting: true,
  why: 'Only KMS can tell whether the backup is the key: it takes the same bytes again, and refuses any others.',
  goesWrong: [
    'The file is a backup of another key. Then KMS refuses it, and nothing changes.',
    'The material has expired meanwhile. Then KMS has nothing to compare with, and an import would bring the key back.',
  ],

  questions({ facts, answers, services }) {
    const opening = openingForCheck(need(facts, 'check'), services, 'Nothing is sent before you agree.');
    const canBeOpened = services.secrets.key !== undefined || opening.id in answers;
    return canBeOpened ? [opening, proceedQuestion(facts, services)] : [opening];
  },

  commands({ facts, services }) {
    const { keyId } = need(facts, 'key');
    const { validTo } = need(facts, 'check');
    return [
      {
        says: 'Import the same material again, wrapped under a fresh wrapping key',
        shell: awsCommand(facts, services, 'kms import-key-material', {
          'key-id': keyId,
          'encrypted-key-material': 'fileb://enc.aes.key',
          'import-token': 'fileb://TOKEN_FILE',
          'import-type': 'EXISTING_KEY_MATERIAL',
          'key-material-id': need(facts, 'imported').keyMaterialId,
          ...(validTo === null
            ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo }),
        }),
      },
    ];
  },

  async act(context) {
    const { facts, answers, services, attempt, report } = context;
    const { secrets, session, clock } = services;
    const secret = await openForCheck(need(facts, 'check'), answers, services);
    const { keyId } = need(facts, 'key');
    const { validTo, materialDescription } = need(facts, 'check');
    report({ id: 'ask', label: 'Wrapping and sending the backup', state: 'working' });
    proveWrapping(recommendedPair);
    try {
      const { kms } = session.clients;
      const { wrappingKey, importToken } = await fetchPair(services, keyId, recommendedPair, {
        step: 're-import',
        state: 'The key has the material that it had.',
      });
      const values = valuesOfBackup(secret, need(facts, 'secret'));
      const wrapped = wrapMaterial(secret, { wrappingKey, algorithm: recommendedPair.algorithm });
      const same = await askWhetherSame(kms, attempt, {
        keyId,
        keyMaterialId: need(facts, 'imported').keyMaterialId,
        wrapped,
        importToken,
        validTo,
        description: materialDescription,
      });
      reportTls(context);
      const { keyMaterialId } = need(facts, 'imported');
      // Only an import that KMS took has an expiry to read back. Without the id of the material, KMS cannot be asked about it.
      const isReadBack = same && keyMaterialId !== '';
      const [expiry] = isReadBack ? await readExpiriesBack(context, [{ keyMaterialId, validTo }]) : [];
      secrets.forget();
      report({ id: 'ask', label: same ? 'KMS took it: the same key' : 'KMS refused it: another key', state: 'done' });
      // For a Disabled key, the option `import` says that it is disabled again.
      const toDisable = need(facts, 'check').keyState === 'Disabled' && answers.proceed === 'import';
      return {
        answer: {
          same,
          ...values,
          answeredAt: clock().toISOString(),
          ...(expiry === undefined ? {} : { found: expiry.found }),
        },
        toDisable,
      };
    } catch (error) {
      throw new ProblemError(
        explainAwsError(error, {
          what: 'KMS did not answer whether the backup is the key.',
          state: 'The key has the material that it had.',
        }),
      );
    }
  },

  receipt(facts) {
    return need(facts, 'answer').same ? 'KMS says: the same key' : 'KMS says: another key';
  },
};

/** Asks whether to send the import that lets KMS compare. Says first what the import does and which events it leaves. */
function proceedQuestion(facts: Facts, services: Services): Question {
  const { keyState, validTo } = need(facts, 'check');
  const { keyArn } = need(facts, 'key');
  const { form, options, words } = importChoices(keyState === 'Disabled' ? 'is' : undefined, 'Import it again');
  const expiry =
    validTo === null ? 'It does not expire now and will not.' : `It still expires at ${utc(new Date(validTo))}.`;
  return {
    kind: 'choice',
    id: 'proceed',
    ask: 'Ask KMS whether this is the key?',
    label: 'Import again',
    form,
    options: [...options, sendNothingOption(services)],
    help: `${words}${eventWords(keyState === 'Disabled')}\nThe same material is imported into\n${keyArn}\n${expiry} What the key has encrypted stays readable. Other bytes are refused and change nothing.`,
  };
}

/**
 * Says which events CloudTrail gets from a check. The calls that only look were made before this question. For a Disabled key,
 * names DisableKey too: it comes when the person wants the key disabled again.
 */
function eventWords(isDisabled: boolean): string {
  const disableEvent = isDisabled ? ', DisableKey' : '';
  return `CloudTrail has DescribeKey and ListKeyRotations of this check, and gets GetParametersForImport and ImportKeyMaterial${disableEvent}. Alarms on ImportKeyMaterial may fire.`;
}

/** Makes the option that shows how to compare a backup with the record. AWS gets no event then. */
function sendNothingOption(services: Services): Option {
  return {
    value: 'send-nothing',
    label: 'Send nothing: how to compare with the record',
    leads: {
      action: 'panel',
      panel: {
        title: 'Compare with the record',
        lines: [
          'The key check value of the backup can be compared with the one on record. AWS is asked nothing then, no alarm fires, and KMS gives no answer: the record may be older than the key.',
          '',
          'Stop here, and run',
          `  ${checkBackupCommand(services, '--offline')}`,
        ],
      },
    },
  };
}
