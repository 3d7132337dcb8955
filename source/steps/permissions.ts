import { buildKeyPolicy, type PolicyKind } from '../aws/key-policy.ts';
import { findPrincipalProblem } from '../aws/policy-lint.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Connection, need, type People } from './facts.ts';
import { callerName, includesCaller, listPrincipals } from './own-principal.ts';
import { principalOptions, verifyPeople } from './people-of-account.ts';
import { peopleWords } from './people-words.ts';
import { callerTestWords, testCaller } from './permission-check.ts';
import { policyChoicesOf } from './policy-choices.ts';
import { kindQuestion, leftOutWords } from './policy-kind.ts';
import type { KeyferryStep, Services } from './services.ts';

// Pages: KMS developer guide, "Key policies in AWS KMS"; IAM user guide, "AWS JSON policy elements: Principal".

/** Asks who may administer and who may use the key, and tests what the caller may do. */
export const permissions: KeyferryStep = {
  id: 'permissions',
  asks: ['policy', 'administrators', 'importers', 'administrators-may-delete', 'users', 'whole-accounts'],
  mayLeaveQuestionsUnasked: true,
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

  questions({ facts, answers, services }) {
    const connection = need(facts, 'connection');
    const aboutPeople = (help: string) => questionAboutPeople(connection, services, help);
    const isStrict = answers.policy === 'strict';
    const leftOut = leftOutWords(answers, connection);
    const words = peopleWords[isStrict ? 'strict' : 'console'];
    return [
      kindQuestion(connection),
      { ...words.administrators, ...aboutPeople(words.administrators.help), id: 'administrators' },
      ...(isStrict ? [importersQuestion(connection, services, leftOut)] : []),
      {
        kind: 'confirm',
        id: 'administrators-may-delete',
        ask: words.deletion.ask,
        label: 'Deletion',
        form: 'true or false',
        default: false,
        // With a strict policy, the question before this one says who is left out.
        help: isStrict ? words.deletion.help : `${leftOut}${words.deletion.help}`,
      },
      { ...aboutPeople(words.usersHelp), id: 'users', ask: 'Who may use the key?', label: 'Users' },
      ...wholeAccountsQuestion(answers, connection),
    ];
  },

  commands({ facts, services }) {
    const list = (call: string, query: string) => awsCommand(facts, services, call, { query, output: 'text' });
    return [
      { says: 'The roles of the account', shell: list('iam list-roles', 'Roles[].Arn') },
      { says: 'The users of the account', shell: list('iam list-users', 'Users[].Arn') },
    ];
  },

  async act({ facts, answers, services, report, signal }) {
    const people = peopleOf(answers, need(facts, 'connection'));
    const leftOut = leftOutWords(answers, need(facts, 'connection')).trimEnd();
    if (leftOut !== '') report({ id: 'left-out', label: leftOut, state: 'done' });
    report({ id: 'test', label: 'Asking IAM what you may do yourself', state: 'working' });
    const policy = buildKeyPolicy(policyChoicesOf(facts, people));
    const test = await testCaller(facts, services, policy, signal);
    report({ id: 'test', label: callerTestWords(facts, test).join(' '), state: 'done' });
    return { people: { ...people, test } };
  },

  foresee: ({ facts, answers }) => ({ people: peopleOf(answers, need(facts, 'connection')) }),

  receipt(facts) {
    const { administrators, users, importers, policyKind } = need(facts, 'people');
    const listOrNobody = (arns: readonly string[]) => listPrincipals(arns, { none: 'nobody' });
    if (policyKind === 'strict')
      return `People chosen: in the care of ${listOrNobody(administrators)}, imported by ${listOrNobody(importers ?? [])}, used through S3 by ${listOrNobody(users)}`;
    return `People chosen: administered by ${listPrincipals(administrators)}, used by ${listPrincipals(users)}`;
  },
};

/**
 * Gives what every question about people has. The caller is chosen at the beginning; nobody is when the caller is the account root.
 * While the caller's own ARN is unknown, the question has no default.
 * @param help what is special to the question.
 */
function questionAboutPeople(connection: Connection, services: Services, help: string) {
  const { principalArn, partition, unconfirmed } = connection;
  const form = `ARNs of IAM users and roles, such as arn:${partition}:iam::111122223333:role/SecurityAdmin`;
  const nobodyNote = unconfirmed?.is === 'unknown' ? nobodyWords(connection, unconfirmed.why) : undefined;
  const callerOrNobody = principalArn.endsWith(':root') ? [] : [principalArn];
  return {
    kind: 'many',
    form: nobodyNote === undefined ? form : `${form}, or [] for the account root alone: ${unconfirmed?.why}`,
    options: () => principalOptions(services, connection),
    ...(nobodyNote === undefined ? { default: callerOrNobody } : {}),
    typed: 'ARN of a user or role',
    least: 0,
    check: (arn: string) => findPrincipalProblem(arn, partition),
    verify: (answer: Answer) => verifyPeople(services, answer as readonly string[], connection),
    help: [...(nobodyNote === undefined ? [] : [nobodyNote]), help, hiddenRoles].join('\n'),
  } as const;
}

/** Asks who may import into the key. The caller must be among them. @param leftOut see {@link leftOutWords}. */
function importersQuestion(connection: Connection, services: Services, leftOut: string): Question {
  const aboutPeople = questionAboutPeople(
    connection,
    services,
    `${leftOut}Importers bring the material, and bring it back. They can use the key in the proof of this ceremony alone. You are one of them.`,
  );
  return {
    ...aboutPeople,
    id: 'importers',
    ask: 'Who may import into the key?',
    label: 'Importers',
    verify: async (answer: Answer) => {
      const arns = answer as readonly string[];
      return includesCaller(arns, connection)
        ? aboutPeople.verify(arns)
        : `You import at the end of this ceremony, so that you must be among them: ${callerName(connection)}.`;
    },
  };
}

/** Service-linked roles are not among the options. EC2 Auto Scaling needs its own for encrypted volumes. */
const hiddenRoles = 'Service-linked roles are hidden: type the ARN of one.';

/** Says what it means to choose nobody, when Keyferry does not know the caller's own ARN. @param why without a full stop. */
function nobodyWords(connection: Connection, why: string): string {
  return `Nobody is chosen, because the ARN of ${callerName(connection)}, who you are, is not known: ${why}. Choose or type somebody. With nobody, the IAM policies of the account alone decide who may do what.`;
}

/**
 * Gives the people as facts: the digits of an account become the ARN of its root, as KMS reads them, and nobody is named
 * twice. Only a strict policy has importers.
 */
function peopleOf(answers: Answers, { partition }: Connection): Omit<People, 'test'> {
  const listOf = (answer: Answer | undefined) => (Array.isArray(answer) ? (answer as readonly string[]) : []);
  const arnOf = (text: string) => (/^\d{12}$/.test(text) ? `arn:${partition}:iam::${text}:root` : text);
  const arnsOf = (answer: Answer | undefined) => [...new Set(listOf(answer).map(arnOf))];
  const policyKind: PolicyKind = answers.policy === 'strict' ? 'strict' : 'console';
  return {
    administrators: arnsOf(answers.administrators),
    users: arnsOf(answers.users),
    administratorsMayDelete: answers['administrators-may-delete'] === true,
    policyKind,
    ...(policyKind === 'strict' ? { importers: arnsOf(answers.importers) } : {}),
  };
}

/**
 * Asks about other whole accounts among the people, when there are any: KMS takes them, and they let in more people than a person
 * may think. Does not ask about the person's own account, which is in every policy of Keyferry.
 */
function wholeAccountsQuestion(answers: Answers, connection: Connection): readonly Question[] {
  // Without a connection, nobody knows which account is the person's own.
  if (connection.callerArn === '') return [];
  const { administrators, users, importers = [] } = peopleOf(answers, connection);
  const isForeignRoot = (arn: string) => arn.endsWith(':root') && arn.split(':')[4] !== connection.accountId;
  const accounts = [
    ...new Set([...administrators, ...importers, ...users].filter(isForeignRoot).map((arn) => arn.split(':')[4])),
  ];
  if (accounts.length === 0) return [];
  const those = accounts.length === 1 ? `account ${accounts[0]}` : `the accounts ${accounts.join(', ')}`;
  return [
    {
      kind: 'confirm',
      id: 'whole-accounts',
      asked: 'always',
      ask: `Let in ${those} as a whole.`,
      label: 'Whole accounts',
      form: 'true',
      mustTick: true,
      help: 'The root of an account in a key policy means: its administrators decide, by IAM alone and without you, which of their users and roles do what you allow here. To let in one of them only, go back and name that user or role.',
    },
  ];
}
