import { findPrincipal, listPrincipals, principalName } from '../aws/identity.ts';
import { buildKeyPolicy } from '../aws/key-policy.ts';
import { findPrincipalProblem } from '../aws/policy-lint.ts';
import type { Answer, Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { need } from './facts.ts';
import { callerTestWords, testCaller } from './permission-check.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Asks who may administer and who may use the key, and tests what the caller may do. */
export const permissions: KeyferryStep = {
  id: 'permissions',
  asks: ['administrators', 'administrators-may-delete', 'users'],
  needs: ['connection', 'description'],
  provides: ['people'],
  title: 'Permissions',
  done: 'People chosen',
  place: 'you',
  lasting: false,
  why: 'Administrators look after the key; users encrypt and decrypt with it. A careful set-up keeps the two apart.',
  goesWrong: [
    '"Policy contains a statement with one or more invalid principals": a user or role does not exist, or is too new.',
    'A session of an assumed role was named. Sessions end; the policy must name the role.',
  ],

  questions({ facts, services }) {
    const { principalArn, accountId, partition } = need(facts, 'connection');
    const principalsQuestion = {
      kind: 'many',
      form: 'ARNs of IAM users and roles, such as arn:aws:iam::111122223333:role/SecurityAdmin',
      options: () => principalOptions(services, principalArn),
      default: principalArn.endsWith(':root') ? [] : [principalArn],
      typed: 'ARN of a user or role',
      least: 0,
      check: findPrincipalProblem,
      verify: (answer: Answer) => unknownPrincipal(services, answer as readonly string[], { accountId, partition }),
    } as const;
    const questions: Question[] = [
      {
        ...principalsQuestion,
        id: 'administrators',
        ask: 'Who may administer the key?',
        label: 'Administrators',
        help: 'Administrators can change the policy, and import and delete material: the bytes of your key. They cannot use the key unless you say so next.',
      },
      {
        kind: 'confirm',
        id: 'administrators-may-delete',
        ask: 'Administrators may also delete this key.',
        label: 'Deletion',
        form: 'true or false',
        default: false,
        help: 'A deleted key cannot come back, even with your secret: what it encrypted is lost. The account itself can always do it. Without a tick, Enter means no.',
      },
      {
        ...principalsQuestion,
        id: 'users',
        ask: 'Who may use the key?',
        label: 'Users',
        help: 'Users encrypt and decrypt, and upload to S3 under the key. Include yourself to upload at the end of this ceremony.',
      },
    ];
    return questions;
  },

  commands({ facts, services }) {
    const list = (call: string, query: string) => awsCommand(facts, services, call, { query, output: 'text' });
    return [
      { says: 'The roles of the account', shell: list('iam list-roles', 'Roles[].Arn') },
      { says: 'The users of the account', shell: list('iam list-users', 'Users[].Arn') },
    ];
  },

  async act({ facts, answers, services, report, signal }) {
    const people = {
      administrators: answers.administrators as readonly string[],
      users: answers.users as readonly string[],
      administratorsMayDelete: answers['administrators-may-delete'] === true,
    };
    report({ id: 'test', label: 'Asking IAM what you may do yourself', state: 'working' });
    const policy = buildKeyPolicy({ ...need(facts, 'connection'), ...people });
    const test = await testCaller(facts, services, policy, signal);
    report({ id: 'test', label: callerTestWords(facts, test).join(' '), state: 'done' });
    return { people: { ...people, test } };
  },

  foresee({ answers }) {
    const listOf = (answer: Answer | undefined) => (Array.isArray(answer) ? (answer as readonly string[]) : []);
    return {
      people: {
        administrators: listOf(answers.administrators),
        users: listOf(answers.users),
        administratorsMayDelete: answers['administrators-may-delete'] === true,
      },
    };
  },

  receipt(facts) {
    const { administrators, users } = need(facts, 'people');
    return `People chosen: administered by ${nameList(administrators)}, used by ${nameList(users)}`;
  },
};

/** Names at most three principals, and counts the others. */
function nameList(arns: readonly string[]): string {
  if (arns.length === 0) return 'the account root alone';
  const shown = arns.slice(0, 3).map(principalName).join(', ');
  return arns.length > 3 ? `${shown} and ${arns.length - 3} more` : shown;
}

/**
 * Gives the users and roles of the account as options, page by page. The caller comes first, because the caller is chosen at
 * the beginning. @param you the principal ARN of the caller.
 */
async function* principalOptions({ session }: Services, you: string) {
  // `principalName` gives `role NAME`, `user NAME` or `account root`. The root is no user or role.
  const [kind = '', name = ''] = principalName(you).split(' ');
  if (kind !== 'account')
    yield [{ value: you, label: `${kind}  ${name}`, hint: kind === 'role' ? 'you are in it' : 'you' }];
  for await (const page of listPrincipals(session.clients)) {
    yield page
      .filter(({ arn }) => arn !== you)
      .map(({ arn, kind, name, path }) => ({
        value: arn,
        label: `${kind}  ${name}`,
        ...(path === '/' ? {} : { hint: path }),
      }));
  }
}

/**
 * Says which of the chosen principals does not exist or is of another partition of AWS; `undefined` when all are good. Does
 * not look up principals of other accounts, because IAM tells only about the own account.
 */
async function unknownPrincipal(
  { session }: Services,
  arns: readonly string[],
  { accountId, partition }: { accountId: string; partition: string },
): Promise<string | undefined> {
  // An ARN is `arn:PARTITION:iam::ACCOUNT:...`.
  const foreign = arns.find((arn) => arn.split(':')[1] !== partition);
  if (foreign !== undefined) return `${foreign} is not of ${partition}, the part of AWS in which this account is.`;
  const own = arns.filter((arn) => arn.split(':')[4] === accountId && !arn.endsWith(':root'));
  const lookups = await Promise.all(
    own.map(async (arn) => ({ arn, state: await findPrincipal(session.clients, arn) })),
  );
  const absent = lookups.find(({ state }) => state === 'absent');
  return absent === undefined
    ? undefined
    : `${absent.arn} does not exist in this account. KMS would refuse the policy.`;
}
