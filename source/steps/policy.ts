import { kmsTags } from '../aws/kms.ts';
import { describeDuties } from '../aws/strict-policy.ts';
import type { Tag } from '../aws/tags.ts';
import type { Option } from '../ceremony/question.ts';
import { awsCommand, keyArnVariable } from './aws-command-line.ts';
import { farAhead } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { refuseOtherKey } from './key-as-asked.ts';
import { lookAsks, lookOption, lookQuestions } from './look-first.ts';
import { giveAlias } from './make-alias.ts';
import { makeKey } from './make-key.ts';
import { despiteMissingQuestions, neededOption } from './missing-permissions.ts';
import { newKeyId } from './new-key.ts';
import { backTo } from './past.ts';
import { policyChoicesOf } from './policy-choices.ts';
import { isStrict } from './policy-kind.ts';
import { policyOf, policyProblem, policyTable, policyWords } from './policy-words.ts';
import { readRefusedUses } from './refused-uses.ts';
import type { KeyferryStep } from './services.ts';
import { unseenKeysQuestion } from './unseen-keys.ts';

// Pages: KMS developer guide, "Key policies in AWS KMS", "Default key policy"; AWS KMS pricing; IAM user guide, "Testing
// IAM policies with the IAM policy simulator".

/** Shows the key policy, then makes the key with it and gives the key its alias. */
export const policy: KeyferryStep = {
  id: 'policy',
  asks: ['proceed', ...lookAsks, 'despite-missing-permissions', 'unseen-keys'],
  mayLeaveQuestionsUnasked: true,
  needs: ['connection', 'description', 'people'],
  provides: ['key'],
  leadsTo: ['describe-key', 'permissions'],
  title: 'Policy and key',
  done: 'Key created',
  place: 'KMS',
  lasting: true,
  why: 'The key policy decides who can do what: no other permission counts where it does not allow that. Now the key is made, still empty.',
  goesWrong: [
    '"The new key policy will not allow you to update the key policy in the future": nobody could change the policy again.',
    'The account root was left out, and the administrators are gone. Then only AWS Support can help.',
    'A policy written by hand lacks kms:ImportKeyMaterial. The console adds it, the API does not.',
    "AccessDenied, though IAM's test found nothing missing: it does not see resource control, session, VPC endpoint and bucket policies.",
  ],

  questions({ facts, answers, services }) {
    const keyPolicy = policyOf(facts);
    const { alias, aliasFrom } = need(facts, 'description');
    const { warnings, notes, costs, test } = policyWords(facts);
    return [
      {
        kind: 'choice',
        id: 'proceed',
        ask: 'Create the key with this policy?',
        label: 'Policy',
        form: 'create or look',
        table: policyTable(keyPolicy),
        options: [
          {
            value: 'create',
            label: aliasFrom === undefined ? `Create the key and ${alias}` : `Create the key, and move ${alias} to it`,
          },
          ...dutiesOption(facts),
          {
            value: 'json',
            label: 'Show the policy as JSON',
            leads: {
              action: 'panel',
              panel: { title: 'Key policy', lines: JSON.stringify(keyPolicy, undefined, 2).split('\n') },
            },
          },
          ...neededOption(facts),
          lookOption,
          {
            value: 'people',
            label: 'Change the people',
            leads: backTo('permissions', 'Change the people'),
          },
        ],
        default: 'create',
        verify: async () => policyProblem(facts),
        help: [...warnings, ...notes, costs, ...test].join('\n'),
      },
      ...lookQuestions(facts, answers, services, { ask: 'Create the key now?', option: `Create the key and ${alias}` }),
      ...despiteMissingQuestions(facts, services, keyPolicy),
      ...unseenKeysQuestion(services),
    ];
  },

  commands({ facts, services }) {
    const { alias, description, tags = [], multiRegion, aliasFrom } = need(facts, 'description');
    const create = awsCommand(facts, services, 'kms create-key', {
      origin: 'EXTERNAL',
      ...descriptionOption(description),
      ...(multiRegion === true ? { 'multi-region': true as const } : {}),
      tags: tagsOption(services.journal.state.id ?? '', tags),
      policy: JSON.stringify(policyOf(facts)),
      query: 'KeyMetadata.Arn',
      output: 'text',
    });
    return [
      { says: 'Create the key, empty for now', shell: `KEY_ARN=$(${create})`, makes: keyArnVariable.variable },
      {
        says: aliasFrom === undefined ? 'Give it its alias' : `Move the alias to it, from key ${aliasFrom}`,
        shell: awsCommand(facts, services, aliasFrom === undefined ? 'kms create-alias' : 'kms update-alias', {
          'alias-name': alias,
          'target-key-id': keyArnVariable,
        }),
      },
    ];
  },

  async act(context) {
    const { facts } = context;
    const keyPolicy = policyOf(facts);
    const policyJson = JSON.stringify(keyPolicy);
    const key = await makeKey(context, policyJson);
    refuseOtherKey(key, facts, context.services);
    const { keyId, keyArn, createdAt } = key;
    await giveAlias(context, keyId);
    await readRefusedUses(context, { keyArn, policy: keyPolicy });
    return { key: { keyId, keyArn, createdAt, alias: need(facts, 'description').alias, policy: policyJson } };
  },

  foresee({ facts }) {
    const { alias } = need(facts, 'description');
    // Nobody knows the ARN of a key that is still to be made.
    return {
      key: { keyId: newKeyId, keyArn: '', alias, createdAt: farAhead, policy: '{}' },
    };
  },

  receipt(facts) {
    const { alias, keyArn } = need(facts, 'key');
    return `Key created: ${alias}, ${keyArn}`;
  },
};

/**
 * Gives the option that has the key's description. aws-cli would read a value such as `file://x` from that file, so
 * such a description goes into JSON, where aws-cli leaves it as it is (AWS CLI user guide, "Loading a parameter from a
 * file in the AWS CLI").
 */
function descriptionOption(description: string): Readonly<Record<string, string>> {
  return /^(fileb?|https?):\/\//.test(description)
    ? { 'cli-input-json': JSON.stringify({ Description: description }) }
    : { description };
}

/** Gives the value of `--tags`. The person's own tags may hold commas, so that they go into JSON. */
function tagsOption(ceremonyId: string, tags: readonly Tag[]): string {
  const all = kmsTags(ceremonyId, tags);
  return tags.length > 0
    ? JSON.stringify(all)
    : all.map(({ TagKey, TagValue }) => `TagKey=${TagKey},TagValue=${TagValue}`).join(' ');
}

/** Gives the option that explains each action of a strict policy; none for the policy of the console. */
function dutiesOption(facts: Facts): readonly Option[] {
  if (!isStrict(facts)) return [];
  const panel = { title: 'Who may do what, and why', lines: describeDuties(policyChoicesOf(facts)) };
  return [{ value: 'duties', label: 'Show each allowed action', leads: { action: 'panel', panel } }];
}
