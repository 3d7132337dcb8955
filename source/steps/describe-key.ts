import { findTagProblem, findTagsProblem, readTag, type Tag } from '../aws/tags.ts';
import type { Answer, ConfirmQuestion, ManyQuestion } from '../ceremony/question.ts';
import { aliasProblem, longestAlias, suggestedAlias, withAliasPrefix } from './alias-name.ts';
import { moveAliasQuestions, verifyAlias } from './alias-owner.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Facts, need } from './facts.ts';
import { folderName } from './file-names.ts';
import { checkValueText, statedCheckValueText } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { isKeyLost, lostKeyWords } from './with-key.ts';

// Pages: KMS developer guide, "Special considerations for imported key material", "Aliases in AWS KMS", "Delete an AWS
// KMS key"; AWS Account Management reference guide, "Close an AWS account".

/** In characters. KMS API reference, CreateKey, Description. */
const longestDescription = 8192;

/** Asks a person to tick the sentence that the AWS console shows for a key with imported material. The tick is required. */
export const acknowledgeQuestion: ConfirmQuestion = {
  kind: 'confirm',
  id: 'acknowledge',
  ask: 'I understand the security, availability and durability implications of using an imported key.',
  label: 'Acknowledged',
  form: 'true, ticked by a person',
  mustTick: true,
  help: 'With an imported key, you are the only backup.\nAWS keeps a working copy, but if that is deleted or expires, only your copy can bring it back. Without it, all that was encrypted is lost. Once the KMS key is deleted, or the account closed for good, no copy helps.',
};

/** Asks for the person's own tags. */
const tagsQuestion: ManyQuestion = {
  kind: 'many',
  id: 'tags',
  ask: 'Which tags should the key have?',
  label: 'Tags',
  form: 'a list of KEY=VALUE, such as team=payments, or nothing',
  options: [],
  typed: 'tag, as KEY=VALUE',
  default: [],
  least: 0,
  check: findTagProblem,
  verify: async (answer) => findTagsProblem(tagsOf(answer)),
  help: 'Type each as KEY=VALUE, such as team=payments. Some accounts make no key without certain tags. A bucket that this ceremony makes gets them too. Tags are not secret. Leave the list empty for none.',
};

/** Asks whether to make a multi-Region key, which stays so for ever. KMS developer guide, "Multi-Region keys in AWS KMS". */
const multiRegionQuestion: ConfirmQuestion = {
  kind: 'confirm',
  id: 'multi-region',
  ask: 'Make it a multi-Region key.',
  label: 'Multi-Region',
  form: 'true or false',
  default: false,
  help: 'This is decided for ever, as is the kind of the key, SYMMETRIC_DEFAULT.\nA multi-Region key can get replicas that open the same data in other Regions. Each costs as much as a key, and your bytes are imported into each. S3 treats each replica as a key of its own. The first multi-Region key of an account needs iam:CreateServiceLinkedRole. Without a tick, Enter means no.',
};

/** Asks how the key is called, tagged and described, and what stays for ever. Names the folder, and makes nothing in AWS yet. */
export const describeKey: KeyferryStep = {
  id: 'describe-key',
  asks: ['alias', 'move-alias', 'description', 'tags', 'multi-region', 'acknowledge'],
  // Only KMS tells whether the alias has to be moved.
  mayLeaveQuestionsUnasked: true,
  needs: ['secret'],
  provides: ['description'],
  title: 'Description',
  done: 'Described',
  place: 'you',
  lasting: false,
  why: 'A KMS key is known by a long id that AWS chooses. The alias is the name that people and programs use instead.',
  goesWrong: [
    'AlreadyExistsException: the alias is taken. A key that waits for its deletion keeps its alias too.',
    'Making the key and its alias are two calls. A script that fails between them leaves nameless keys behind.',
  ],

  questions({ facts, answers, services }) {
    return [
      {
        kind: 'text',
        id: 'alias',
        ask: 'What should the key be called?',
        label: 'Alias',
        form: 'alias/ and letters, digits, / _ or -, such as alias/payments-2026',
        placeholder: 'alias/payments-2026',
        longest: longestAlias,
        check: (text) => aliasProblem(withAliasPrefix(text)),
        notice: (text) => (withAliasPrefix(text) === 'alias/' ? undefined : withAliasPrefix(text)),
        suggest: suggestedAlias,
        verify: (answer) => verifyAlias(services, withAliasPrefix(String(answer))),
        help: `${secretWords(facts, services)}The alias can be moved to another key later. Nothing that you see here is secret.`,
      },
      ...moveAliasQuestions(services, withAliasPrefix(String(answers.alias ?? ''))),
      {
        kind: 'text',
        id: 'description',
        ask: 'What is it for? A sentence for whoever finds it in two years.',
        label: 'Description',
        form: 'up to 8192 characters, or nothing',
        default: '',
        check: (text) => (text.length <= longestDescription ? undefined : 'A description has at most 8192 characters.'),
        help: 'It can stay empty.',
      },
      tagsQuestion,
      multiRegionQuestion,
      acknowledgeQuestion,
    ];
  },

  commands({ facts, answers, services }) {
    const alias = withAliasPrefix(String(answers.alias ?? ''));
    if (aliasProblem(alias) !== undefined) return [];
    if (answers['move-alias'] === true)
      return [
        {
          says: 'See which key has the alias',
          shell: awsCommand(facts, services, 'kms describe-key', { 'key-id': alias }),
        },
      ];
    const findAliasCommand = awsCommand(facts, services, 'kms list-aliases', {
      query: `Aliases[?AliasName=='${alias}'].AliasArn`,
      output: 'text',
    });
    return [{ says: 'Fails where the alias is taken', shell: `test -z "$(${findAliasCommand})"` }];
  },

  async act({ answers, services }) {
    const alias = withAliasPrefix(String(answers.alias));
    services.folder.rename(folderName(alias));
    const aliasFrom = answers['move-alias'] === true ? services.session.knownAliases.ownerOf(alias)?.keyId : undefined;
    return {
      description: {
        alias,
        description: String(answers.description),
        acknowledged: true,
        tags: tagsOf(answers.tags),
        multiRegion: answers['multi-region'] === true,
        ...(aliasFrom === undefined ? {} : { aliasFrom }),
      },
    };
  },

  // A person who comes back to this step is asked again only from its last question on, and KMS is not asked about the alias. So
  // this notes again which key had it.
  async restore({ facts, services }) {
    const { alias, aliasFrom } = need(facts, 'description');
    if (aliasFrom !== undefined)
      services.session.knownAliases.note(alias, { keyId: aliasFrom, about: 'as KMS said before' });
  },

  foresee({ answers }) {
    const alias = withAliasPrefix(String(answers.alias ?? 'key'));
    return {
      description: {
        alias,
        description: '',
        acknowledged: true,
        tags: tagsOf(answers.tags),
        multiRegion: answers['multi-region'] === true,
      },
    };
  },

  receipt(facts) {
    const { alias, tags = [], multiRegion, aliasFrom } = need(facts, 'description');
    const more = [
      ...(aliasFrom === undefined ? [] : [`to be moved from key ${aliasFrom}`]),
      ...(tags.length === 0 ? [] : [tags.length === 1 ? '1 tag' : `${tags.length} tags`]),
      ...(multiRegion === true ? ['multi-Region'] : []),
    ];
    return `Described: ${[alias, ...more].join(', ')}`;
  },
};

/** Reads the answer to the question for tags. */
function tagsOf(answer: Answer | undefined): readonly Tag[] {
  return Array.isArray(answer) ? answer.map(readTag) : [];
}

/**
 * Says the length and the check value of the secret that the step before has made or read. For a key that is kept elsewhere, says
 * what its keeper stated. For a secret that was only in the memory of an earlier run, says that it was lost. Gives an empty text
 * when there is no secret yet.
 */
function secretWords(facts: Facts, services: Services): string {
  const { secret } = facts;
  if (secret === undefined) return '';
  if (secret.origin === 'elsewhere')
    return `Your secret: with ${secret.keeper}, not here; ${statedCheckValueText(secret)}.\n`;
  return isKeyLost(facts, services)
    ? lostKeyWords
    : `Your secret: ${secret.bytes} bytes, ${checkValueText(secret)}. You can recognise it by that value.\n`;
}
