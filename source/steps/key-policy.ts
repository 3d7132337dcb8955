import { type ExistingPolicy, policyName, rowsOf } from '../aws/existing-policy.ts';
import type { PolicyAnswer } from '../aws/policy-answer.ts';
import { readPolicy } from '../aws/policy-statements.ts';
import type { Option, Table } from '../ceremony/question.ts';
import { awsCommand, findNamedKeyCommand, keyArnVariable } from './aws-command-line.ts';
import {
  askedBucket,
  callerInPolicy,
  isPerhapsUser,
  lackedActions,
  lackedByKeyPolicy,
  lackedJson,
} from './caller-on-key.ts';
import { acknowledgeQuestion } from './describe-key.ts';
import type { ExistingKey } from './existing-key-fact.ts';
import { type Facts, need } from './facts.ts';
import { lookAsks, lookOption, lookQuestions } from './look-first.ts';
import { backTo } from './past.ts';
import { decidedWords, unknownWords, uploadWords } from './permission-words.ts';
import { changersWords } from './policy-changers.ts';
import type { KeyferryStep } from './services.ts';

// Pages: KMS developer guide, "Default key policy", "Key policies in AWS KMS", "Delete imported key material".

/** Explains the policy of a key that somebody else made, before anything is imported. Changes nothing. */
export const keyPolicy: KeyferryStep = {
  id: 'key-policy',
  asks: ['proceed', ...lookAsks, 'acknowledge'],
  needs: ['connection', 'key', 'existing'],
  provides: ['description'],
  leadsTo: ['existing-key'],
  title: 'Policy',
  done: 'Policy looked at',
  place: 'you',
  lasting: false,
  why: 'Whoever made the key has decided who may change, use and delete it. That will hold for your material too. The policy is read here, and never changed.',
  goesWrong: [
    'The policy lacks kms:ImportKeyMaterial or kms:GetParametersForImport: the API does not add them, the console does.',
    'kms:DeleteImportedKeyMaterial takes the material away at once, without the waiting period of a key deletion.',
    'The account root was left out of the policy. When those that it names are gone, only AWS Support can help.',
  ],

  questions({ facts, answers, services }) {
    const { alias } = need(facts, 'key');
    const existing = need(facts, 'existing');
    const policy = existing.policy === null ? undefined : readPolicy(existing.policy);
    return [
      {
        kind: 'choice',
        id: 'proceed',
        ask: 'Import your key into this KMS key?',
        label: 'Policy',
        form: 'use or look',
        ...(policy === undefined ? {} : { table: tableOf(policy, need(facts, 'connection').accountId) }),
        options: [
          { value: 'use', label: `Use ${alias}` },
          ...policyOption(existing),
          ...lackedOption(facts),
          lookOption,
          { value: 'another', label: 'Choose another key', leads: backTo('existing-key', 'Choose another key') },
        ],
        default: 'use',
        help: policyWords(facts, policy).join('\n'),
      },
      ...lookQuestions(facts, answers, services, { ask: 'Import your key into this KMS key?', option: `Use ${alias}` }),
      acknowledgeQuestion,
    ];
  },

  commands({ facts, services }) {
    return [
      findNamedKeyCommand(facts, services, need(facts, 'key').alias),
      {
        says: 'See its policy',
        shell: awsCommand(facts, services, 'kms get-key-policy', {
          'key-id': keyArnVariable,
          'policy-name': 'default',
          query: 'Policy',
          output: 'text',
        }),
      },
      {
        says: 'See its tags',
        shell: awsCommand(facts, services, 'kms list-resource-tags', { 'key-id': keyArnVariable }),
      },
    ];
  },

  async act({ facts }) {
    const { alias } = need(facts, 'key');
    return { description: { alias, description: need(facts, 'existing').description, acknowledged: true } };
  },

  /** Later questions read only the alias. KMS tells the description when the step acts. */
  foresee({ facts }) {
    return { description: { alias: need(facts, 'key').alias, description: '', acknowledged: true } };
  },

  receipt(facts) {
    const { policy } = need(facts, 'existing');
    return policy === null ? 'Policy not known: you may not read it' : 'Policy looked at, and left as it is';
  },
};

/** Says what a person should know about the policy before the import. The most urgent sentence comes first. */
function policyWords(facts: Facts, policy: ExistingPolicy | undefined): readonly string[] {
  const { accountId } = need(facts, 'connection');
  const existing = need(facts, 'existing');
  const isOfCeremony = existing.tags?.some(({ key }) => key === 'keyferry:ceremony') === true;
  return [
    ...lackedWords(facts),
    ...(policy === undefined
      ? [unknownPolicyWords(existing)]
      : [changersWords(policy, { accountId, you: callerInPolicy(facts, policy) }), ...maybeWords(policy)]),
    ...(isOfCeremony
      ? ['A ceremony of Keyferry made this key. Where its folder is at hand, go on there instead.']
      : []),
    `${tagWords(existing)} Policy, tags and name stay as they are.`,
  ];
}

/**
 * Says which permissions the caller seems to lack and what decided that. Then says when the permissions were not tested, when the
 * caller may not use the key, what an upload lacks, and what is not known.
 */
function lackedWords(facts: Facts): readonly string[] {
  const { test } = need(facts, 'existing');
  const otherWords = [
    ...(test.tested ? [] : [`Your permissions were not tested. ${test.why}`]),
    ...(isPerhapsUser(facts) ? [] : ['The key policy does not let you use the key: one of its users uploads, later.']),
    ...(test.tested ? [...uploadWords(test.missing, askedBucket(facts)), ...unknownWords(test.unknown ?? [])] : []),
  ];
  const lacked = lackedActions(facts);
  if (lacked.length === 0) return otherWords;
  const byPolicy = lackedByKeyPolicy(facts);
  const policyActions = byPolicy.length === lacked.length ? 'that' : byPolicy.join(', ');
  const policyNote = byPolicy.length === 0 ? '' : ` IAM cannot give ${policyActions}: the key policy has to.`;
  const decisions = test.tested ? decidedWords(test.missing) : '';
  return [
    `You seem to lack ${lacked.join(', ')}.${policyNote}${decisions} This can be wrong: the call itself tells.`,
    ...otherWords,
  ];
}

/** Says that the policy is not known here, and why. */
function unknownPolicyWords({ policy }: ExistingKey): string {
  return policy === null
    ? 'You may not read the key policy (kms:GetKeyPolicy). So it is not known here who else may use the key, change its policy or delete its material.'
    : 'The key policy cannot be read as a policy. Look at it as JSON.';
}

/** Explains the mark "if" of the table, when the table has one. */
function maybeWords(policy: ExistingPolicy): readonly string[] {
  const hasMaybe = rowsOf(policy).some((row) => Object.values(row).includes('maybe'));
  return hasMaybe ? ['"if": a condition of the policy decides.'] : [];
}

/** Says which tags the key has. */
function tagWords({ tags }: ExistingKey): string {
  if (tags === null) return 'You may not list its tags.';
  if (tags.length === 0) return 'It has no tags.';
  return `Tags: ${tags.map(({ key, value }) => `${key}=${value}`).join(', ')}.`;
}

/** Gives the option that shows the policy as JSON; none when the caller may not read the policy. */
function policyOption({ policy }: ExistingKey): readonly Option[] {
  if (policy === null) return [];
  const panel = { title: 'Key policy', lines: prettyPolicy(policy).split('\n') };
  return [{ value: 'json', label: 'Show the policy as JSON', leads: { action: 'panel', panel } }];
}

/** Writes a policy with an indent of two spaces. Gives text that is no JSON unchanged. */
function prettyPolicy(policy: string): string {
  try {
    return JSON.stringify(JSON.parse(policy), undefined, 2);
  } catch {
    return policy;
  }
}

/** Gives the option that shows an IAM policy with the lacked permissions; none when IAM can give none of them. */
function lackedOption(facts: Facts): readonly Option[] {
  const text = lackedJson(facts);
  if (text === undefined) return [];
  const panel = { title: 'What you seem to lack, as an IAM policy', lines: text.trimEnd().split('\n') };
  return [{ value: 'needed', label: 'Show what you lack, as a policy', leads: { action: 'panel', panel } }];
}

/** Makes the table of what each principal of the policy may do. */
function tableOf(policy: ExistingPolicy, accountId: string): Table {
  // A column has room only for a mark (true or false) or a short word. `maybeWords` explains the word.
  const mark = (may: PolicyAnswer) => (may === 'maybe' ? 'if' : may === 'yes');
  return {
    head: ['', 'manage', 'import', 'use', 'delete material', 'delete key'],
    rows: rowsOf(policy).map((row) => [
      policyName(row.principal, accountId),
      mark(row.manage),
      mark(row.import),
      mark(row.use),
      mark(row.deleteMaterial),
      mark(row.deleteKey),
    ]),
  };
}
