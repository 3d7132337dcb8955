import { isRefusal } from '../aws/eventual-consistency.ts';
import { findAlias, describeKey as readKey } from '../aws/kms.ts';
import type { ConfirmQuestion } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { folderName } from './file-names.ts';
import { outcomeOf } from './past.ts';
import { checkValueText, statedCheckValueText } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { isKeyLost, lostKeyWords } from './with-key.ts';

/** In characters, with `alias/`. KMS API reference, CreateAlias, AliasName. */
const longestAlias = 256;
/** In characters. KMS API reference, CreateKey, Description. */
const longestDescription = 8192;
const aliasPattern = /^alias\/[a-zA-Z0-9:/_-]{1,250}$/;

/** Asks a person to tick the sentence that the AWS console shows for a key with imported material. Nobody goes on without. */
export const acknowledgeQuestion: ConfirmQuestion = {
  kind: 'confirm',
  id: 'acknowledge',
  ask: 'I understand the security, availability and durability implications of using an imported key.',
  label: 'Acknowledged',
  form: 'true, ticked by a person',
  mustTick: true,
  help: 'With an imported key, you are the only backup.\nAWS keeps a working copy, but if that is deleted or expires, only your copy can bring it back. Without it, all that was encrypted is lost.',
};

/** Asks for the alias and the description of the key. Makes nothing in AWS yet. */
export const describeKey: KeyferryStep = {
  id: 'describe-key',
  asks: ['alias', 'description', 'acknowledge'],
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

  questions({ facts, services }) {
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
        notice: (text) => (text.trim() === '' ? undefined : withAliasPrefix(text)),
        verify: (answer) => whoHasAlias(services, withAliasPrefix(String(answer))),
        help: `${secretWords(facts, services)}The alias can be moved to another key later. It is not secret.`,
      },
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
      acknowledgeQuestion,
    ];
  },

  commands({ facts, answers, services }) {
    const alias = withAliasPrefix(String(answers.alias ?? ''));
    if (aliasProblem(alias) !== undefined) return [];
    const findAliasCommand = awsCommand(facts, services, 'kms list-aliases', {
      query: `Aliases[?AliasName=='${alias}'].AliasArn`,
      output: 'text',
    });
    return [{ says: 'Fails where the alias is taken', shell: `test -z "$(${findAliasCommand})"` }];
  },

  async act({ answers, services }) {
    const alias = withAliasPrefix(String(answers.alias));
    services.folder.rename(folderName(alias));
    return { description: { alias, description: String(answers.description), acknowledged: true } };
  },

  foresee({ answers }) {
    return {
      description: { alias: withAliasPrefix(String(answers.alias ?? 'key')), description: '', acknowledged: true },
    };
  },

  receipt(facts) {
    return `Described: ${need(facts, 'description').alias}`;
  },
};

/**
 * Says the length and the check value of the secret that the step before has made or read; of a key elsewhere, what was stated. When this secret was only in the
 * memory of an earlier run, says instead that it was lost.
 */
function secretWords(facts: Facts, services: Services): string {
  const { secret } = facts;
  if (secret === undefined) return '';
  if (secret.origin === 'elsewhere')
    return `Your secret: with ${secret.keeper}, not here; ${statedCheckValueText(secret)}.\n`;
  return isKeyLost(facts, services)
    ? lostKeyWords
    : `Your secret: ${secret.bytes} bytes, ${checkValueText(secret)}. You can recognise it by that value, which is not secret.\n`;
}

/** Adds `alias/` when it is missing: people type `payments`, and KMS requires `alias/payments`. */
export function withAliasPrefix(text: string): string {
  const name = text.trim();
  return name.startsWith('alias/') ? name : `alias/${name}`;
}

/** Says why KMS would refuse this alias; `undefined` when its form is right. */
function aliasProblem(alias: string): string | undefined {
  if (alias === 'alias/') return 'Type a name for the key.';
  if (alias.startsWith('alias/aws/'))
    return "Aliases that begin with alias/aws/ are AWS's own. Choose another beginning.";
  if (alias.length > longestAlias)
    return `An alias has at most ${longestAlias} characters; this one has ${alias.length}.`;
  return aliasPattern.test(alias) ? undefined : 'An alias has letters, digits, / _ : and - only, and no spaces.';
}

/**
 * Says which key already has this alias. Returns `undefined` when the alias is free, when this ceremony itself has begun to
 * create it, or when the caller may not list aliases. In the last case only CreateAlias shows whether the alias is free.
 */
async function whoHasAlias({ session, journal }: Services, alias: string): Promise<string | undefined> {
  if (outcomeOf({ journal }, 'policy', 'create-alias') !== undefined) return undefined;
  try {
    const owner = await findAlias(session.clients.kms, alias);
    if (owner === undefined) return undefined;
    const { region, kms } = session.clients;
    // AWS reserves some aliases for keys of its own. Such an alias points to no key.
    if (owner.keyId === undefined) return `${alias} is reserved in ${region}. Choose another.`;
    const about = await aboutKey(kms, owner.keyId);
    return `${alias} is taken in ${region}: it points to key ${owner.keyId}${about}. Choose another.`;
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

/**
 * Says more about the key that has the alias, as an addition to a sentence. Gives an empty text when there is nothing to say
 * or the caller may not call DescribeKey. A key that waits for its deletion keeps its aliases until it is deleted.
 */
async function aboutKey(kms: Services['session']['clients']['kms'], keyId: string): Promise<string> {
  try {
    const { KeyState, DeletionDate, Description } = await readKey(kms, keyId);
    if (KeyState === 'PendingDeletion' && DeletionDate !== undefined)
      return `, which is to be deleted on ${utc(DeletionDate)} and keeps the alias until then`;
    if (KeyState === 'PendingImport') return ', which waits for its material, perhaps from an earlier try';
    // The sentence has room for the beginning of a description.
    return Description ? `, "${Description.slice(0, 60)}"` : '';
  } catch (error) {
    if (isRefusal(error)) return '';
    throw error;
  }
}
