import type { KeyMetadata } from '@aws-sdk/client-kms';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { readKeyPolicy, readTags } from '../aws/key-attributes.ts';
import { readMaterials } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand, findNamedKeyCommand, keyArnVariable } from './aws-command-line.ts';
import { testCallerOnKey } from './caller-on-key.ts';
import { farAhead, utc } from './dates.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import { existingKeyQuestions, wantedKey } from './existing-key-questions.ts';
import { type Facts, need } from './facts.ts';
import { folderName } from './file-names.ts';
import { unfitForFirst } from './fit-for-first-import.ts';
import { chooseAlias } from './key-alias.ts';
import { nothingSent } from './look-at-key.ts';
import { findNamedKey, offerOtherKey } from './named-key.ts';
import type { KeyferryStep, Services } from './services.ts';

/**
 * Finds a KMS key that somebody else made and that waits for its first material. Reads its policy and tags, tests what the caller
 * may do, and gives the folder the name of the alias.
 */
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
    const wanted = facts.key?.keyArn ?? wantedKey(answers, services);
    const describeCommand = (query: string) =>
      awsCommand(facts, services, 'kms describe-key', { 'key-id': keyArnVariable, query, output: 'text' });
    return [
      findNamedKeyCommand(facts, services, wanted === '' ? 'KEY' : wanted),
      {
        // aws-cli writes tabs between the values, and None when the key never had material.
        says: 'Fails where the key has had material, or does not wait for any',
        shell: `test "$(${describeCommand('KeyMetadata.[Origin,KeyState,CurrentKeyMaterialId]')})" = $'EXTERNAL\\tPendingImport\\tNone'`,
      },
    ];
  },

  async act(context) {
    const { facts, answers, services, report, signal } = context;
    const wanted = wantedKey(answers, services);
    report({ id: 'key', label: 'Asking KMS about the key', state: 'working' });
    try {
      const metadata = await findFitKey(context, wanted);
      const { KeyId: keyId = '', Arn: keyArn = '', CreationDate } = metadata;
      const alias = (await chooseAlias(services.session.clients.kms, keyId, [wanted])) ?? keyId;
      const key = { keyId, keyArn, alias, createdAt: CreationDate?.toISOString() ?? '' };
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
      throw new ProblemError(offerOtherKey(problem, services.preset.key === undefined));
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
    const { alias, keyArn, createdAt } = need(facts, 'key');
    return `Key found: ${alias}, ${keyArn}, made at ${utc(new Date(createdAt))}, waits for its first material`;
  },
};

/**
 * Gives the metadata of the named key, which can get its first material.
 * @throws ProblemError when there is no such key here, or when it takes no first material.
 */
async function findFitKey({ facts, services }: ActContext<Facts, Services>, wanted: string): Promise<KeyMetadata> {
  const { kms } = services.session.clients;
  const metadata = await findNamedKey(kms, wanted, facts.connection);
  const refuseUnfit = (listsMaterials?: boolean) => {
    const unfit = unfitForFirst({ metadata, listsMaterials }, services, facts);
    if (unfit !== undefined) throw new ProblemError(unfit);
  };
  refuseUnfit();
  // DescribeKey shows earlier material too. The list of materials is a second look, for a caller who may list them.
  const materials = await undefinedIfDenied(readMaterials(kms, metadata.KeyId ?? ''));
  refuseUnfit(materials !== undefined && materials.length > 0);
  return metadata;
}

/** Reads the policy and the tags of the key, and tests what the caller may do. A refused read gives null in the fact. */
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
