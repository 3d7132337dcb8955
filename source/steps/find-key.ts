import type { KeyMetadata } from '@aws-sdk/client-kms';
import { describeKey, readAliases } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Connection, type Facts, type Material, need } from './facts.ts';
import { readMaterialsOf } from './materials.ts';
import { farAhead, utc } from './moment.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Finds a KMS key that has had imported material, and asks KMS which of its materials are there. */
export const findImportedKey: KeyferryStep = {
  id: 'find-key',
  asks: ['key'],
  needs: ['connection'],
  provides: ['key', 'materials'],
  title: 'Key',
  done: 'Key found',
  place: 'KMS',
  lasting: false,
  why: 'Material comes back only into the KMS key that had it. KMS says which of its materials are missing.',
  goesWrong: [
    'The key was made with the origin AWS_KMS: nothing can be imported into it.',
    'The key waits for its deletion. Cancel that first: after the deletion no copy of the material helps.',
    'The credentials are those of another account or Region.',
  ],

  questions: ({ services }) => (services.recorded?.key === undefined ? [keyQuestion(services)] : []),

  commands({ facts, answers, services }) {
    const key = services.recorded?.key?.keyId ?? String(answers.key ?? 'KEY');
    return [
      {
        says: 'See the state of the key',
        shell: awsCommand(facts, services, 'kms describe-key', { 'key-id': key }),
      },
      {
        says: 'See which of its materials are missing: ImportState PENDING_IMPORT',
        shell: awsCommand(facts, services, 'kms list-key-rotations', {
          'key-id': facts.key?.keyId ?? key,
          'include-key-material': 'ALL_KEY_MATERIAL',
        }),
      },
    ];
  },

  async act({ facts, answers, services, report }) {
    const { recorded, session, clock } = services;
    refuseOtherPlace(need(facts, 'connection'), recorded?.connection);
    const { kms } = session.clients;
    const wanted = recorded?.key?.keyId ?? String(answers.key);
    report({ id: 'key', label: 'Asking KMS about the key', state: 'working' });
    try {
      const metadata = await describeKey(kms, wanted);
      const unfit = unfitness(metadata, services, facts);
      if (unfit !== undefined) throw new ProblemError(unfit);
      const { KeyId: keyId = '', Arn: keyArn = '', KeyState: keyState = '', CreationDate } = metadata;
      const [all, aliases] = await Promise.all([
        readMaterialsOf(kms, { keyId, keyArn }, services),
        readAliases(kms, keyId),
      ]);
      if (all.length === 0) throw new ProblemError(neverImported(keyArn));
      report({ id: 'key', label: `The key is ${keyState}`, note: missingWords(all), state: 'done' });
      const alias = aliases.find((name) => name === recorded?.key?.alias) ?? aliases[0] ?? keyId;
      const createdAt = CreationDate?.toISOString() ?? '';
      return {
        key: { ...recorded?.key, keyId, keyArn, alias, createdAt },
        materials: { asOf: clock().toISOString(), keyState, all },
      };
    } catch (error) {
      throw new ProblemError(explainAwsError(error, { what: "Can't look at the key.", state: nothingSent }));
    }
  },

  foresee({ services }) {
    const keyArn = '';
    const key = services.recorded?.key ?? { keyId: '', keyArn, alias: 'alias/key', createdAt: farAhead };
    const missing: Material = {
      keyMaterialId: services.recorded?.imported?.keyMaterialId ?? '',
      state: 'CURRENT',
      isImported: false,
      expiry: services.recorded?.imported?.validTo ?? 'never',
      description: null,
    };
    return { key, materials: { asOf: farAhead, keyState: 'PendingImport', all: [missing] } };
  },

  receipt(facts) {
    const { keyState, all } = need(facts, 'materials');
    return `Key found: ${need(facts, 'key').alias} is ${keyState}, ${missingWords(all)}`;
  },
};

const nothingSent = 'Nothing was sent or changed.';

function missingWords(all: readonly Material[]): string {
  const missing = all.filter(({ isImported }) => !isImported).length;
  const count = all.length === 1 ? 'its material' : `${missing} of its ${all.length} materials`;
  if (missing === 0) return all.length === 1 ? 'its material is there' : `all of its ${all.length} materials are there`;
  return `${count} ${missing === 1 ? 'is' : 'are'} missing`;
}

function keyQuestion(services: Services): Question {
  return {
    kind: 'text',
    id: 'key',
    ask: 'Which KMS key should get its material back?',
    label: 'KMS key',
    form: 'a key id, a key ARN, or an alias such as alias/payments-2026',
    check: (text) => (text.trim() === '' ? 'Type the id, the ARN or the alias of the key.' : undefined),
    verify: async (answer) => {
      const metadata = await describeKey(services.session.clients.kms, String(answer).trim()).catch(notThere);
      if (metadata === undefined) return `There is no key ${answer} in this account and Region.`;
      const { why, what } = unfitness(metadata, services, {}) ?? {};
      return why ?? what;
    },
    help: 'The card beside a backup (.key.age.json) names it. So does every object that is encrypted under it.',
  };
}

function notThere(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NotFoundException') return undefined;
  throw error;
}

/** What stands against importing material into a key, by the word of DescribeKey. */
function unfitness(metadata: KeyMetadata, services: Services, facts: Facts): Problem | undefined {
  const { KeyId = '', Origin, KeyState, DeletionDate, KeySpec } = metadata;
  const problem = { kind: 'fixable', what: `Can't bring material back into ${KeyId}.`, state: nothingSent } as const;
  if (Origin !== 'EXTERNAL')
    return {
      ...problem,
      why: `Its origin is ${Origin}: material is imported only into keys with the origin EXTERNAL.`,
      next: ['Name the key that had the imported material.'],
    };
  if (KeySpec !== 'SYMMETRIC_DEFAULT')
    return {
      ...problem,
      why: `It is a key of the kind ${KeySpec}; Keyferry imports SYMMETRIC_DEFAULT.`,
      next: ['Import its material with the aws command.'],
    };
  if (KeyState === 'PendingDeletion' || KeyState === 'PendingReplicaDeletion') {
    const date = DeletionDate === undefined ? '' : ` at ${utc(DeletionDate)}`;
    const cancel = awsCommand(facts, services, 'kms cancel-key-deletion', { 'key-id': KeyId });
    return {
      ...problem,
      code: KeyState,
      why: `It will be deleted${date}. After that no copy of its material helps.`,
      next: [`To keep it: ${cancel.replaceAll(' \\\n  ', ' ')}`, 'Then start again.'],
    };
  }
  return undefined;
}

function neverImported(keyArn: string): Problem {
  return {
    kind: 'fixable',
    what: "Can't bring material back: this key has never had any.",
    why: `${keyArn} waits for its first import. No earlier material says which bytes belong to it.`,
    state: nothingSent,
    next: ['Finish the ceremony that made the key, or import the first material with the aws command.'],
  };
}

/** @throws ProblemError where the key is on record in another account or Region. */
function refuseOtherPlace(now: Connection, recorded: Connection | undefined): void {
  if (recorded === undefined) return;
  const words = ({ accountId, region }: Connection) => `account ${accountId}, ${region}`;
  if (words(now) === words(recorded)) return;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't bring the material back from here.",
    why: `The key is in ${words(recorded)}; this connection is to ${words(now)}.`,
    state: nothingSent,
    next: [`Connect to ${words(recorded)}, for example with --profile and --region.`],
  });
}
