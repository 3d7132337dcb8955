import type { KeyMetadata } from '@aws-sdk/client-kms';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readKeyPolicy, readTags } from '../aws/key-attributes.ts';
import { readMaterials } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand, findNamedKeyCommand, keyArn } from './aws-command-line.ts';
import { testCallerOnKey } from './caller-on-key.ts';
import { farAhead, utc } from './dates.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import { existingKeyQuestions, wantedKey } from './existing-key-questions.ts';
import { type Facts, need } from './facts.ts';
import { folderName } from './file-names.ts';
import { unfitForFirst } from './fit-for-first-import.ts';
import { chooseAlias } from './key-alias.ts';
import { nothingSent } from './look-at-key.ts';
import { findNamedKey } from './named-key.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Finds a KMS key that somebody else made and that waits for its first material, and reads its policy and tags. */
export const existingKey: KeyferryStep = {
  id: 'existing-key',
  asks: ['key'],
  needs: ['connection'],
  provides: ['key', 'existing'],
  leadsTo: ['existing-key'],
  title: 'Key',
  done: 'Key found',
  place: 'KMS',
  lasting: false,
  why: 'Terraform, CloudFormation or the console made the KMS key, with its policy and tags. All that it lacks is its material: the bytes of your key.',
  goesWrong: [
    'The key was made with the origin AWS_KMS: nothing can ever be imported into it.',
    'The key had material before. Then it takes only the same bytes back: IncorrectKeyMaterialException.',
    'key_material_base64 of Terraform: whoever reads its state then has your key. Leave it out, and import here.',
  ],

  questions: existingKeyQuestions,

  commands({ facts, answers, services }) {
    const named = facts.key?.keyArn ?? wantedKey(answers, services);
    const look = (query: string) =>
      awsCommand(facts, services, 'kms describe-key', { 'key-id': keyArn, query, output: 'text' });
    return [
      findNamedKeyCommand(facts, services, named === '' ? 'KEY' : named),
      {
        says: 'Fails where the key has had material, or does not wait for any',
        shell: `test "$(${look('KeyMetadata.[Origin,KeyState,CurrentKeyMaterialId]')})" = $'EXTERNAL\\tPendingImport\\tNone'`,
      },
    ];
  },

  async act(context) {
    const { facts, answers, services, report, signal } = context;
    const wanted = wantedKey(answers, services);
    report({ id: 'key', label: 'Asking KMS about the key', state: 'working' });
    try {
      const metadata = await findFitKey(context, wanted);
      const { KeyId: keyId = '', Arn: arn = '', CreationDate } = metadata;
      const alias = (await chooseAlias(services.session.clients.kms, keyId, [wanted])) ?? keyId;
      const key = { keyId, keyArn: arn, alias, createdAt: CreationDate?.toISOString() ?? '' };
      report({ id: 'key', label: `${alias} waits for its first material`, state: 'done' });
      report({ id: 'policy', label: 'Reading its policy, and asking what you may do', state: 'working' });
      const existing = await readExisting({ ...facts, key }, services, metadata, signal);
      const isRead = existing.policy !== null;
      report({ id: 'policy', label: isRead ? 'Policy read' : 'You may not read its policy', state: 'done' });
      services.folder.rename(folderName(alias));
      return { key, existing };
    } catch (error) {
      signal.throwIfAborted();
      const problem = explainAwsError(error, { what: "Can't look at the key.", state: nothingSent });
      throw new ProblemError({ ...problem, ...remediesFor(services) });
    }
  },

  foresee({ answers, services }) {
    const alias = wantedKey(answers, services);
    const existing: ExistingKey = {
      asOf: farAhead,
      description: '',
      policy: null,
      tags: null,
      isMultiRegion: false,
      test: { tested: false, why: '' },
      refusedUses: [],
    };
    return { key: { keyId: alias, keyArn: '', alias, createdAt: farAhead }, existing };
  },

  receipt(facts) {
    const { alias, keyArn: arn, createdAt } = need(facts, 'key');
    return `Key found: ${alias}, ${arn}, made at ${utc(new Date(createdAt))}, waits for its first material`;
  },
};

/** @throws ProblemError where there is no such key here, or it takes no first material. */
async function findFitKey({ facts, services }: ActContext<Facts, Services>, wanted: string): Promise<KeyMetadata> {
  const { kms } = services.session.clients;
  const found = await findNamedKey(kms, wanted, facts.connection);
  const refuse = (hasMaterials?: boolean) => {
    const unfit = unfitForFirst({ metadata: found, hasMaterials }, services, facts);
    if (unfit !== undefined) throw new ProblemError(unfit);
  };
  refuse();
  // DescribeKey says it too; a caller may lack the permission to list.
  const listed = await undefinedIfDenied(readMaterials(kms, found.KeyId ?? ''));
  refuse(listed !== undefined && listed.length > 0);
  return found;
}

async function readExisting(
  facts: Facts,
  services: Services,
  { KeyId: keyId = '', Description, MultiRegion }: KeyMetadata,
  signal: AbortSignal,
): Promise<ExistingKey> {
  const { session, clock } = services;
  const { kms } = session.clients;
  const [policy, tags] = await Promise.all([
    undefinedIfDenied(readKeyPolicy(kms, keyId)),
    undefinedIfDenied(readTags(kms, keyId)),
  ]);
  return {
    asOf: clock().toISOString(),
    description: Description ?? '',
    policy: policy ?? null,
    tags: tags ?? null,
    isMultiRegion: MultiRegion === true,
    ...(await testCallerOnKey(facts, services, policy, signal)),
  };
}

/** Where the command line has named the key, there is no question to go back to. */
function remediesFor({ preset }: Services) {
  if (preset.key !== undefined) return {};
  return { remedies: [{ action: 'ask-again', label: 'Choose another key', question: 'key' }] } as const;
}
