import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { describeKey, importKeyMaterial } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { isImportedAlready, isRefusal } from '../aws/spreading.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand, findKey, keyArn } from './aws-command-line.ts';
import { type Facts, type Imported, need, secretInKms } from './facts.ts';
import { readFilesToSend } from './files-to-send.ts';
import { withLikelyCause } from './import-cause.ts';
import { gatherImportEvidence } from './import-evidence.ts';
import { renewPair } from './import-pair.ts';
import { expiryProblem, momentInWords, parseMoment, timeLeft, utc } from './moment.ts';
import { comparisonQuestions, findSecretInKms } from './secret-in-kms.ts';
import type { KeyferryStep, Services } from './services.ts';
import { isTokenUsedUp, refuseOldToken, usedUp } from './token-life.ts';

const enabledWithinMs = 60_000;

export const importMaterial: KeyferryStep = {
  id: 'import',
  asks: ['expiry', 'valid-to', 'compare', 'passphrase-file', 'identity'],
  title: 'Import',
  done: 'Key material imported',
  place: 'KMS',
  lasting: true,
  why: 'The wrapped secret goes into your KMS key. Only KMS can unwrap it, and the key becomes Enabled.',
  goesWrong: [
    'InvalidCiphertextException, without a message: other hash, other wrapping key, or base64 text where bytes belong.',
    'aws was given file:// instead of fileb://, and sent the wrapped file as text.',
    'IncorrectKeyMaterialException: the key once held other bytes. Only the same 32 bytes can come back.',
    '"A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES": the API expires by default.',
  ],
  lesson: {
    article: 'Import Key material into KMS',
    video: 'After the secret key was wrapped; it ends with the key Enabled. The article gives no times.',
    showed: 'Upload enc.aes.key and the import token, choose the expiry date, Finish.',
    shows:
      'The same. The date is optional and at most 365 days away; material that does not expire is what most people want.',
  },

  questions({ facts, answers, services }) {
    const { keyArn } = need(facts, 'key');
    const { validTo } = need(facts, 'wrapping');
    const left = timeLeft(new Date(validTo), services.clock());
    const questions: Question[] = [
      {
        kind: 'choice',
        id: 'expiry',
        ask: 'Should the material expire?',
        label: 'Expiry',
        form: 'never or date',
        options: [
          { value: 'never', label: 'No, it stays until I delete it', hint: 'recommended' },
          { value: 'date', label: 'Yes, on a date I choose' },
        ],
        default: 'never',
        help: `Your wrapped secret goes into this key:\n${keyArn}\nWhen material expires, everything under the key becomes unreadable at once, until the same 32 bytes are imported again. Token and wrapping key: ${left} left.`,
      },
    ];
    if (answers.expiry === 'date') questions.push(dateQuestion(services));
    return [...questions, ...comparisonQuestions({ facts, answers, services })];
  },

  commands({ facts, answers, services }) {
    const { tokenFile } = need(facts, 'wrapping');
    const { file } = need(facts, 'wrapped');
    const known = facts.imported?.validTo ?? undefined;
    const validTo = known === undefined ? validToOf(answers, services.clock()) : new Date(known);
    return [
      findKey(facts, services),
      {
        says: 'Import the wrapped secret',
        shell: awsCommand(facts, services, 'kms import-key-material', {
          'key-id': keyArn,
          'encrypted-key-material': `fileb://${file}`,
          'import-token': `fileb://${tokenFile}`,
          'import-type': 'NEW_KEY_MATERIAL',
          ...(validTo === undefined
            ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
            : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo.toISOString() }),
        }),
      },
      {
        says: 'See it Enabled',
        shell: awsCommand(facts, services, 'kms describe-key', {
          'key-id': keyArn,
          query: 'KeyMetadata.KeyState',
          output: 'text',
        }),
      },
    ];
  },

  async act(context) {
    const { answers, services, report } = context;
    const validTo = validToOf(answers, services.clock());
    report({ id: 'import', label: 'Importing the material', state: 'working' });
    await send(context, validTo);
    // Nothing here needs the key any more, unless a person wrapped it: then KMS compares the two first.
    if (need(context.facts, 'wrapped').by === 'keyferry') services.secrets.forget();
    report({ id: 'import', label: 'Material imported', state: 'done' });
    const metadata = await waitForEnabled(context);
    report({ id: 'state', label: 'The key is Enabled', state: 'done' });
    const found = await findSecretInKms(context, metadata);
    services.secrets.forget();
    const imported: Imported = {
      expirationModel: validTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
      validTo: metadata.ValidTo?.toISOString() ?? null,
      keyMaterialId: metadata.CurrentKeyMaterialId ?? '',
      importedAt: services.clock().toISOString(),
      secretInKms: found,
    };
    return { imported };
  },

  receipt(facts) {
    const { validTo, importedAt } = need(facts, 'imported');
    const expiry = validTo === null ? 'it does not expire' : `it expires at ${utc(new Date(validTo))}`;
    return `Key material imported, ${expiry}; the key was Enabled at ${utc(new Date(importedAt))}${receiptWords[secretInKms(facts)]}`;
  },
};

/** What the receipt adds about the secret of the ceremony. */
const receiptWords = {
  shown: '',
  'not shown': '. NOT SHOWN: whether it is the secret of this ceremony',
  other: '. WARNING: it is NOT the secret of this ceremony, and no backup here can bring it back',
};

type Context = ActContext<Facts, Services>;

function dateQuestion({ clock }: Services): Question {
  return {
    kind: 'text',
    id: 'valid-to',
    ask: 'When should the material expire?',
    label: 'Expires',
    form: 'a date and time within 365 days, such as 2027-03-01 11:59 UTC, or days such as 90d',
    placeholder: '90d',
    check: (text) => expiryProblem(text, clock()),
    notice: (text) => {
      const moment = parseMoment(text, clock());
      return moment === undefined ? undefined : momentInWords(moment, clock());
    },
    help: 'At that minute KMS deletes its copy. Have your copy ready before then, and import it again to go on.',
  };
}

function validToOf(answers: Answers, now: Date): Date | undefined {
  return answers.expiry === 'date' ? parseMoment(String(answers['valid-to'] ?? ''), now) : undefined;
}

async function send({ facts, services, attempt, report }: Context, validTo: Date | undefined): Promise<void> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const { journal } = services;
  let sent = false;
  try {
    await attempt({
      name: 'import',
      act: async () => {
        refuseOldToken(facts, services);
        const files = readFilesToSend(facts, services, report);
        sent = true;
        await importKeyMaterial(kms, {
          KeyId: keyId,
          ...files,
          ImportType: 'NEW_KEY_MATERIAL',
          ...(validTo === undefined ? {} : { ValidTo: validTo }),
        }).catch((error: unknown) => {
          if (!isImportedAlready(error)) throw error;
        });
      },
      // What DescribeKey does not show yet is found when it is sent again: KMS says that the key has it already.
      probe: async () => {
        const { CurrentKeyMaterialId } = await describeKey(kms, keyId);
        return CurrentKeyMaterialId === undefined ? { found: 'not done' } : { found: 'done', result: undefined };
      },
      refused: (error) => isRefusal(error) || !sent,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    if (!sent && error instanceof ProblemError) throw error;
    const open = journal.state.attempts.get('import/import')?.outcome === 'none';
    const problem = explainAwsError(error, {
      what: open ? "Can't tell whether the material was imported." : 'The material was not imported.',
      state: open ? 'Trying again looks first, and imports only if it is not there.' : stillWaits,
    });
    const renewal = isTokenUsedUp(error) ? { renewal: renewPair(usedUp, need(facts, 'wrapped').by) } : {};
    throw new ProblemError({ ...withLikelyCause(problem, gatherImportEvidence(facts, services)), ...renewal });
  }
}

const stillWaits = 'The key still waits for its material.';

const isTaken = 'Nothing is lost. Trying again only looks; it does not import twice.';

async function waitForEnabled({ facts, services, report, signal }: Context): Promise<KeyMetadata> {
  const { kms } = services.session.clients;
  const { keyId } = need(facts, 'key');
  const giveUp = performance.now() + enabledWithinMs;
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, 2000)) {
    const metadata = await describeKey(kms, keyId).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProblemError(
        explainAwsError(error, {
          what: "Can't see whether the key is Enabled after the import.",
          state: isTaken,
        }),
      );
    });
    if (metadata.KeyState === 'Enabled') return metadata;
    if (performance.now() > giveUp) {
      throw new ProblemError({
        kind: 'waiting',
        what: 'The key is not Enabled yet.',
        why: `KMS took the material, but the key state is still ${metadata.KeyState}.`,
        state: isTaken,
        next: ['Wait a moment, then try again.'],
      });
    }
    report({ id: 'state', label: `The key is ${metadata.KeyState}`, note: 'waiting for Enabled', state: 'waiting' });
    await sleep(pauseMs, undefined, { signal });
  }
}
