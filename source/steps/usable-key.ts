import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { farAhead } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { unfitForEncryption } from './fit-for-encryption.ts';
import { chooseAlias } from './key-alias.ts';
import { nothingSent } from './look-at-key.ts';
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

// Pages: S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)".

/** Finds the KMS key under which objects should be encrypted: the key of this folder, or another that the person names. */
export const findUsableKey: KeyferryStep = {
  id: 'find-key',
  asks: ['key'],
  mayLeaveQuestionsUnasked: true,
  needs: ['connection'],
  provides: ['key'],
  title: 'Key',
  done: 'Key found',
  place: 'KMS',
  lasting: false,
  why: 'S3 encrypts under the KMS key that the upload names. The key must be Enabled, symmetric, and in the Region of the bucket.',
  goesWrong: [
    'The key is Disabled or PendingImport: the upload fails, and what is under the key cannot be read either.',
    'The credentials are those of another account or Region.',
  ],

  questions: ({ facts, services }) => (isKeyKnown(services) ? [] : [keyQuestion(facts, services)]),

  commands({ facts, answers, services }) {
    const key = facts.key?.keyArn ?? wantedKey(answers, services);
    return [
      {
        says: 'See that the key is Enabled, and for ENCRYPT_DECRYPT',
        shell: awsCommand(facts, services, 'kms describe-key', {
          'key-id': key === '' ? 'KEY' : key,
          query: 'KeyMetadata.[KeyState,KeySpec,KeyUsage,Origin]',
          output: 'text',
        }),
      },
    ];
  },

  async act({ facts, answers, services, report, signal }) {
    const { recorded, session } = services;
    const { kms } = session.clients;
    const connection = need(facts, 'connection');
    refuseOtherPlace(connection, recorded?.connection, "Can't encrypt under the key of this folder from here.");
    const wanted = wantedKey(answers, services);
    report({ id: 'key', label: 'Asking KMS about the key', state: 'working' });
    try {
      const metadata = await findNamedKey(kms, wanted, connection, ownAccount);
      const { KeyId: keyId = '', Arn: keyArn = '', KeyState, CreationDate } = metadata;
      if (recorded?.key !== undefined && recorded.key.keyArn !== keyArn)
        throw new ProblemError(otherKeyProblem(wanted, recorded.key.keyArn, services));
      const unfit = unfitForEncryption(metadata, services, facts);
      if (unfit !== undefined) throw new ProblemError(unfit);
      const alias = (await chooseAlias(kms, keyId, [wanted, recorded?.key?.alias])) ?? keyId;
      report({ id: 'key', label: `${alias} is ${KeyState}`, state: 'done' });
      return { key: { keyId, keyArn, alias, createdAt: CreationDate?.toISOString() ?? '' } };
    } catch (error) {
      signal.throwIfAborted();
      const problem = explainAwsError(error, { what: "Can't look at the key.", state: nothingSent });
      throw new ProblemError(offerOtherKey(problem, !isKeyKnown(services)));
    }
  },

  async restore({ facts, services }) {
    const { keyArn } = need(facts, 'key');
    const { preset, recorded } = services;
    if (recorded?.key !== undefined && recorded.key.keyArn !== keyArn)
      throw new ProblemError(otherKeyProblem(keyArn, recorded.key.keyArn, services));
    if (preset.key === undefined) return;
    const { kms } = services.session.clients;
    const { Arn } = await findNamedKey(kms, preset.key, need(facts, 'connection'), ownAccount);
    if (Arn !== keyArn) throw new ProblemError(otherKeyProblem(preset.key, keyArn, services));
  },

  foresee({ answers, services }) {
    const wanted = wantedKey(answers, services);
    return { key: services.recorded?.key ?? { keyId: wanted, keyArn: '', alias: wanted, createdAt: farAhead } };
  },

  receipt: (facts) => `Key found: ${need(facts, 'key').alias} is Enabled`,
};

/** Gives the name of the key from the command line, else from the folder, else from the answer; an empty text without any. */
function wantedKey({ key = '' }: Answers, { preset, recorded }: Services): string {
  return (preset.key ?? recorded?.key?.keyId ?? String(key)).trim();
}

const ownAccount = 'Keyferry encrypts under keys of the account that it is connected to.';

/** Asks for the key, and checks with KMS that S3 can encrypt under it. */
function keyQuestion(facts: Facts, services: Services): Question {
  return {
    kind: 'text',
    id: 'key',
    ask: 'Under which KMS key?',
    label: 'KMS key',
    form: keyForm,
    check: keyMissing,
    verify: async (answer) => {
      const { kms } = services.session.clients;
      const metadata = await checkNamedKey(kms, String(answer).trim(), facts.connection, ownAccount);
      // A string says why there is no such key here.
      if (typeof metadata === 'string') return metadata;
      const unfit = unfitForEncryption(metadata, services, facts);
      return unfit === undefined ? undefined : `${unfit.why} ${unfit.next[0]}`;
    },
    help: 'Any symmetric encryption key that is Enabled will do, whoever made it.',
  };
}

/**
 * Makes the problem of a key that is not the key of the folder. The command line names another key, or a journal was copied
 * into another folder.
 */
function otherKeyProblem(wanted: string, keyArn: string, { folder }: Services): Problem {
  return {
    kind: 'fixable',
    what: `Can't encrypt under ${wanted} here: the folder is of another key.`,
    why: `${folder.shown === '.' ? folder.path : folder.shown} holds what belongs to ${keyArn}.`,
    state: nothingSent,
    next: ['Name another folder with --workdir, or start where there is no ceremony.'],
  };
}
