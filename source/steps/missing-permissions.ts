import { principalName } from '../aws/identity.ts';
import type { KeyPolicy } from '../aws/key-policy.ts';
import type { PermissionTest } from '../aws/permission-check.ts';
import { decidedBy, type MissingPermission } from '../aws/permission-judgement.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Option, Question } from '../ceremony/question.ts';
import { type Facts, need } from './facts.ts';
import { neededJson, testCaller } from './permission-check.ts';
import { actionsOf, missingForKms, missingWords } from './permission-words.ts';
import type { Services } from './services.ts';

// Pages: IAM user guide, "Policy evaluation logic".

/** The file name of the policy with the missing permissions, which an administrator can attach. */
const neededPolicyFile = 'needed-permissions.json';

/**
 * Builds the question whether to make the key although permissions are missing by IAM's test. The test can be wrong, so the
 * person may go on. When the person does not tick that, the answer starts the test again, and the ceremony stops here if
 * something is still missing. Gives no question when IAM's test found no permission for KMS missing, or could not be made. During
 * the rehearsal of an answers file there is no test yet, so the question is asked.
 * @param keyPolicy the key policy that the key will have.
 */
export function despiteMissingQuestions(
  facts: Facts,
  services: Services,
  keyPolicy: KeyPolicy,
): readonly Extract<Question, { kind: 'confirm' }>[] {
  const { test } = need(facts, 'people');
  const missing = test === undefined ? [] : missingForKms(test);
  if (test !== undefined && missing.length === 0) return [];
  return [
    {
      kind: 'confirm',
      id: 'despite-missing-permissions',
      asked: 'always',
      ask: 'Try it all the same.',
      label: 'Try it all the same',
      form: 'true or false',
      default: false,
      verify: async (answer) => {
        // Somebody may have added the permissions since the last test.
        if (answer !== true) refuseMissing(facts, services, await testCaller(facts, services, keyPolicy));
        return undefined;
      },
      help: [
        ...missingWords(missing),
        'The test can be wrong: it does not see everything, and the call itself decides. If AWS refuses a call after CreateKey, the key exists already; you go on with it once the call is allowed.',
        'Without a tick, Enter tests again.',
      ].join('\n'),
    },
  ];
}

/**
 * Refuses to go on while a KMS permission is missing by IAM's test. Saves an IAM policy with the missing permissions, without those
 * that no IAM policy can give.
 * @throws ProblemError when a KMS permission is missing. The problem says what decided that, and who can help.
 */
function refuseMissing(facts: Facts, services: Services, test: PermissionTest): void {
  const missing = missingForKms(test);
  if (missing.length === 0) return;
  const policy = neededJson(facts, test);
  if (policy !== undefined) services.folder.replace(neededPolicyFile, policy);
  throw new ProblemError({
    kind: 'refused',
    what: 'The key is not made yet: permissions are missing.',
    why: `You are ${principalName(need(facts, 'connection').principalArn)}. ${missingWords(missing).join(' ')}`,
    state: 'Nothing was made in AWS.',
    next: [
      ...(policy === undefined
        ? []
        : [`Have the policy in ${services.folder.shown}/${neededPolicyFile} attached, then try again.`]),
      ...helpersWords(missing),
      'To try it all the same, tick that (policy.despite-missing-permissions: true in an answers file).',
    ],
  });
}

/** Says who can help when an IAM policy denies a permission, or a permissions boundary does not allow it. */
function helpersWords(missing: readonly MissingPermission[]): readonly string[] {
  const denied = missing.filter((permission) => decidedBy(permission) === 'explicit deny');
  const beyond = missing.filter((permission) => decidedBy(permission) === 'boundary');
  return [
    ...(denied.length === 0
      ? []
      : [`Nothing outweighs a denial: an administrator of IAM has to take ${actionsOf(denied)} out of that policy.`]),
    ...(beyond.length === 0
      ? []
      : [`No policy outweighs a boundary: an administrator of IAM has to let ${actionsOf(beyond)} through it.`]),
  ];
}

/** Gives the option that shows an IAM policy with the missing permissions; none when no IAM policy can give any of them. */
export function neededOption(facts: Facts): readonly Option[] {
  const { test } = need(facts, 'people');
  const text = test === undefined ? undefined : neededJson(facts, test);
  if (text === undefined) return [];
  const panel = { title: 'What you lack, as an IAM policy', lines: text.trimEnd().split('\n') };
  return [{ value: 'needed', label: 'Show what you lack, as a policy', leads: { action: 'panel', panel } }];
}
