import { basename } from 'node:path';
import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { readBackupCards } from './backup-card.ts';
import { wasDisabledBefore } from './brought-before.ts';
import { farAhead } from './dates.ts';
import { type Facts, type Material, need } from './facts.ts';
import { type FindPurpose, toBringBack, toChangeExpiry } from './find-purpose.ts';
import { chooseAlias } from './key-alias.ts';
import { lookAtKey, nothingSent, unfitProblem } from './look-at-key.ts';
import { isNeeded, missingOf } from './materials.ts';
import {
  checkNamedKey,
  findNamedKey,
  isKeyKnown,
  keyForm,
  keyMissing,
  offerOtherKey,
  refuseOtherPlace,
} from './named-key.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Makes the step that finds a KMS key which has had imported material, and asks KMS which of its materials are there. */
export const makeFindKeyStep = (purpose: FindPurpose): KeyferryStep => ({
  id: 'find-key',
  asks: ['key'],
  needs: ['connection'],
  provides: ['key', 'materials'],
  title: 'Key',
  done: 'Key found',
  place: 'KMS',
  lasting: false,
  why: purpose.why,
  goesWrong: [
    'The key was made with the origin AWS_KMS: nothing can be imported into it.',
    'The key waits for its deletion. Cancel that first: after the deletion no copy of the material helps.',
    'The credentials are those of another account or Region.',
  ],

  questions: ({ facts, services }) => (isKeyKnown(services) ? [] : [keyQuestion(purpose, facts, services)]),

  commands({ facts, answers, services }) {
    const key = wantedKey(answers, services) || 'KEY';
    return [
      {
        says: 'See the state of the key',
        shell: awsCommand(facts, services, 'kms describe-key', { 'key-id': key }),
      },
      {
        says: 'See which of its materials are missing: ImportState PENDING_IMPORT',
        shell: awsCommand(facts, services, 'kms list-key-rotations', {
          // ListKeyRotations takes no alias: KMS API reference, ListKeyRotations, KeyId.
          'key-id': facts.key?.keyId ?? key,
          'include-key-material': 'ALL_KEY_MATERIAL',
        }),
      },
    ];
  },

  async act(context) {
    const { facts, answers, services, report } = context;
    const { recorded, session, clock, journal, preset } = services;
    refuseOtherPlace(need(facts, 'connection'), recorded?.connection, purpose.fromElsewhere);
    const { kms } = session.clients;
    const wanted = wantedKey(answers, services);
    report({ id: 'key', label: 'Asking KMS about the key', state: 'working' });
    try {
      // The question checks a typed key. A key from the command line is checked here.
      if (recorded?.key === undefined && preset.key !== undefined) await findNamedKey(kms, wanted, facts.connection);
      const { metadata, all } = await lookAtKey(context, wanted, purpose);
      const { KeyId: keyId = '', Arn: keyArn = '', KeyState: keyState = '', CreationDate } = metadata;
      const alias = (await chooseAlias(kms, keyId, [recorded?.key?.alias])) ?? keyId;
      const refusal = purpose.refuse?.({ alias, keyState, missing: missingOf(all) }, services);
      if (refusal !== undefined) throw new ProblemError(refusal);
      report({ id: 'key', label: `The key is ${keyState}`, note: presenceWords(all), state: 'done' });
      const createdAt = CreationDate?.toISOString() ?? '';
      const wasDisabled = keyState === 'Disabled' || wasDisabledBefore(journal.lines, purpose.importStep);
      return {
        key: { ...recorded?.key, keyId, keyArn, alias, createdAt },
        materials: { asOf: clock().toISOString(), keyState, wasDisabled, all },
      };
    } catch (error) {
      const problem = explainAwsError(error, { what: "Can't look at the key.", state: nothingSent });
      throw new ProblemError(offerOtherKey(problem, !isKeyKnown(services)));
    }
  },

  /** Refuses to go on when the journal is about another key than the first import in the folder. */
  async restore({ facts, services }) {
    const { keyArn } = need(facts, 'key');
    const recorded = services.recorded?.key?.keyArn;
    if (recorded !== undefined && recorded !== keyArn)
      throw new ProblemError(otherKeyProblem(keyArn, purpose, services));
  },

  foresee({ services }) {
    const keyArn = '';
    const key = services.recorded?.key ?? { keyId: '', keyArn, alias: 'alias/key', createdAt: farAhead };
    const material: Material = {
      keyMaterialId: services.recorded?.imported?.keyMaterialId ?? '',
      state: 'CURRENT',
      description: null,
      ...purpose.foreseen(services.recorded),
    };
    const keyState = material.isImported ? 'Enabled' : 'PendingImport';
    return { key, materials: { asOf: farAhead, keyState, wasDisabled: false, all: [material] } };
  },

  receipt(facts) {
    const { keyState, all } = need(facts, 'materials');
    return `Key found: ${need(facts, 'key').alias} is ${keyState}, ${presenceWords(all)}`;
  },
});

/** Finds a key that lacks its material. */
export const findImportedKey = makeFindKeyStep(toBringBack);

/** Finds a key that has all of its material. */
export const findKeyWithMaterial = makeFindKeyStep(toChangeExpiry);

/** Gives the name of the key from the folder, the command line or the answer; an empty text before the answer. */
function wantedKey({ key = '' }: Answers, { recorded, preset }: Services): string {
  return recorded?.key?.keyId ?? (preset.key ?? String(key)).trim();
}

/** Says whether the materials that the key needs are there, as a part of a sentence. */
function presenceWords(all: readonly Material[]): string {
  const needed = all.filter(isNeeded).length;
  const missing = missingOf(all).length;
  if (missing === 0) return needed === 1 ? 'its material is there' : `all of its ${needed} materials are there`;
  const missingWords = needed === 1 ? 'its material' : `${missing} of its ${needed} materials`;
  return `${missingWords} ${missing === 1 ? 'is' : 'are'} missing`;
}

/** Asks for the key. Suggests the key that the backup cards name, and checks the answer with KMS. */
function keyQuestion(purpose: FindPurpose, { connection }: Facts, services: Services): Question {
  return {
    kind: 'text',
    id: 'key',
    ask: purpose.ask,
    label: 'KMS key',
    form: keyForm,
    ...keyOnCards(services),
    check: keyMissing,
    verify: async (answer) => {
      const { kms } = services.session.clients;
      const metadata = await checkNamedKey(kms, String(answer).trim(), connection);
      // A string says why there is no such key here.
      if (typeof metadata === 'string') return metadata;
      // The facts are only for commands of the problem, which the question does not show.
      const { why, what } = unfitProblem(metadata, services, {}, purpose) ?? {};
      return why ?? what;
    },
    help: 'The card beside a backup (.key.age.json) names it. So does every object that is encrypted under it.',
  };
}

/** Gives as default the key that all backup cards in the ceremony's folder and the current folder name; none when they differ. */
function keyOnCards({ folder }: Services): { readonly default?: string } {
  const keyArns = new Set([folder.path, process.cwd()].flatMap(readBackupCards).map(({ keyArn }) => keyArn));
  const [keyArn] = keyArns;
  return keyArns.size === 1 && keyArn !== undefined ? { default: keyArn } : {};
}

/**
 * Makes the problem of a journal about another key than the key of its folder. The journal was copied into the folder, or the
 * first ceremony of the folder was replaced.
 */
function otherKeyProblem(keyArn: string, { otherKeyTitle }: FindPurpose, { journal, recorded }: Services): Problem {
  const file = basename(journal.path);
  return {
    kind: 'fixable',
    what: otherKeyTitle,
    why: `${file} is of ${keyArn}; the key of this folder is ${recorded?.key?.keyArn}.`,
    state: nothingSent,
    next: [`Move ${file} to the folder that it belongs to, then start again.`],
  };
}
